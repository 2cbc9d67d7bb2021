"""Structs made of other structs: `partial`, `pick`, `omit` and `extends` copy fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import structs

from idlgen.diagnostics import Diagnostic, Label
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.model import Field, NullableType, Presence
from idlgen.syntax.type_parser import NameExpr

Fields = tuple[Field, ...]
ReportField = Callable[[NameExpr, str, str | None], None]


def derived_fields(derivation: NameExpr, source: Fields, refuse: ReportField) -> Fields:
    """Return what `partial<X>`, `pick<X, ..>` or `omit<X, ..>` takes of X's fields.

    `refuse` is told each selected field that X does not have or that is selected twice,
    with a message and a hint.
    """
    if derivation.name == "partial":
        return tuple(map(_patched, source))
    names = [field.name for field in source]
    wanted: set[str] = set()
    for selected in derivation.fields:
        name = selected.name
        if name in wanted:
            refuse(selected, f"field `{name}` is named twice", "leave it out here")
        elif name not in names:
            message = f"there is no field `{name}`"
            refuse(selected, message, did_you_mean(name, names))
        wanted.add(name)
    keep = derivation.name == "pick"
    return tuple(field for field in source if (field.name in wanted) is keep)


def _patched(field: Field) -> Field:
    """Return the field as a patch has it: `T?` and `T | null` may be cleared by null."""
    type_ = field.type
    if field.presence is Presence.OPTIONAL and not isinstance(type_, NullableType):
        type_ = NullableType(type_)
    return structs.replace(
        field,
        type=type_,
        presence=Presence.PATCH,
        default=None,
        has_example=False,
        example=None,
    )


def overridden(inherited: Sequence[Field], own: Iterable[Field]) -> list[Diagnostic]:
    """Return the complaints about fields that a struct's `extends` already gives it."""
    known = {field.name: field for field in inherited}
    return [
        Diagnostic(
            code="IDL123",
            message=f"field `{field.name}` overrides an inherited one",
            span=field.span,
            labels=(Label(known[field.name].span, "inherited from here"),),
            hint="`extends` only adds: rename it, or `pick` the fields to keep",
        )
        for field in own
        if field.name in known
    ]
