"""Names that are made from a service's name belong to the same namespace as declared ones."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import Api, Declaration, Service

# What targets call the stubs of a service; `{}` is the service's name.
PATTERNS = ("{}Client", "Async{}Client", "{}Unimplemented", "Fake{}")


def generated_names(api: Api) -> Iterator[Diagnostic]:
    """Yield each declaration that is called what a service's stub is called."""
    for package in api.packages.values():
        declared: dict[str, Declaration] = {
            declaration.identifier: declaration
            for section in (package.types, package.errors, package.services)
            for declaration in section.values()
        }
        for service in package.services.values():
            for pattern in PATTERNS:
                taken = declared.get(pattern.format(service.identifier))
                if taken is not None:
                    yield _taken(taken, service)


def _taken(declared: Declaration, service: Service) -> Diagnostic:
    return Diagnostic(
        code="IDL118",
        message=f"`{declared.identifier}` is a name that service "
        f"`{service.name}` generates",
        span=declared.span,
        labels=(Label(service.span, "the service is here"),),
        hint="rename one of the two, or give it a `name:`",
    )
