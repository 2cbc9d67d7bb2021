"""Methods that stream, which no wire carries yet: the generated services lack them."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.diagnostics import Diagnostic
from idlgen.model import Method, Package, StreamType


def streams(method: Method) -> bool:
    """Whether the method takes or returns a stream."""
    return method.streamed_param is not None or isinstance(method.returns, StreamType)


def streams_left_out(package: Package) -> Iterator[Diagnostic]:
    """Yield a warning for each method that clients, servers and fakes do not have."""
    for service in package.services.values():
        for method in filter(streams, service.methods):
            yield Diagnostic(
                code="IDL405",
                message=f"`{service.name}.{method.name}` streams, "
                "so the Python client and server are without it",
                span=method.span,
                hint="no wire carries streams yet; the documentation has the method",
            )
