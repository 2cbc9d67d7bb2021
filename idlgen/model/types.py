"""What a member, a result or an element may be: references to types."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct as Record


class Scalar(StrEnum):
    """The built-in types, by the name that a schema writes (`float64` is read as `float`)."""

    BOOL = "bool"
    INT = "int"
    INT32 = "int32"
    UINT32 = "uint32"
    INT64 = "int64"
    UINT64 = "uint64"
    FLOAT = "float"
    FLOAT32 = "float32"
    DECIMAL = "decimal"
    STRING = "string"
    BYTES = "bytes"
    DATETIME = "datetime"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    UUID = "uuid"
    ANY = "any"


class ScalarType(Record, frozen=True, tag="scalar"):
    """A built-in type."""

    scalar: Scalar


class ListType(Record, frozen=True, tag="list"):
    """`list<T>`."""

    element: TypeRef


class SetType(Record, frozen=True, tag="set"):
    """`set<T>`: no repeats, no order."""

    element: TypeRef


class MapType(Record, frozen=True, tag="map"):
    """`map<V>` (keys are then strings) or `map<K, V>`."""

    key: TypeRef
    value: TypeRef


class NullableType(Record, frozen=True, tag="nullable"):
    """`T | null`."""

    inner: TypeRef


class NamedType(Record, frozen=True, tag="named"):
    """A declared type by package and name; `args` are the arguments of a generic one."""

    package: str
    name: str
    args: tuple[TypeRef, ...] = ()


class TypeParam(Record, frozen=True, tag="param"):
    """`T` inside the generic struct that declares it."""

    name: str


class StreamType(Record, frozen=True, tag="stream"):
    """`stream<T>`: many values, one after another.

    It is only ever the whole type of one param or of a result.
    """

    item: TypeRef


class ErrorType(Record, frozen=True, tag="error"):
    """Stands where a type could not be resolved; a diagnostic has told why.

    Rules and targets never see it: a build with an error ends before rendering.
    """


TypeRef: TypeAlias = (
    ScalarType
    | ListType
    | SetType
    | MapType
    | NullableType
    | NamedType
    | TypeParam
    | StreamType
    | ErrorType
)
