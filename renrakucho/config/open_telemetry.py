"""Tracer of OpenTelemetry: spans and their durations go to a collector by OTLP over HTTP.

Endpoint, headers, time-outs and sampling are those of OpenTelemetry's own variables (OTEL_…). Spans wait in memory and
leave from a thread of the exporter; where the collector is away they are dropped. A trace begins here: what a client
sends as `traceparent` is not taken over, and nothing of a trace is sent to providers.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from renrakucho.lib.tracing import AttributeValues, Span, SpanAttribute, SpanKind

_SCOPE = "renrakucho"
_KINDS = {
    SpanKind.SERVER: trace.SpanKind.SERVER,
    SpanKind.CLIENT: trace.SpanKind.CLIENT,
    SpanKind.INTERNAL: trace.SpanKind.INTERNAL,
}
_DURATIONS = {
    SpanKind.SERVER: "http.server.request.duration",
    SpanKind.CLIENT: "http.client.request.duration",
    SpanKind.INTERNAL: "renrakucho.work.duration",
}
_ONE_EACH = {SpanAttribute.NOTICE, SpanAttribute.ATTEMPT}  # too many values for a metric


class _RecordedSpan:
    """A span of OpenTelemetry, and the attributes of its duration."""

    def __init__(self, span: trace.Span, attributes: AttributeValues) -> None:
        self._span = span
        self.measured: dict[str, str | int] = {}
        self.describe(attributes)

    def describe(self, attributes: AttributeValues, *, name: str = "") -> None:
        if name:
            self._span.update_name(name)
        for attribute, value in attributes.items():
            self._span.set_attribute(SpanAttribute(attribute), value)
            if attribute == SpanAttribute.ERROR:
                self._span.set_status(trace.StatusCode.ERROR)
            if attribute not in _ONE_EACH:
                self.measured[attribute.value] = value


class OpenTelemetryTracer:
    """Makes spans that are exported, and a histogram of their durations in seconds."""

    def __init__(self, service: str) -> None:
        resource = Resource.create({} if "OTEL_SERVICE_NAME" in os.environ else {SERVICE_NAME: service})
        self._spans = TracerProvider(resource=resource)
        self._spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())], resource)
        meter = self._meters.get_meter(_SCOPE)
        self._durations = {kind: meter.create_histogram(name, "s") for kind, name in _DURATIONS.items()}
        self._tracer = self._spans.get_tracer(_SCOPE)

    @contextmanager
    def start_span(self, name: str, kind: SpanKind, attributes: AttributeValues) -> Iterator[Span]:
        """A span that ends with the block."""
        began = time.perf_counter()
        # An exception's message may quote what somebody typed: its type is enough.
        with self._tracer.start_as_current_span(
            name, kind=_KINDS[kind], record_exception=False, set_status_on_exception=False
        ) as made:
            span = _RecordedSpan(made, attributes)
            try:
                yield span
            except BaseException as error:
                span.describe({SpanAttribute.ERROR: type(error).__qualname__})
                raise
            finally:
                self._durations[kind].record(time.perf_counter() - began, span.measured)

    def flush(self) -> bool:
        """Export what waits. Returns whether all of it was taken in time."""
        return bool(self._spans.force_flush()) and self._meters.force_flush()

    def close(self) -> None:
        """Export what waits once more, and end the threads."""
        self._spans.shutdown()
        self._meters.shutdown()
