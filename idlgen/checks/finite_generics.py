"""A generic struct whose arguments grow from use to use would never stop making types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from idlgen.diagnostics import Diagnostic, Label, Span
from idlgen.model import (
    Api,
    ListType,
    MapType,
    NamedType,
    NullableType,
    SetType,
    Struct,
    TypeParam,
    TypeRef,
)

# A type param of a struct: its package, its name, and the param's.
Param: TypeAlias = tuple[str, str, str]


class _Step(NamedTuple):
    """A param is handed on to another, inside a larger type if it `grows`."""

    param: Param
    grows: bool
    span: Span


def finite_generics(api: Api) -> Iterator[Diagnostic]:
    """Yield each cycle of type params on which an argument grows."""
    reported: set[Param] = set()
    for cycle in _growing_cycles(api):
        if reported.isdisjoint(param for param, _ in cycle):
            yield _growing(cycle)
        reported.update(param for param, _ in cycle)


def growing_structs(api: Api) -> frozenset[tuple[str, str]]:
    """Return the package and name of each struct on such a cycle."""
    return frozenset(
        (package, name)
        for cycle in _growing_cycles(api)
        for (package, name, _), _ in cycle
    )


def _growing_cycles(api: Api) -> Iterator[list[tuple[Param, _Step]]]:
    """Yield a cycle for each step that grows and leads back to where it came from."""
    steps = _steps(api)
    for param, onwards in steps.items():
        for step in onwards:
            if step.grows:
                back = _way(steps, step.param, param)
                if back is not None:
                    yield [(param, step), *back]


def _steps(api: Api) -> dict[Param, list[_Step]]:
    steps: dict[Param, list[_Step]] = {}
    for package in api.packages.values():
        for struct in package.types.values():
            if not isinstance(struct, Struct) or not struct.params:
                continue
            for field in struct.fields:
                for name, step in _handed_on(api, field.type, field.span):
                    param = package.name, struct.name, name
                    steps.setdefault(param, []).append(step)
    return steps


def _handed_on(api: Api, ref: TypeRef, span: Span) -> Iterator[tuple[str, _Step]]:
    """Yield each param that stands in an argument inside `ref`, with where it goes."""
    if isinstance(ref, NamedType) and ref.args:
        declared = api.declaration(ref)
        assert isinstance(declared, Struct)
        for name, argument in zip(declared.params, ref.args, strict=True):
            target = ref.package, ref.name, name
            grows = not isinstance(argument, TypeParam)
            for param in _params(argument):
                yield param, _Step(target, grows, span)
    for inside in _inside(ref):
        yield from _handed_on(api, inside, span)


def _params(ref: TypeRef) -> Iterator[str]:
    if isinstance(ref, TypeParam):
        yield ref.name
    for inside in _inside(ref):
        yield from _params(inside)


def _inside(ref: TypeRef) -> tuple[TypeRef, ...]:
    match ref:
        case ListType(element=element) | SetType(element=element):
            return (element,)
        case MapType(key=key, value=value):
            return key, value
        case NullableType(inner=inner):
            return (inner,)
        case NamedType(args=args):
            return args
        case _:
            return ()


def _way(
    steps: Mapping[Param, list[_Step]], start: Param, end: Param
) -> list[tuple[Param, _Step]] | None:
    """Return the steps that lead from `start` to `end`, or None if none do."""
    came: dict[Param, tuple[Param, _Step]] = {}
    pending = [start]
    while pending:
        param = pending.pop()
        if param == end:
            way: list[tuple[Param, _Step]] = []
            while param != start:
                param, step = came[param]
                way.append((param, step))
            return way[::-1]
        for step in steps.get(param, ()):
            if step.param not in came and step.param != start:
                came[step.param] = param, step
                pending.append(step.param)
    return None


def _growing(cycle: list[tuple[Param, _Step]]) -> Diagnostic:
    (_, name, param), first = cycle[0]
    route = [f"`{struct}<{letter}>`" for (_, struct, letter), _ in cycle]
    return Diagnostic(
        code="IDL125",
        message=f"the argument for `{param}` of `{name}` grows without end: "
        f"{' → '.join([*route, route[0]])}",
        span=first.span,
        labels=tuple(Label(step.span, "and through this") for _, step in cycle[1:]),
        hint="hand on the type param itself, not a type made of it",
    )
