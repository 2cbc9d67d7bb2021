"""One scalar against its type: its value, or msgspec's message of why it is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import GenericAlias
from typing import Annotated
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


class Leaf(Struct, frozen=True):
    """A scalar's value, or the message that says why it is none."""

    value: object = None
    message: str | None = None


def read_leaf(node: inspect.Type, value: object) -> Leaf:
    """Decode the scalar `value` of a tree of `read_tree` as the type `node`."""
    annotation = _annotation(node)
    try:
        return Leaf(
            msgspec.json.decode(_source(value), type=annotation, dec_hook=decode_scalar)
        )
    except msgspec.ValidationError as error:
        return Leaf(message=first_problem(error).message)
    except (msgspec.DecodeError, ValueError):
        return Leaf(message="Invalid text")


def read_key(node: inspect.Type, text: str) -> Leaf:
    """Decode an object's member name as the type `node` of a map's keys."""
    kind = GenericAlias(dict, (_annotation(node), object))
    try:
        source = f"{{{json.dumps(text)}:null}}"
        keys = msgspec.json.decode(source, type=kind, dec_hook=decode_scalar)
        return Leaf(next(iter(keys)))
    except msgspec.ValidationError as error:
        return Leaf(message=f"Key {shown(text)}: {first_problem(error).message}")
    except (msgspec.DecodeError, ValueError):
        return Leaf(message="Invalid text of a key")


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


def _annotation(node: inspect.Type) -> object:
    if isinstance(node, inspect.CustomType | inspect.EnumType):
        return node.cls
    base = _PYTHON.get(type(node), object)
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
