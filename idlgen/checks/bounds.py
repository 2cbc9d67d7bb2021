"""What a member allows and what the alias or newtype of its type allows must meet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import TypeAlias

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Api,
    Constraints,
    Field,
    NamedType,
    Newtype,
    NullableType,
    Package,
    Struct,
    TypeRef,
)

Bounded: TypeAlias = Field | Alias | Newtype

# What bounds the same thing from below and from above.
_PAIRS = (
    (("min", "exclusive_min"), ("max", "exclusive_max")),
    (("min_length",), ("max_length",)),
    (("min_items",), ("max_items",)),
)


def bounds(api: Api) -> Iterator[Diagnostic]:
    """Yield each member, alias or newtype that no value fits, for its type's sake."""
    for package in api.packages.values():
        for bounded in _bounded(package):
            if bounded.constraints is not NO_CONSTRAINTS:
                yield from islice(_clashes(api, bounded), 1)


def _bounded(package: Package) -> Iterator[Bounded]:
    for declared in package.types.values():
        if isinstance(declared, Struct):
            yield from declared.fields
        elif isinstance(declared, Alias | Newtype):
            yield declared
    for error in package.errors.values():
        yield from error.fields
    for service in package.services.values():
        for method in service.methods:
            yield from method.params


def _behind(api: Api, type_: TypeRef) -> Iterator[Alias | Newtype]:
    """Yield the aliases and newtypes that a type leads through."""
    while isinstance(type_, NamedType | NullableType):
        if isinstance(type_, NullableType):
            type_ = type_.inner
            continue
        declared = api.declaration(type_)
        if not isinstance(declared, Alias | Newtype):
            return
        yield declared
        type_ = declared.type


def _clashes(api: Api, bounded: Bounded) -> Iterator[Diagnostic]:
    for behind in _behind(api, bounded.type):
        yield from _clashes_with(bounded, behind)


def _clashes_with(bounded: Bounded, behind: Alias | Newtype) -> Iterator[Diagnostic]:
    for lows, highs in _PAIRS:
        for low in lows:
            for high in highs:
                if _is_empty(bounded.constraints, low, behind.constraints, high):
                    yield _clash(bounded, low, behind, high)
                elif _is_empty(behind.constraints, low, bounded.constraints, high):
                    yield _clash(bounded, high, behind, low)


def _is_empty(lower: Constraints, low: str, upper: Constraints, high: str) -> bool:
    """Tell whether no number is above the one bound and below the other."""
    least, most = getattr(lower, low), getattr(upper, high)
    if least is None or most is None:
        return False
    exclusive = "exclusive" in low or "exclusive" in high
    start, end = Decimal(str(least)), Decimal(str(most))
    return start > end or (exclusive and start == end)


def _clash(
    bounded: Bounded, own: str, behind: Alias | Newtype, other: str
) -> Diagnostic:
    mine = getattr(bounded.constraints, own)
    theirs = getattr(behind.constraints, other)
    return Diagnostic(
        code="IDL120",
        message=f"no value has `{own}` {mine} of `{bounded.name}` "
        f"and `{other}` {theirs} of `{behind.name}`",
        span=bounded.span,
        labels=(Label(behind.span, f"`{behind.name}` is here"),),
        hint="a member allows some of what its type allows, and no more",
    )
