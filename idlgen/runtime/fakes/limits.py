"""All limits of one type in one record, wherever msgspec and the runtime keep them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from msgspec import Struct as Record, inspect

from idlgen.runtime.scalars import CheckedScalar
from idlgen.runtime.validation.annotations import constraints_of


class CannotMake(Exception):
    """No value of a type was found; the text says of which, and why."""


class Edge(NamedTuple):
    """One end of a range; whether it is itself outside."""

    value: Fraction
    is_open: bool


class Limits(Record, frozen=True, kw_only=True):
    """What a number, a text or a container keeps; None is no limit.

    A number is a multiple of `step`; `least` and `most` are lengths.
    """

    low: Edge | None = None
    high: Edge | None = None
    step: Fraction | None = None
    least: int = 0
    most: int | None = None
    patterns: tuple[str, ...] = ()

    def hold(self, value: Fraction) -> bool:
        """Return whether a number is in the range and on the steps."""
        low, high, step = self.low, self.high, self.step
        if low is not None and (value < low.value or low == (value, True)):
            return False
        if high is not None and (value > high.value or high == (value, True)):
            return False
        return step is None or value % step == 0


def limits_of(node: inspect.Type) -> Limits:
    """Return the limits of a type, those of the aliases that it stands for included."""
    said = list(_said(node))
    return Limits(
        low=_strictest(said, "ge", "gt", 1),
        high=_strictest(said, "le", "lt", -1),
        step=_common([_exact(m["multiple_of"]) for m in said if "multiple_of" in m]),
        least=max((m["min_length"] for m in said if "min_length" in m), default=0),
        most=min((m["max_length"] for m in said if "max_length" in m), default=None),
        patterns=tuple(m["pattern"] for m in said if "pattern" in m),
    )


def exact(value: object) -> Fraction:
    """Return a number by the digits that people and JSON write: 0.1 is a tenth."""
    return _exact(value)


def _exact(value: object) -> Fraction:
    return Fraction(Decimal(str(value)))


def _said(node: inspect.Type) -> Iterator[Mapping[str, Any]]:
    while isinstance(node, inspect.Metadata):
        extra = node.extra or {}
        yield extra
        yield extra.get("narrowed", {})
        node = node.type
    if isinstance(node, inspect.CustomType):
        if isinstance(node.cls, CheckedScalar):
            yield _range_of(node.cls)
    elif not isinstance(node, inspect.StructType | inspect.EnumType):
        yield constraints_of(node)


def _range_of(kind: CheckedScalar) -> Mapping[str, Any]:
    if hasattr(kind, "low") and hasattr(kind, "high"):
        return {"ge": kind.low, "le": kind.high}
    return {}


def _strictest(
    said: Iterable[Mapping[str, Any]], inclusive: str, exclusive: str, sign: int
) -> Edge | None:
    edges = [
        Edge(_exact(limits[name]), name == exclusive)
        for limits in said
        for name in (inclusive, exclusive)
        if name in limits
    ]
    return max(edges, key=lambda edge: (sign * edge.value, edge.is_open), default=None)


def _common(steps: list[Fraction]) -> Fraction | None:
    if not steps:
        return None
    whole = math.lcm(*(step.denominator for step in steps))
    return Fraction(math.lcm(*(int(step * whole) for step in steps)), whole)
