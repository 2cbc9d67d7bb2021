"""Limits that msgspec cannot check: they stand in the `extra` of a `Meta`.

Those are the bounds of 64-bit integers and of decimals, multiples of floats and of
decimals, which are exact here, and under `narrowed` whatever narrows a newtype: msgspec
takes no second `Meta` that sets what the newtype's own sets. Beside a `pattern` stands
under `written` how the schema writes it, where that is not how Python does.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Any

from msgspec import UNSET, Struct, inspect

from idlgen.runtime.scalars import CheckedScalar, FiniteDecimal
from idlgen.runtime.validation.branches import SEQUENCES, Branches, struct_class

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


class Limit(Struct, frozen=True):
    """One limit: whether a value keeps it, and what to say where it does not."""

    message: str
    keeps: Callable[[Any], bool]


def limits_of(node: inspect.Type) -> list[Limit]:
    """Return the limits that `node` adds to its type's own."""
    if not isinstance(node, inspect.Metadata):
        return []
    extra = node.extra or {}
    narrowed: Mapping[str, Any] = extra.get("narrowed", {})
    return [
        _limit(node.type, name, bound, limits)
        for limits in (extra, narrowed)
        for name, bound in limits.items()
        if name in _TESTS
    ]


def pattern_message(node: inspect.Type) -> str:
    """Return what to say of a text in which the pattern of its type is not found."""
    extra: Mapping[str, Any] = {}
    if isinstance(node, inspect.Metadata):
        extra, node = node.extra or {}, node.type
    pattern = node.pattern if isinstance(node, inspect.StrType) else None
    return f"Expected `str` matching regex `{extra.get('written', pattern)}`"


def _limit(
    node: inspect.Type, name: str, bound: Any, limits: Mapping[str, Any]
) -> Limit:
    text, test = _TESTS[name]
    if isinstance(node, inspect.CustomType) and node.cls is FiniteDecimal:
        bound = Decimal(bound)
    shown = f"`{limits.get('written', bound)}`" if name == "pattern" else bound
    message = f"Expected `{_kind(node)}` {text} {shown}"
    return Limit(message, lambda value: test(value, bound))


def _kind(node: inspect.Type) -> str:
    if isinstance(node, inspect.CustomType) and isinstance(node.cls, CheckedScalar):
        return node.cls.label
    # As msgspec's own messages have it: `int` of IntType.
    return type(node).__name__.removesuffix("Type").lower()


def is_multiple(value: Decimal, of: Decimal) -> bool:
    """Return whether the finite `value` is a whole multiple of `of`, exactly.

    The zeros that an exponent stands for are never written out: 1E+999999999 costs no
    more than any other value.
    """
    if not value:
        return True
    shift = _exponent(value) - _exponent(of)
    digits = value.scaleb(-_exponent(value), _EXACT)
    divisor = of.scaleb(-_exponent(of), _EXACT)
    if shift < 0:
        return not _EXACT.remainder(digits, divisor.scaleb(-shift, _EXACT))
    rest, modulus = int(_EXACT.remainder(digits, divisor)), int(divisor)
    return rest * pow(10, shift, modulus) % modulus == 0


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _multiple_of(value: float | Decimal, of: float | Decimal) -> bool:
    if isinstance(value, int):
        return value % of == 0
    # A float counts by the digits that people and JSON write: 0.3 is a multiple of 0.1,
    # though dividing the binary numbers leaves a rest.
    return is_multiple(Decimal(str(value)), Decimal(str(of)))


_TESTS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "ge": (">=", operator.ge),
    "gt": (">", operator.gt),
    "le": ("<=", operator.le),
    "lt": ("<", operator.lt),
    "multiple_of": ("that's a multiple of", _multiple_of),
    "min_length": ("of length >=", lambda value, count: len(value) >= count),
    "max_length": ("of length <=", lambda value, count: len(value) <= count),
    "pattern": (
        "matching regex",
        lambda value, pattern: re.search(pattern, value) is not None,
    ),
}


class LimitedBranches:
    """Knows under which nodes of a type's graph such limits stand, and checks them."""

    def __init__(self, root: inspect.Type) -> None:
        self._limits: dict[int, list[Limit]] = {}
        self._branches = Branches(root, self._is_limited)

    def __bool__(self) -> bool:
        return bool(self._limits)

    def _is_limited(self, node: inspect.Type) -> bool:
        limits = limits_of(node)
        if limits:
            self._limits[id(node)] = limits
        return bool(limits)

    def are_kept(self, node: inspect.Type, value: object) -> bool:
        """Return whether all of `value`, which was decoded as a `node`, keeps its limits."""
        if node not in self._branches or value is None or value is UNSET:
            return True
        if isinstance(node, inspect.Metadata):
            limits = self._limits.get(id(node), ())
            return all(limit.keeps(value) for limit in limits) and self.are_kept(
                node.type, value
            )
        if isinstance(node, inspect.UnionType):
            choices = self._branches.choices(node, value)
            return all(self.are_kept(choice, value) for choice in choices)
        return all(self.are_kept(child, item) for child, item in _parts(node, value))


def _parts(node: inspect.Type, value: object) -> Iterator[tuple[inspect.Type, object]]:
    """Yield what stands directly inside `value`, each with its type."""
    if isinstance(node, inspect.StructType) and isinstance(value, struct_class(node)):
        for field in node.fields:
            yield field.type, getattr(value, field.name)
    elif isinstance(node, SEQUENCES) and isinstance(
        value, list | frozenset | set | tuple
    ):
        for item in value:
            yield node.item_type, item
    elif isinstance(node, inspect.DictType) and isinstance(value, dict):
        for key, item in value.items():
            yield node.key_type, key
            yield node.value_type, item
