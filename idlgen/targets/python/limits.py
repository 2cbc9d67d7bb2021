"""What constraints come to in Python: one `Meta`, however many types they stand on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from decimal import MAX_PREC, Decimal, localcontext
from typing import TypeAlias

from msgspec import Struct as Record, structs

from idlgen.emit.python_text import float_literal, literal
from idlgen.model import Constraints, Scalar
from idlgen.syntax.patterns import parse_pattern

Bound: TypeAlias = int | float | str

_INT53 = 2**53 - 1
_FLOAT32_MAX = 3.4028234663852886e38
# What msgspec takes; no text and no list is longer.
_MAX_LENGTH = 2**63 - 1


class Limits(Record, frozen=True, kw_only=True):
    """The arguments of a `Meta`.

    Of `ge` and `gt` one is set at most, of `le` and `lt` too. The bounds of decimals are
    their text; `pattern` is as Python reads it, `written` as the schema writes it.
    """

    ge: Bound | None = None
    gt: Bound | None = None
    le: Bound | None = None
    lt: Bound | None = None
    multiple_of: Bound | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    written: str | None = None

    @property
    def has_bounds(self) -> bool:
        """Whether a number is bounded from below or above."""
        edges = (self.ge, self.gt, self.le, self.lt)
        return any(edge is not None for edge in edges)


NO_LIMITS = Limits()
RANGES: Mapping[Scalar, Limits] = {
    Scalar.INT: Limits(ge=-_INT53, le=_INT53),
    Scalar.INT32: Limits(ge=-(2**31), le=2**31 - 1),
    Scalar.UINT32: Limits(ge=0, le=2**32 - 1),
    Scalar.FLOAT32: Limits(ge=-_FLOAT32_MAX, le=_FLOAT32_MAX),
}
"""What the runtime's names for these scalars say in their own `Meta`."""


def limits_of(constraints: Constraints) -> Limits:
    """Return the limits that `constraints` stand for."""
    pattern = constraints.pattern
    lengths = (constraints.min_length, constraints.min_items)
    most = (constraints.max_length, constraints.max_items)
    inclusive = Limits(
        ge=constraints.min,
        le=constraints.max,
        multiple_of=constraints.multiple_of,
        min_length=max(_counts(lengths), default=None),
        max_length=min(_counts(most), default=None),
        pattern=None if pattern is None else parse_pattern(pattern).python,
        written=pattern,
    )
    return both(
        inclusive, Limits(gt=constraints.exclusive_min, lt=constraints.exclusive_max)
    )


def both(first: Limits, second: Limits) -> Limits:
    """Return the limits of a value that keeps `first` and `second`."""
    if second == NO_LIMITS:
        return first
    ge, gt = _stricter(
        (first.ge, second.ge), (first.gt, second.gt), lambda value: value
    )
    le, lt = _stricter(
        (first.le, second.le), (first.lt, second.lt), lambda value: -value
    )
    least = (first.min_length, second.min_length)
    most = (first.max_length, second.max_length)
    return Limits(
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        multiple_of=_common_multiple(first.multiple_of, second.multiple_of),
        min_length=max(_counts(least), default=None),
        max_length=min(_counts(most), default=None),
        pattern=_both_patterns(first.pattern, second.pattern),
        written=_both_written(first.written, second.written),
    )


def arguments(limits: Limits, scalar: Scalar | None) -> str:
    """Return the arguments of the `Meta` of a scalar, or of a container for None.

    What msgspec does not check stands in `extra`, where the runtime looks for it: see
    `idlgen.runtime.validation.limits`.
    """
    texts = _texts(limits)
    extra = {}
    if "written" in texts:
        extra["written"] = texts.pop("written")
    if scalar in _CHECKED_BY_THE_RUNTIME:
        texts, extra = {}, texts
    elif scalar in _FLOATS and "multiple_of" in texts:
        extra["multiple_of"] = texts.pop("multiple_of")
    written = [f"{name}={text}" for name, text in texts.items()]
    if extra:
        written.append(f"extra={_display(extra)}")
    return ", ".join(written)


def narrowing(limits: Limits) -> str:
    """Return the arguments of a `Meta` around a newtype, which has one of its own."""
    return f'extra={{"narrowed": {_display(_texts(limits))}}}'


_CHECKED_BY_THE_RUNTIME = frozenset({Scalar.INT64, Scalar.UINT64, Scalar.DECIMAL})
_FLOATS = frozenset({Scalar.FLOAT, Scalar.FLOAT32})


def _texts(limits: Limits) -> dict[str, str]:
    given = structs.asdict(limits)
    if limits.written == limits.pattern:
        del given["written"]
    return {name: _text(value) for name, value in given.items() if value is not None}


def _text(value: Bound) -> str:
    if isinstance(value, str):
        return literal(value)
    return float_literal(value) if isinstance(value, float) else str(value)


def _display(texts: Mapping[str, str]) -> str:
    entries = [f'"{name}": {text}' for name, text in texts.items()]
    return f"{{{', '.join(entries)}}}"


def _counts(counts: Iterable[int | None]) -> list[int]:
    return [min(count, _MAX_LENGTH) for count in counts if count is not None]


def _stricter(
    inclusive: Iterable[Bound | None],
    exclusive: Iterable[Bound | None],
    order: Callable[[Decimal], Decimal],
) -> tuple[Bound | None, Bound | None]:
    """Return the bound that leaves least, in the place of inclusive or exclusive ones."""
    edges = [(order(_decimal(b)), 0, b) for b in inclusive if b is not None]
    edges += [(order(_decimal(b)), 1, b) for b in exclusive if b is not None]
    if not edges:
        return None, None
    _, is_exclusive, bound = max(edges, key=lambda edge: edge[:2])
    return (None, bound) if is_exclusive else (bound, None)


def _common_multiple(first: Bound | None, second: Bound | None) -> Bound | None:
    if first is None or second is None:
        return second if first is None else first
    if isinstance(first, int) and isinstance(second, int):
        return math.lcm(first, second)
    numbers = [_decimal(first), _decimal(second)]
    digits = max(-min(int(n.as_tuple().exponent), 0) for n in numbers)
    with localcontext(prec=MAX_PREC):
        scaled = math.lcm(*(int(number.scaleb(digits)) for number in numbers))
        common = Decimal(scaled).scaleb(-digits)
    return str(common) if isinstance(first, str) else float(common)


def _both_patterns(first: str | None, second: str | None) -> str | None:
    if first is None or second is None or first == second:
        return second if first is None else first
    return rf"\A(?=[\s\S]*?(?:{first}))(?=[\s\S]*?(?:{second}))"


def _both_written(first: str | None, second: str | None) -> str | None:
    if first is None or second is None or first == second:
        return second if first is None else first
    return f"{first}` and `{second}"


def _decimal(bound: Bound) -> Decimal:
    return Decimal(str(bound))
