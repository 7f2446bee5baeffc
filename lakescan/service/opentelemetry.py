"""Traces by OpenTelemetry, when its own variables say where they go.

A request is a span (semantic conventions for HTTP servers), a pass of the detectors another one.
Neither ever holds a path, a query, a body or a found value.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lakescan.errors import MissingDependencyError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

#: Any of these turns tracing on; ``OTEL_SDK_DISABLED=true`` turns it off.
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_DISABLED = "OTEL_SDK_DISABLED"


class RequestSpan:
    """A request under way."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def end(self, method: str, route: str, status: int) -> None:
        """The request was answered; ``route`` is its template."""
        from opentelemetry.trace import StatusCode

        self._span.update_name(f"{method} {route}")
        self._span.set_attributes(
            {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": status,
            }
        )
        if status >= 500:
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


class Tracing:
    """Makes spans and sends them, in the background.

    Args:
        provider: sends them.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer: Tracer = provider.get_tracer("lakescan.service")

    @classmethod
    def configured(cls, environment: Mapping[str, str] | None = None) -> Tracing | None:
        """As the variables of OpenTelemetry say; None where they name no endpoint.

        Raises:
            MissingDependencyError: the extra ``otel`` is not installed.
        """
        given = os.environ if environment is None else environment
        if given.get(_DISABLED, "").lower() == "true" or not any(map(given.get, _ENDPOINTS)):
            return None
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError:
            raise MissingDependencyError("opentelemetry-exporter-otlp-proto-http", "otel") from None
        named = given.get("OTEL_SERVICE_NAME", "lakescan")
        provider = TracerProvider(resource=Resource.create({"service.name": named}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider)

    def begin(self, headers: Mapping[str, str], request_id: str) -> RequestSpan:
        """A request begins; it belongs to the trace that its ``traceparent`` names."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carried = {"traceparent": headers.get("traceparent", "")}
        context = TraceContextTextMapPropagator().extract(carried)
        attributes: dict[str, Any] = {"lakescan.request_id": request_id}
        span = self._tracer.start_span("request", context, SpanKind.SERVER, attributes)
        return RequestSpan(span)

    def read(self, questions: int, begun: float, ended: float) -> None:
        """A pass of the detectors answered so many questions, between two times since 1970."""
        span = self._tracer.start_span("read", start_time=int(begun * 1e9))
        span.set_attribute("lakescan.questions", questions)
        span.end(int(ended * 1e9))

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
