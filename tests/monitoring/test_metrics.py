"""Prometheus metrics: off by default, behind a token where one is set, by route names, without anything of a mover."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.config.installation import shared_counts_folder
from renrakucho.faces.monitoring.metrics_page import RequestMetricsMiddleware, metrics_page
from renrakucho.faces.monitoring.urls import metrics_urls
from renrakucho.monitoring.worker_heartbeat import record_heartbeat
from renrakucho.notice.models import Notice
from tests.delivery.cast import FakeChannel, deliver, entered


def scraped(**headers: str) -> HttpResponse:
    return metrics_page(RequestFactory().get("/metrics", headers=headers))


def text() -> str:
    return scraped().content.decode()


def test_they_are_off_by_default_and_at_the_address_that_is_set(settings: Any) -> None:
    assert metrics_urls() == []
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_PATH = "internal/metrics"
    assert [str(url.pattern) for url in metrics_urls()] == ["internal/metrics"]


@pytest.mark.django_db
def test_a_token_is_asked_for_where_one_is_set(settings: Any) -> None:
    settings.METRICS_TOKEN = "t0ken"
    assert scraped().status_code == 401
    assert scraped(authorization="Bearer other").status_code == 401
    assert scraped(authorization="Bearer t0ken").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
def test_a_lane_is_shown_with_what_is_due_and_how_old_it_is() -> None:
    notice = entered()
    Notice.objects.filter(id=notice.id).update(due_at=timezone.now() - timedelta(seconds=90))
    lines = text().splitlines()
    lane = '{channel="inbox",provider="akishima-water"}'
    assert f"renrakucho_notices_due{lane} 1.0" in lines
    assert f"renrakucho_lane_stands_still{lane} 1.0" in lines
    [age] = [line for line in lines if line.startswith(f"renrakucho_oldest_due_seconds{lane}")]
    assert 90 <= float(age.rpartition(" ")[2]) < 100


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
def test_attempts_are_counted_by_outcome_and_nothing_of_the_mover_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(monkeypatch, FakeChannel(OutcomeKind.UNKNOWN, OutcomeKind.SENT), rounds=2)
    shown = text()
    for outcome in ("unknown", "sent"):
        labels = f'channel="inbox",outcome="{outcome}",provider="akishima-water"'
        assert f"renrakucho_attempts_last_hour{{{labels}}} 1.0" in shown
    for personal in ("髙﨑", "太郎", "taro@", "3515", "昭和町"):
        assert personal not in shown


@pytest.mark.django_db
def test_without_a_worker_the_metrics_say_so_and_with_one_they_say_that() -> None:
    assert "renrakucho_workers_alive 0.0" in text()
    assert 'renrakucho_check{check="workers"} 3.0' in text()
    record_heartbeat("host:1", timezone.now(), {})
    assert "renrakucho_workers_alive 1.0" in text()
    assert 'renrakucho_check{check="workers"} 0.0' in text()


@pytest.mark.django_db
def test_a_request_is_counted_by_the_name_of_its_route_and_never_by_its_path() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=404)

    RequestMetricsMiddleware(answer)(RequestFactory().get("/a/SECRET-CODE-77"))
    RequestMetricsMiddleware(answer)(RequestFactory().generic("TARO", "/search?q=1020084"))
    shown = text()
    assert 'renrakucho_request_seconds_count{method="GET",route="none",status="404"}' in shown
    assert 'renrakucho_request_seconds_count{method="other",route="none",status="404"}' in shown
    assert "SECRET" not in shown
    assert "TARO" not in shown


def test_the_counts_of_servers_that_are_gone_are_removed(tmp_path: Path) -> None:
    gone = tmp_path / "4194305"  # no process has so high a number
    gone.mkdir()
    folder = shared_counts_folder(tmp_path)
    assert folder.name == str(os.getppid())
    assert folder.exists()
    assert not gone.exists()
