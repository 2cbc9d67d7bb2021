"""Random constraints that known values keep."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from msgspec import structs

from idlgen.model import (
    Constraints,
    ListType,
    MapType,
    Scalar,
    ScalarType,
    SetType,
    TypeRef,
)

INTEGERS = (Scalar.INT, Scalar.INT32, Scalar.UINT32, Scalar.INT64, Scalar.UINT64)
FLOATS = (Scalar.FLOAT, Scalar.FLOAT32)

_PATTERNS = ("^", "[a-z]", r"^[^\n]*$", r"^\w+$", "a|e", r"\d", "^.{0,300}$", r"^(?!x)")
_DIVISORS: Mapping[Scalar, Sequence[Any]] = {
    **dict.fromkeys(INTEGERS, (1, 2, 3, 10)),
    **dict.fromkeys(FLOATS, (0.5, 1.0, 0.1)),
    Scalar.DECIMAL: ("0.1", "0.01", "1", "5"),
}

Draw = Callable[[list[Any], TypeRef, st.DrawFn], Constraints]


def limits_of(base: TypeRef) -> Draw | None:
    """Return what draws constraints of a type that comes to `base`, if it takes any."""
    return _LIMITS.get(base.scalar if isinstance(base, ScalarType) else type(base))


def _sometimes(draw: st.DrawFn, value: Any, percent: int = 50) -> Any:
    return value if draw(st.integers(0, 99)) < percent else None


def _numbers(values: list[Any], base: TypeRef, draw: st.DrawFn) -> Constraints:
    assert isinstance(base, ScalarType)
    low, high = min(values, key=Decimal), max(values, key=Decimal)
    fitting = [
        divisor
        for divisor in _DIVISORS[base.scalar]
        if all(Fraction(str(v)) % Fraction(str(divisor)) == 0 for v in values)
    ]
    found = Constraints(
        min=_sometimes(draw, low),
        max=_sometimes(draw, high),
        multiple_of=_sometimes(draw, draw(st.sampled_from([None, *fitting])), 40),
    )
    if base.scalar not in INTEGERS:
        return found
    # Inside the range of every integer.
    below = low - 1 if low > 0 else None
    above = high + 1 if high < 2**31 - 1 else None
    return structs.replace(
        found,
        exclusive_min=_sometimes(draw, below, 20),
        exclusive_max=_sometimes(draw, above, 20),
    )


def _lengths(values: list[Any], _base: TypeRef, draw: st.DrawFn) -> Constraints:
    counts = [len(value) for value in values]
    return Constraints(
        min_length=_sometimes(draw, min(counts)),
        max_length=_sometimes(draw, max(counts)),
    )


def _string(values: list[Any], base: TypeRef, draw: st.DrawFn) -> Constraints:
    # Elsewhere Python's re and ECMAScript differ, and this asks Python.
    is_simple = all(value.isascii() and value.isprintable() for value in values)
    fitting = [
        pattern
        for pattern in _PATTERNS
        if is_simple and all(re.search(pattern, value) for value in values)
    ]
    pattern = _sometimes(draw, draw(st.sampled_from([None, *fitting])), 70)
    return structs.replace(_lengths(values, base, draw), pattern=pattern)


def _bytes(values: list[Any], base: TypeRef, draw: st.DrawFn) -> Constraints:
    return _lengths([b64decode(value) for value in values], base, draw)


def _items(values: list[Any], base: TypeRef, draw: st.DrawFn) -> Constraints:
    found = _lengths(values, base, draw)
    return Constraints(min_items=found.min_length, max_items=found.max_length)


_LIMITS: Mapping[object, Draw] = {
    **dict.fromkeys((*INTEGERS, *FLOATS, Scalar.DECIMAL), _numbers),
    Scalar.STRING: _string,
    Scalar.BYTES: _bytes,
    **dict.fromkeys((ListType, SetType, MapType), _items),
}
