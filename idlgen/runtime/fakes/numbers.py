"""Numbers made to keep limits: small whole ones where they may be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction

from idlgen.runtime.fakes.limits import CannotMake, Limits, exact

# Bounds of decimals have at most 400 digits, and halving adds one a time.
_DIGITS = 2000


def made_integer(limits: Limits, number: int) -> int:
    """Return `number`, or the integer that comes at that place among those that fit."""
    for value in _values(limits, limits.step or Fraction(1), number):
        if value.denominator == 1 and limits.hold(value):
            return int(value)
    raise CannotMake("no integer keeps its limits")


def made_decimal(limits: Limits, number: int) -> Decimal:
    """Return the same of decimals."""
    for value in _values(limits, limits.step, number):
        with localcontext(prec=_DIGITS):
            found = Decimal(value.numerator) / Decimal(value.denominator)
        if limits.hold(exact(found)):
            return found
    raise CannotMake("no decimal keeps its limits")


def made_float(limits: Limits, number: int) -> float:
    """Return the same of floats."""
    for value in _floats(limits, number):
        if math.isfinite(value) and limits.hold(exact(value)):
            return value
    raise CannotMake("no float keeps its limits")


def _floats(limits: Limits, number: int) -> Iterator[float]:
    for value in _values(limits, limits.step, number):
        yield float(value)
    # Between neighbours that are floats there may be nothing else.
    if limits.low is not None:
        yield math.nextafter(float(limits.low.value), math.inf)
    if limits.high is not None:
        yield math.nextafter(float(limits.high.value), -math.inf)


def _values(limits: Limits, step: Fraction | None, number: int) -> Iterator[Fraction]:
    """Yield the whole number itself, then values that are made for the limits."""
    yield Fraction(number)
    if step is not None:
        yield from _multiples(limits, step, number)
        return
    low, high = limits.low, limits.high
    if low is not None and high is not None:
        yield low.value + (high.value - low.value) / 2**number
    elif low is not None:
        yield low.value + number
    elif high is not None:
        yield high.value - number
    for edge in (low, high):
        if edge is not None:
            yield edge.value


def _multiples(limits: Limits, step: Fraction, number: int) -> Iterator[Fraction]:
    yield number * step
    low, high = limits.low, limits.high
    first = None if low is None else math.ceil(low.value / step)
    last = None if high is None else math.floor(high.value / step)
    if low is not None and first is not None and low == (first * step, True):
        first += 1
    if high is not None and last is not None and high == (last * step, True):
        last -= 1
    if first is not None and last is not None:
        count = last - first + 1
        if count > 0:
            yield (first + (number - 1) % count) * step
    elif first is not None:
        yield (first + number - 1) * step
    elif last is not None:
        yield (last - number + 1) * step
