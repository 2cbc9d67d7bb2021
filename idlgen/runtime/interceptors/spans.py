"""The interceptor that makes a span of each call, by OpenTelemetry.

Names and attributes are those of the semantic conventions for RPC. Their status code is
here what is the same on every wire, the status by its name, and not the code of JSON-RPC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from idlgen._version import __version__
from idlgen.runtime.interceptors.calls import Call, ClientCall, Interceptor
from idlgen.runtime.interceptors.outcomes import OK, is_declared, status_of
from idlgen.runtime.status import Status
from idlgen.runtime.transports.failures import missing

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider

CONVENTIONS = "https://opentelemetry.io/schemas/1.44.0"
SYSTEM = "jsonrpc"
OTHER = "_OTHER"
"""What the conventions call a method of which nobody knows whether it is one."""

FAULTS_OF_SERVERS = frozenset(
    {
        Status.UNKNOWN,
        Status.DEADLINE_EXCEEDED,
        Status.UNIMPLEMENTED,
        Status.INTERNAL,
        Status.UNAVAILABLE,
        Status.DATA_LOSS,
    }
)
"""What makes an error of a server's span: the other statuses are its callers' doing."""


def traced(tracer_provider: TracerProvider | None = None) -> Interceptor:
    """Return an interceptor that makes a span of each call, on both sides.

    A client's span goes along as W3C Trace Context (`traceparent` and `tracestate`), and
    a server's is its child, and current while the handler runs. The attributes tell the
    method and the status, no params, results and headers, nor what an error says.
    `tracer_provider` is by default the global one.

    Raises:
        ImportError: opentelemetry-api is not installed.
    """
    try:
        from opentelemetry import trace
        from opentelemetry.trace.propagation import tracecontext
    except ImportError as error:
        raise missing("opentelemetry-api", "interceptors that trace", "otel") from error
    tracer = trace.get_tracer("idlgen", __version__, tracer_provider, CONVENTIONS)
    propagator = tracecontext.TraceContextTextMapPropagator()

    @contextmanager
    def spanning_calls(call: Call) -> Iterator[None]:
        name = _span_name(call)
        if isinstance(call, ClientCall):
            # Not the current one: the calls of a batch are beside each other.
            span = tracer.start_span(
                name, kind=trace.SpanKind.CLIENT, attributes=_attributes(call)
            )
            propagator.inject(call.headers, trace.set_span_in_context(span))
            with _ended(span, call):
                yield
            return
        span = tracer.start_span(
            name,
            context=propagator.extract(call.headers),
            kind=trace.SpanKind.SERVER,
            attributes=_attributes(call),
        )
        with (
            _ended(span, call),
            trace.use_span(span, record_exception=False, set_status_on_exception=False),
        ):
            yield

    return spanning_calls


@contextmanager
def _ended(span: Span, call: Call) -> Iterator[None]:
    """End the span with the status of the call, but not what an error says."""
    try:
        yield
    except BaseException as error:
        _mark(span, call, status_of(call, error))
        raise
    else:
        span.set_attribute("rpc.response.status_code", OK)
    finally:
        span.end()


def _mark(span: Span, call: Call, status: str) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attribute("rpc.response.status_code", status)
    if call.side == "client" or status in FAULTS_OF_SERVERS:
        span.set_attribute("error.type", status)
        span.set_status(StatusCode.ERROR)


def _method(call: Call) -> str:
    """Return `user.UserService/getUserById`, of which there are as many as methods."""
    if not is_declared(call):
        return OTHER
    service, _, method = call.method.rpartition(".")
    return f"{service}/{method}" if service else method


def _span_name(call: Call) -> str:
    return _method(call) if is_declared(call) else SYSTEM


def _attributes(call: Call) -> Mapping[str, str | int]:
    """Return what is known before the call is made."""
    found: dict[str, str | int] = {
        "rpc.system.name": SYSTEM,
        "rpc.method": _method(call),
        "jsonrpc.protocol.version": "2.0",
    }
    if not is_declared(call):
        found["rpc.method_original"] = call.method
    if isinstance(call, ClientCall):
        # A host and a port: what stands behind them may be a secret.
        place = urlsplit(call.peer)
        if place.hostname:
            found["server.address"] = place.hostname
        if place.port:
            found["server.port"] = place.port
        if call.attempt > 1:
            found["idlgen.attempt"] = call.attempt
    return found
