"""A struct that always holds another of itself can never be written."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from msgspec import Struct as Record

from idlgen.checks.finite_generics import growing_structs
from idlgen.checks.instances import MAX_INSTANCES
from idlgen.diagnostics import Diagnostic, Span
from idlgen.diagnostics.routes import stations
from idlgen.model import (
    Api,
    NamedType,
    Presence,
    Struct,
    TypeRef,
    Union,
    is_too_large,
)

_ALWAYS = (Presence.REQUIRED, Presence.DEFAULTED)


class _Held(Record, frozen=True):
    """A struct or union that another always holds, and the place that says so.

    `type` is None where a variant of a union holds neither.
    """

    span: Span
    type: NamedType | None


def finite_types(api: Api) -> Iterator[Diagnostic]:
    """Yield each cycle of types that no optional member, container or variant ends."""
    held = _all_held(api)
    finite = _finite(api, held)
    seen: set[NamedType] = set()
    for start in held:
        path: dict[NamedType, _Held] = {}
        ref = start
        while ref not in finite and ref not in seen:
            seen.add(ref)
            path[ref], ref = next(
                (step, step.type)
                for step in held[ref]
                if step.type in held and step.type not in finite
            )
        if ref in path:
            yield _endless(api, [*path][[*path].index(ref) :], path)


def _all_held(api: Api) -> dict[NamedType, list[_Held]]:
    """Return what each type always holds, those of generic structs with arguments too."""
    growing = growing_structs(api)
    found: dict[NamedType, list[_Held]] = {}
    pending = deque(
        NamedType(package.name, name)
        for package in api.packages.values()
        for name in package.types
    )
    limit = len(pending) + MAX_INSTANCES
    while pending and len(found) < limit:
        ref = pending.popleft()
        if ref in found or (ref.package, ref.name) in growing:
            continue
        found[ref] = [*_held(api, ref)]
        pending.extend(step.type for step in found[ref] if step.type is not None)
    return found


def _held(api: Api, ref: NamedType) -> Iterator[_Held]:
    declared = api.declaration(ref)
    if isinstance(declared, Union):
        for variant in declared.variants:
            yield _Held(variant.span, _behind(api, variant.type))
    elif isinstance(declared, Struct):
        for field in api.fields(ref) if ref.args else declared.fields:
            target = _behind(api, field.type)
            if field.presence in _ALWAYS and target is not None:
                yield _Held(field.span, target)


def _behind(api: Api, type_: TypeRef | None) -> NamedType | None:
    """Return the struct or union at the end of aliases, if there is one.

    What is too large to be looked at is reported by the rule `instances`.
    """
    found = None if type_ is None else api.unaliased(type_)
    if not isinstance(found, NamedType) or (found.args and is_too_large(found)):
        return None
    return found if isinstance(api.declaration(found), Struct | Union) else None


def _finite(api: Api, held: Mapping[NamedType, list[_Held]]) -> set[NamedType | None]:
    """Return the types that have finite values; what is no such type counts as one.

    A struct needs all that it holds to be finite, a union one of its variants.
    """
    users: dict[NamedType, list[NamedType]] = {}
    missing: dict[NamedType, int] = {}
    pending: list[NamedType] = []
    for ref, steps in held.items():
        targets = [step.type for step in steps if step.type in held]
        is_union = isinstance(api.declaration(ref), Union)
        missing[ref] = 1 if is_union else len(targets)
        if len(targets) < (len(steps) if is_union else 1):
            pending.append(ref)
        for target in targets:
            if target is not None:
                users.setdefault(target, []).append(ref)
    finite: set[NamedType | None] = {None}
    while pending:
        ref = pending.pop()
        if ref in finite:
            continue
        finite.add(ref)
        for user in users.get(ref, ()):
            missing[user] -= 1
            if missing[user] == 0:
                pending.append(user)
    return finite


def _endless(
    api: Api, cycle: list[NamedType], path: Mapping[NamedType, _Held]
) -> Diagnostic:
    first, *others = (path[ref] for ref in cycle)
    kind = "union" if isinstance(api.declaration(cycle[0]), Union) else "struct"
    return Diagnostic(
        code="IDL108",
        message=f"{kind} `{cycle[0].name}` can never be finite: it always holds another",
        span=first.span,
        labels=stations([step.span for step in others], "and through this"),
        hint="make a member of the cycle optional (`?`), nullable, or a list",
    )
