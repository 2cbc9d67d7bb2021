"""Enums with their values, and unions with their variants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import Enum, EnumValue, TypeRef, Union, Variant
from idlgen.resolve.notes import exemplified_notes
from idlgen.resolve.scope import Scope
from idlgen.resolve.types import TypeResolver
from idlgen.syntax.nodes import EnumDecl, EnumValueDecl, UnionDecl, VariantDecl

C = TypeVar("C", EnumValueDecl, VariantDecl)


def resolve_enum(declared: EnumDecl, scope: Scope) -> Enum:
    """Return the enum; of values that repeat, the first counts."""
    values = []
    for value in _distinct(declared.values, "enum value", scope):
        notes = value.notes
        values.append(
            EnumValue(
                text=value.name.text,
                code_name=notes.code_name,
                doc=notes.doc,
                deprecated=notes.deprecated,
                since=notes.since,
                number=None if value.number is None else value.number.value,
                extensions=notes.extensions,
                span=scope.document.place(value.name),
            )
        )
    return Enum(
        values=tuple(values),
        closed=declared.closed,
        **exemplified_notes(declared.name, declared.notes, scope),
    )


def resolve_union(declared: UnionDecl, scope: Scope, types: TypeResolver) -> Union:
    """Return the union; whether its variants fit beside its tag is a rule's to say."""
    variants = []
    for variant in _distinct(declared.variants, "variant", scope):
        notes = variant.notes
        variants.append(
            Variant(
                text=variant.name.text,
                type=_payload(variant, types),
                code_name=notes.code_name,
                doc=notes.doc,
                deprecated=notes.deprecated,
                since=notes.since,
                number=None if variant.number is None else variant.number.value,
                extensions=notes.extensions,
                span=scope.document.place(variant.name),
            )
        )
    return Union(
        variants=tuple(variants),
        tag="type" if declared.tag is None else declared.tag.text,
        flat=declared.flat,
        closed=declared.closed,
        **exemplified_notes(declared.name, declared.notes, scope),
    )


def _payload(variant: VariantDecl, types: TypeResolver) -> TypeRef | None:
    if not variant.carries:
        return None
    text = variant.type
    return types.resolve(text, None if text is None else text.expression)


def _distinct(choices: Sequence[C], what: str, scope: Scope) -> Iterator[C]:
    first: dict[str, C] = {}
    place = scope.document.place
    for choice in choices:
        other = first.setdefault(choice.name.text, choice)
        if other is choice:
            yield choice
            continue
        scope.report(
            Diagnostic(
                code="IDL117",
                message=f"{what} `{choice.name.text}` is given twice",
                span=place(choice.name),
                labels=(Label(place(other.name), "first here"),),
            )
        )
