"""A struct that always holds another of itself can never be written."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import Alias, Api, Field, NamedType, Presence, Struct

_ALWAYS = (Presence.REQUIRED, Presence.DEFAULTED)


def finite_structs(api: Api) -> Iterator[Diagnostic]:
    """Yield each cycle of structs whose members are neither optional nor containers."""
    finite: set[NamedType] = set()
    for package in api.packages.values():
        for name in package.types:
            yield from _walk(api, NamedType(package.name, name), finite)


def _walk(api: Api, start: NamedType, finite: set[NamedType]) -> Iterator[Diagnostic]:
    # A stack of its own, for a chain of structs may be as long as the schema. `path`
    # maps each struct on the way to the member through which it was left.
    path: dict[NamedType, Field] = {}
    stack = [(start, _held(api, start))]
    while stack and start not in finite:
        struct, members = stack[-1]
        step = next(members, None)
        if step is None:
            stack.pop()
            finite.add(struct)
            path.pop(struct, None)
            continue
        path[struct], target = step
        if target in path:
            yield _infinite([*path][[*path].index(target) :], path)
        elif target not in finite:
            stack.append((target, _held(api, target)))


def _held(api: Api, ref: NamedType) -> Iterator[tuple[Field, NamedType]]:
    """Yield the members that always hold a struct, with that struct."""
    declared = api.declaration(ref)
    if not isinstance(declared, Struct):
        return
    for field in declared.fields:
        target = _struct_behind(api, field)
        if field.presence in _ALWAYS and target is not None:
            yield field, target


def _struct_behind(api: Api, field: Field) -> NamedType | None:
    type_ = field.type
    while isinstance(type_, NamedType):
        declared = api.declaration(type_)
        if not isinstance(declared, Alias):
            return type_ if isinstance(declared, Struct) else None
        type_ = declared.type
    return None


def _infinite(cycle: list[NamedType], path: dict[NamedType, Field]) -> Diagnostic:
    first, *others = (path[ref] for ref in cycle)
    return Diagnostic(
        code="IDL108",
        message=f"struct `{cycle[0].name}` can never be finite: it always holds another",
        span=first.span,
        labels=tuple(Label(field.span, "and through this") for field in others),
        hint="make a member of the cycle optional (`?`), nullable, or a list",
    )
