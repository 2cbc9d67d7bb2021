"""Types that the user contract has no use for: every scalar, sets, maps, recursion."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, NewType, Protocol
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from idlgen.runtime import (
    FiniteDecimal,
    Float32,
    Int32,
    Int64,
    JsonValue,
    Method,
    OpenEnum,
    Service,
    UInt32,
    UInt64,
    serves,
)


class Colour(OpenEnum):
    RED = "red"
    DARK_RED = "dark red"


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


SerialNo = NewType("SerialNo", Int64)


class Scalars(Struct, frozen=True, kw_only=True, omit_defaults=True):
    int32: Int32 | None = None
    uint32: UInt32 | None = None
    int64: Int64 | None = None
    uint64: UInt64 | None = None
    float32: Float32 | None = None
    double: float | None = None
    decimal: FiniteDecimal | None = None
    text: str | None = None
    data: bytes | None = None
    instant: Annotated[datetime, Meta(tz=True)] | None = None
    day: date | None = None
    clock: time | None = None
    span: timedelta | None = None
    uuid: UUID | None = None
    anything: JsonValue | UnsetType = UNSET
    size: Size | None = None
    serial: SerialNo | None = None


class Sets(Struct, frozen=True, kw_only=True, omit_defaults=True):
    numbers: frozenset[Int32] = field(default_factory=frozenset)
    colours: frozenset[Colour] | None = None
    amounts: dict[str, frozenset[FiniteDecimal]] = field(default_factory=dict)
    nested: list[Sets] = field(default_factory=list)


class Maps(Struct, frozen=True, kw_only=True, omit_defaults=True):
    by_number: dict[Int64, float] = field(default_factory=dict)
    by_colour: dict[Colour, Int32] = field(default_factory=dict)
    by_uuid: dict[UUID, JsonValue] = field(default_factory=dict)


class Node(Struct, frozen=True, kw_only=True):
    weight: float
    children: list[Node]


class EchoParams(Struct, frozen=True, kw_only=True, omit_defaults=True):
    scalars: Scalars | None = None
    sets: Sets | None = None
    maps: Maps | None = None
    node: Node | None = None
    text: str = "hello"
    big: Int32 = 1000


class Echoed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    scalars: Scalars | None = None
    sets: Sets | None = None
    maps: Maps | None = None
    node: Node | None = None


ECHO: Method[Echoed] = Method(
    "shapes.v1.ShapeService.echo", handler="echo", params=EchoParams, returns=Echoed
)
SHAPE_SERVICE = Service("shapes.v1.ShapeService", methods=(ECHO,))


@serves(SHAPE_SERVICE)
class ShapeService(Protocol):
    def echo(
        self,
        *,
        scalars: Scalars | None = None,
        sets: Sets | None = None,
        maps: Maps | None = None,
        node: Node | None = None,
        text: str = "hello",
        big: int = 1000,
    ) -> Echoed: ...
