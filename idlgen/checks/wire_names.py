"""Two members of one struct, error or method cannot have the same key on the wire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import Api, Field, Struct


def wire_names(api: Api) -> Iterator[Diagnostic]:
    """Yield each member whose `wire:` gives it the key of another."""
    for package in api.packages.values():
        for declared in package.types.values():
            if isinstance(declared, Struct):
                yield from _twice(declared.fields)
        for error in package.errors.values():
            yield from _twice(error.fields)
        for service in package.services.values():
            for method in service.methods:
                yield from _twice(method.params)


def _twice(fields: Sequence[Field]) -> Iterator[Diagnostic]:
    first: dict[str, Field] = {}
    for field in fields:
        other = first.setdefault(field.wire_name, field)
        if other is not field:
            yield Diagnostic(
                code="IDL107",
                message=f"`{other.name}` and `{field.name}` "
                f"are both `{field.wire_name}` on the wire",
                span=field.span,
                labels=(Label(other.span, f"`{other.name}` is here"),),
                hint="give one of them another `wire:`",
            )
