"""One scalar against its type: its value, or msgspec's message of why it is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import GenericAlias
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, inspect

from idlgen.runtime.errors import Problem
from idlgen.runtime.scalars import decode_scalar
from idlgen.runtime.suggest import shown
from idlgen.runtime.validation.members import Members, Number

_PYTHON: Mapping[type[inspect.Type], object] = {
    inspect.BoolType: bool,
    inspect.IntType: int,
    inspect.FloatType: float,
    inspect.StrType: str,
    inspect.BytesType: bytes,
    inspect.DateTimeType: datetime,
    inspect.DateType: date,
    inspect.TimeType: time,
    inspect.TimeDeltaType: timedelta,
    inspect.UUIDType: UUID,
    inspect.DecimalType: Decimal,
    inspect.NoneType: None,
}


class Scalar(Struct, frozen=True):
    """A scalar's value, or the message that says why it is none."""

    value: object = None
    message: str | None = None


class ScalarReader:
    """Decodes scalars one by one; keeps the decoders that it made for their types."""

    def __init__(self) -> None:
        self._values: dict[int, msgspec.json.Decoder[object]] = {}
        self._keys: dict[int, msgspec.json.Decoder[dict[object, object]]] = {}

    def read(self, node: inspect.Type, value: object) -> Scalar:
        """Decode `value` of a tree of `read_tree` as the type `node`."""
        decoder = self._values.get(id(node))
        if decoder is None:
            decoder = self._values[id(node)] = _decoder(_annotation(node))
        try:
            return Scalar(decoder.decode(_source(value)))
        except msgspec.ValidationError as error:
            return Scalar(message=first_problem(error).message)
        except (msgspec.DecodeError, ValueError):
            return Scalar(message="Invalid text")

    def read_key(self, node: inspect.Type, text: str) -> Scalar:
        """Decode an object's member name as the type `node` of a map's keys."""
        decoder = self._keys.get(id(node))
        if decoder is None:
            keyed = GenericAlias(dict, (_annotation(node), Any))
            decoder = self._keys[id(node)] = _decoder(keyed)
        try:
            keys = decoder.decode(f"{{{json.dumps(text)}:null}}")
            return Scalar(next(iter(keys)))
        except msgspec.ValidationError as error:
            return Scalar(message=f"Key {shown(text)}: {first_problem(error).message}")
        except (msgspec.DecodeError, ValueError):
            return Scalar(message="Invalid text of a key")


def json_kind(value: object) -> str:
    """Return msgspec's word for the kind of a JSON value."""
    match value:
        case Members():
            return "object"
        case Number():
            return "int" if value.lstrip("-").isdigit() else "float"
        case list():
            return "array"
        case str():
            return "str"
        case None:
            return "null"
        case _:
            return "bool"


def first_problem(error: msgspec.ValidationError) -> Problem:
    """Return the one problem that msgspec reports, its path apart from its text."""
    message, found, place = str(error).rpartition(" - at ")
    if not found:
        return Problem("$", str(error))
    return Problem(place.removeprefix("`key` in ").strip("`"), message)


def _decoder(annotation: object) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(annotation, dec_hook=decode_scalar)


def _annotation(node: inspect.Type) -> object:
    if isinstance(node, inspect.CustomType | inspect.EnumType):
        return node.cls
    base = _PYTHON.get(type(node), Any)
    constraints = {
        name: limit
        for name in node.__struct_fields__
        if (limit := getattr(node, name)) is not None
    }
    return Annotated[base, Meta(**constraints)] if constraints else base


def _source(value: object) -> str:
    match value:
        case Number():
            # msgspec takes no subclass of str.
            return str(value)
        case Members():
            return "{}"
        case list():
            return "[]"
        case _:
            return json.dumps(value)
