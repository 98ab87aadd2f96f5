"""Tracing: spans of requests, deliveries and requests to other machines, for the tracer that was installed.

Without one a span costs a function call. An attribute is a member of SpanAttribute, so that the list below is all that
a span can say; none of them may be a mover's, and a path or a query never is one.
"""

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from importlib import import_module
from typing import Protocol

log = logging.getLogger(__name__)


class SpanAttribute(StrEnum):
    """Attributes, by their names in OpenTelemetry's conventions where there is one. The allow-list of all spans."""

    METHOD = "http.request.method"
    ROUTE = "http.route"
    STATUS = "http.response.status_code"
    SCHEME = "url.scheme"
    SERVER = "server.address"
    PORT = "server.port"
    ERROR = "error.type"
    NOTICE = "renrakucho.notice"
    PROVIDER = "renrakucho.provider"
    CHANNEL = "renrakucho.channel"
    ATTEMPT = "renrakucho.attempt"
    WITHDRAWAL = "renrakucho.withdrawal"
    OUTCOME = "renrakucho.outcome"


class SpanKind(StrEnum):
    """A request to this portal, one from here to another machine, or work of the worker."""

    SERVER = "server"
    CLIENT = "client"
    INTERNAL = "internal"


AttributeValues = Mapping[SpanAttribute, str | int]


class Span(Protocol):
    """One timed piece of work."""

    def describe(self, attributes: AttributeValues, *, name: str = "") -> None:
        """Add attributes, and give it another name where one is given. ERROR marks it as failed."""


class Tracer(Protocol):
    """Makes spans."""

    def start_span(self, name: str, kind: SpanKind, attributes: AttributeValues) -> AbstractContextManager[Span]:
        """A span that ends with the block. An exception that leaves the block is named by its type alone."""


class _UnrecordedSpan:
    def describe(self, attributes: AttributeValues, *, name: str = "") -> None:
        """Nothing."""


class _NoTracer:
    _nothing = nullcontext(_UnrecordedSpan())

    def start_span(self, name: str, kind: SpanKind, attributes: AttributeValues) -> AbstractContextManager[Span]:
        return self._nothing


NO_TRACER: Tracer = _NoTracer()
_installed: Tracer = NO_TRACER


def trace_span(name: str, kind: SpanKind, attributes: AttributeValues) -> AbstractContextManager[Span]:
    """A span of the installed tracer, for a `with` block."""
    return _installed.start_span(name, kind, attributes)


def install_tracer(tracer: Tracer) -> None:
    """Let all spans of this process be made by this one."""
    global _installed
    _installed = tracer


def install_named_tracer(path: str, service: str) -> None:
    """Install what the function at this dotted path makes for a service of this name; nothing for an empty path.

    It is imported here, so that a process without a tracer does not load its packages. Where those are missing the
    process goes on without spans, and its log says so.
    """
    module, _dot, name = path.rpartition(".")
    if not name:
        return
    try:
        make = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        log.error("nothing is traced: the package %s is not installed", error.name)
    else:
        install_tracer(make(service))
