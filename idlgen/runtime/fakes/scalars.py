"""Scalars and enums made for a place: its name as text, its number as number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import inspect

from idlgen.runtime.fakes.limits import CannotMake, Limits
from idlgen.runtime.fakes.numbers import made_decimal, made_float, made_integer
from idlgen.runtime.fakes.places import Place
from idlgen.runtime.fakes.texts import made_bytes, made_text
from idlgen.runtime.scalars import FiniteDecimal


def made_scalar(node: inspect.Type, limits: Limits, place: Place) -> Any:
    """Return a value of a scalar or an enum, which is no `Metadata` any more."""
    number = place.number
    match node:
        case inspect.StrType():
            return made_text(limits, place.name, number)
        case inspect.BytesType():
            return made_bytes(limits, place.name, number)
        case inspect.IntType():
            return made_integer(limits, number)
        case inspect.FloatType():
            return made_float(limits, number)
        case inspect.CustomType():
            is_decimal = node.cls is FiniteDecimal
            return (made_decimal if is_decimal else made_integer)(limits, number)
        case inspect.EnumType():
            members = list(node.cls)
            return members[(number - 1) % len(members)]
        case inspect.AnyType():
            return place.name
    for kind, value in _plain_values(number):
        if isinstance(node, kind):
            return value
    raise CannotMake(f"{type(node).__name__} is no type of the language")


def _plain_values(number: int) -> Iterator[tuple[type[inspect.Type], Any]]:
    later = timedelta(days=number - 1)
    yield inspect.BoolType, number % 2 == 1
    yield inspect.NoneType, None
    yield inspect.DateTimeType, datetime(2026, 1, 1, 12, tzinfo=UTC) + later
    yield inspect.DateType, date(2026, 1, 1) + later
    yield inspect.TimeType, time(12 + number // 60 % 12, number % 60)
    yield inspect.TimeDeltaType, timedelta(minutes=number)
    yield inspect.UUIDType, UUID(int=number)
    yield inspect.DecimalType, Decimal(number)
