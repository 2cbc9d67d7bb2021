"""Names that are made from a service's name belong to the same namespace as declared ones."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import Api, Declaration

# What targets call the stubs of a service; `{}` is the service's name.
PATTERNS = ("{}Client", "Async{}Client", "{}Unimplemented", "Fake{}")


def generated_names(api: Api) -> Iterator[Diagnostic]:
    """Yield each declaration that has the name of a service's stub."""
    for package in api.packages.values():
        declared: dict[str, Declaration] = {
            **package.types,
            **package.errors,
            **package.services,
        }
        for service in package.services.values():
            for pattern in PATTERNS:
                taken = declared.get(pattern.format(service.name))
                if taken is not None:
                    yield Diagnostic(
                        code="IDL118",
                        message=f"`{taken.name}` is a name that service "
                        f"`{service.name}` generates",
                        span=taken.span,
                        labels=(Label(service.span, "the service is here"),),
                        hint="rename one of the two",
                    )
