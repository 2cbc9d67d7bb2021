"""Two members of one struct, error, method, enum or union cannot pin the same number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import Api, Choice, Enum, Field, Struct, TypeDeclaration, Union

Numbered: TypeAlias = Field | Choice


def numbers(api: Api) -> Iterator[Diagnostic]:
    """Yield each member whose `number:` another one has too."""
    for package in api.packages.values():
        for declared in package.types.values():
            yield from _twice(_members(declared))
        for error in package.errors.values():
            yield from _twice(error.fields)
        for service in package.services.values():
            for method in service.methods:
                yield from _twice(method.params)


def _members(declared: TypeDeclaration) -> Sequence[Numbered]:
    match declared:
        case Struct(fields=fields):
            return fields
        case Enum(values=values):
            return values
        case Union(variants=variants):
            return variants
        case _:
            return ()


def _twice(members: Sequence[Numbered]) -> Iterator[Diagnostic]:
    first: dict[int, Numbered] = {}
    for member in members:
        if member.number is None:
            continue
        other = first.setdefault(member.number, member)
        if other is not member:
            yield Diagnostic(
                code="IDL132",
                message=f"`{_name(other)}` and `{_name(member)}` "
                f"both have the number {member.number:,}",
                span=member.span,
                labels=(Label(other.span, f"`{_name(other)}` is here"),),
                hint="give one of them another number, or leave it out there",
            )


def _name(member: Numbered) -> str:
    return member.name if isinstance(member, Field) else member.text
