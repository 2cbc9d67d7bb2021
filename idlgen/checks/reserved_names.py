"""JSON-RPC keeps method names that begin with `rpc.` for itself (its section 8)."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.diagnostics import Diagnostic
from idlgen.model import Api

RESERVED = "rpc."


def reserved_names(api: Api) -> Iterator[Diagnostic]:
    """Yield each service whose methods would have a name that is reserved."""
    for package in api.packages.values():
        if f"{package.name}.".startswith(RESERVED):
            for service in package.services.values():
                yield Diagnostic(
                    code="IDL134",
                    message=f"the methods of `{package.name}.{service.name}` have names "
                    f"that JSON-RPC keeps for itself: they begin with `{RESERVED}`",
                    span=service.span,
                    hint="give the package another name",
                )
