"""A generic struct whose arguments grow from use to use would never stop making types."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from idlgen.checks.components import components
from idlgen.diagnostics import Diagnostic, Span
from idlgen.diagnostics.routes import route, stations
from idlgen.model import (
    Api,
    NamedType,
    Struct,
    TypeParam,
    TypeRef,
    inside,
)

# A type param of a struct: its package, its name, and the param's.
Param: TypeAlias = tuple[str, str, str]


class _Step(NamedTuple):
    """A param is handed on to another, inside a larger type if it `grows`."""

    param: Param
    grows: bool
    span: Span


# In how many ways a group of structs that lead to one another may grow before the rest
# is left for when these are mended.
MAX_WAYS = 20


def finite_generics(api: Api) -> Iterator[Diagnostic]:
    """Yield cycles of type params on which an argument grows; no two share a param."""
    steps = _steps(api)
    reported: set[Param] = set()
    for growing in _growing_steps(steps).values():
        for param, step in growing[:MAX_WAYS]:
            if reported.isdisjoint((param, step.param)):
                cycle = [(param, step), *_way(steps, step.param, param)]
                if reported.isdisjoint(other for other, _ in cycle):
                    yield _growing(cycle)
                reported.update(other for other, _ in cycle)


def growing_structs(api: Api) -> frozenset[tuple[str, str]]:
    """Return the package and name of each struct in a group that grows."""
    steps = _steps(api)
    numbers = _components(steps)
    growing = _growing_steps(steps)
    return frozenset(
        (package, name)
        for (package, name, param), number in numbers.items()
        if number in growing
    )


def _growing_steps(
    steps: Mapping[Param, Sequence[_Step]],
) -> dict[int, list[tuple[Param, _Step]]]:
    """Return the steps that grow and lead back to where they came from, by component."""
    numbers = _components(steps)
    growing: dict[int, list[tuple[Param, _Step]]] = {}
    for param, onwards in steps.items():
        for step in onwards:
            if step.grows and numbers[param] == numbers[step.param]:
                growing.setdefault(numbers[param], []).append((param, step))
    return growing


def _components(steps: Mapping[Param, Sequence[_Step]]) -> Mapping[Param, int]:
    return components(
        {param: [step.param for step in onwards] for param, onwards in steps.items()}
    )


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
    for inner in inside(ref):
        yield from _handed_on(api, inner, span)


def _params(ref: TypeRef) -> Iterator[str]:
    if isinstance(ref, TypeParam):
        yield ref.name
    for inner in inside(ref):
        yield from _params(inner)


def _way(
    steps: Mapping[Param, Sequence[_Step]], start: Param, end: Param
) -> list[tuple[Param, _Step]]:
    """Return the steps of the shortest way from `start` to `end`, which there is."""
    came: dict[Param, tuple[Param, _Step]] = {}
    pending = deque([start])
    while end not in came and start != end:
        param = pending.popleft()
        for step in steps.get(param, ()):
            if step.param not in came and step.param != start:
                came[step.param] = param, step
                pending.append(step.param)
    way: list[tuple[Param, _Step]] = []
    param = end
    while param != start:
        param, step = came[param]
        way.append((param, step))
    return way[::-1]


def _growing(cycle: list[tuple[Param, _Step]]) -> Diagnostic:
    (_, name, param), first = cycle[0]
    names = [f"{struct}<{letter}>" for (_, struct, letter), _ in cycle]
    return Diagnostic(
        code="IDL125",
        message=f"the argument for `{param}` of `{name}` grows without end: "
        f"{route([*names, names[0]])}",
        span=first.span,
        labels=stations([step.span for _, step in cycle[1:]], "and through this"),
        hint="hand on the type param itself, not a type made of it",
    )
