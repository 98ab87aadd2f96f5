"""OpenTelemetry: spans reach a real collector, say nothing of a mover, and neither slow nor break anything."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from renrakucho.config.open_telemetry import OpenTelemetryTracer
from renrakucho.delivery.deliver_mail import send_due_mails
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.lib.safe_http import NoHttpResponse, parse_networks, safe_request
from renrakucho.lib.tracing import NO_TRACER, SpanAttribute, SpanKind, install_named_tracer, install_tracer, trace_span
from tests.delivery.cast import entered
from tests.listener import Listener, Reply, listening
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
CANARY = "勅使河原"
MIDDLEWARE = "renrakucho.page.request_span.RequestSpanMiddleware"


@pytest.fixture
def collector() -> Iterator[Listener]:
    """A collector that takes everything."""
    with listening() as made:
        yield made


@pytest.fixture
def tracer(collector: Listener, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[OpenTelemetryTracer]:
    """The tracer of a portal and a worker in this process, installed."""
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    with installed(monkeypatch, f"http://127.0.0.1:{collector.port}") as made:
        yield made


class installed:
    """Installs a tracer that exports to this address, until the block ends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
        self._tracer = OpenTelemetryTracer("renrakucho-test")

    def __enter__(self) -> OpenTelemetryTracer:
        install_tracer(self._tracer)
        return self._tracer

    def __exit__(self, *reason: object) -> None:
        install_tracer(NO_TRACER)
        self._tracer.close()


def spans_at(collector: Listener) -> list[Span]:
    """What the collector has of spans, by OpenTelemetry's own definition of the message."""
    bodies = [each.body for each in collector.received if each.path == "/v1/traces"]
    found = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    return [
        span
        for request in found
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def attributes_of(span: Span) -> dict[str, object]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value") or "") for each in span.attributes}


@pytest.mark.django_db
def test_a_request_is_a_span_by_its_route_and_not_by_its_path(tracer: OpenTelemetryTracer, collector: Listener) -> None:
    Client().get(f"/figures/{CANARY}?name={CANARY}", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    Client().get(f"/desk/login?next={CANARY}")
    assert tracer.flush()
    missing, login = spans_at(collector)
    assert (missing.name, login.name) == ("GET none", "GET desk:login")
    assert attributes_of(login) == {
        "http.request.method": "GET",
        "http.route": "desk:login",
        "http.response.status_code": 200,
    }
    assert login.kind == Span.SPAN_KIND_SERVER
    assert "a" * 32 not in {missing.trace_id.hex(), login.trace_id.hex()}  # a stranger's trace is not taken over
    assert not any(CANARY.encode() in each.body for each in collector.received)


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
def test_a_delivery_and_its_mails_are_spans(tracer: OpenTelemetryTracer, collector: Listener) -> None:
    notice = entered()
    deliver_due_notices("test")
    send_due_mails("test")
    assert tracer.flush()
    delivery, *mails = spans_at(collector)
    assert delivery.name == "deliver notice"
    assert attributes_of(delivery) == {
        "renrakucho.notice": str(notice.id),
        "renrakucho.provider": notice.provider,
        "renrakucho.channel": notice.channel,
        "renrakucho.attempt": 1,
        "renrakucho.withdrawal": False,
        "renrakucho.outcome": "sent",
    }
    assert {mail.name for mail in mails} == {"send mail"}
    assert not any(attributes_of(mail) for mail in mails)


def test_a_request_to_another_machine_names_its_host_alone(tracer: OpenTelemetryTracer, collector: Listener) -> None:
    named = parse_networks(["127.0.0.0/8"])
    with listening() as provider:
        safe_request(provider.url(), b"{}", {}, named=named)
        provider.reply = lambda _: Reply(raw=b"HTTP/1.1 2")
        with pytest.raises(NoHttpResponse):
            safe_request(provider.url(), b"{}", {}, named=named)
    assert not any("traceparent" in each.headers for each in provider.received)
    assert tracer.flush()
    good, broken = spans_at(collector)
    host = {
        "http.request.method": "POST",
        "url.scheme": "http",
        "server.address": "127.0.0.1",
        "server.port": provider.port,
    }
    assert attributes_of(good) == {**host, "http.response.status_code": 204}
    assert attributes_of(broken) == {**host, "error.type": "NoHttpResponse"}
    assert broken.status.code == Status.STATUS_CODE_ERROR


def fail_within_span() -> None:
    with pytest.raises(ValueError, match=CANARY), trace_span("work", SpanKind.INTERNAL, {}):
        raise ValueError(CANARY)


def test_an_exception_is_named_by_its_type_alone(tracer: OpenTelemetryTracer, collector: Listener) -> None:
    fail_within_span()
    assert tracer.flush()
    [span] = spans_at(collector)
    assert attributes_of(span) == {"error.type": "ValueError"}
    assert not span.events
    assert not any(CANARY.encode() in each.body for each in collector.received)


def test_an_attribute_outside_the_list_is_refused(tracer: OpenTelemetryTracer) -> None:
    unlisted: Any = {"url.full": CANARY}
    with pytest.raises(ValueError, match=r"url\.full"), trace_span("work", SpanKind.INTERNAL, unlisted):
        pass


def test_durations_are_exported_without_the_notice(tracer: OpenTelemetryTracer, collector: Listener) -> None:
    with trace_span("work", SpanKind.INTERNAL, {SpanAttribute.NOTICE: "n-1", SpanAttribute.PROVIDER: "water"}):
        pass
    assert tracer.flush()
    [body] = [each.body for each in collector.received if each.path == "/v1/metrics"]
    [scope] = ExportMetricsServiceRequest.FromString(body).resource_metrics[0].scope_metrics
    [metric] = scope.metrics
    assert metric.name == "renrakucho.work.duration"
    [point] = metric.histogram.data_points
    assert (point.count, [each.key for each in point.attributes]) == (1, ["renrakucho.provider"])


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
def test_a_collector_that_hangs_or_is_away_holds_nothing_up(
    collector: Listener, monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    caplog.set_level(logging.CRITICAL, "opentelemetry")
    for endpoint in (f"http://127.0.0.1:{collector.port}", f"http://127.0.0.1:{free_port()}"):
        collector.waiting.clear()  # nothing is answered until the page and the notice are done
        with installed(monkeypatch, endpoint):
            page = Client().get("/links")
            notice = entered()
            deliver_due_notices("test")
            notice.refresh_from_db()
            assert (page.status_code, notice.status) == (200, "sent")
        collector.waiting.set()


def test_nothing_is_loaded_without_an_endpoint(tmp_path: Path) -> None:
    program = (
        "import sys, django; django.setup(); from django.conf import settings;"
        "from renrakucho.lib.tracing import install_named_tracer; install_named_tracer(settings.TRACER, 'x');"
        "import django.core.handlers.wsgi as wsgi; wsgi.WSGIHandler();"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'opentelemetry', 'requests'}))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    surrounding = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
        "RENRAKUCHO_VAR": str(tmp_path),
        "RENRAKUCHO_METRICS_PATH": "",
    }
    for endpoint, loaded in (("", "[]"), ("http://127.0.0.1:4318", "['opentelemetry', 'requests']")):
        environment = {**surrounding, **({"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint} if endpoint else {})}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == loaded


def test_a_missing_package_is_said_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    install_named_tracer("renrakucho.not_installed.Tracer", "test")
    assert "nothing is traced: the package renrakucho.not_installed is not installed" in caplog.text
    with trace_span("work", SpanKind.INTERNAL, {}) as span:
        span.describe({SpanAttribute.STATUS: 200})
