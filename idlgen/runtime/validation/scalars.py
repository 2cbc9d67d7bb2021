"""One scalar against its type: its value, or msgspec's message of why it is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import GenericAlias
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, inspect

from idlgen.runtime.errors import Problem
from idlgen.runtime.scalars import decode_scalar
from idlgen.runtime.validation.annotations import PLAIN, constraints_of
from idlgen.runtime.validation.limits import limits_of, pattern_message
from idlgen.runtime.validation.members import Members, Number


class Scalar(Struct, frozen=True):
    """A scalar's value, or the messages that say why it is none."""

    value: object = None
    messages: tuple[str, ...] = ()


class ScalarReader:
    """Decodes scalars one by one; keeps the decoders that it made for their types."""

    def __init__(self) -> None:
        self._values: dict[int, _Decoders] = {}
        self._keys: dict[int, _Decoders] = {}

    def read(self, node: inspect.Type, value: object) -> Scalar:
        """Decode `value` of a tree of `read_tree` as the type `node`."""
        decoders = self._values.get(id(node))
        if decoders is None:
            decoders = self._values[id(node)] = _Decoders(node, _listed)
        return decoders.read(f"[{_source(value)}]")

    def read_key(self, node: inspect.Type, text: str) -> Scalar:
        """Decode an object's member name as the type `node` of a map's keys."""
        decoders = self._keys.get(id(node))
        if decoders is None:
            decoders = self._keys[id(node)] = _Decoders(node, _keyed)
        return decoders.read(f"{{{json.dumps(text)}:null}}")


class _Decoders:
    """One decoder for what a type is and one for each of its constraints.

    msgspec stops at the first constraint that a value does not meet. The scalar stands
    in a container, so that each message ends with a place.
    """

    def __init__(
        self, node: inspect.Type, contained: Callable[[object], object]
    ) -> None:
        self._limits = limits_of(node)
        plain = node.type if isinstance(node, inspect.Metadata) else node
        self._pattern = pattern_message(node)
        self._bare = _decoder(contained(_base(plain)))
        self._constrained = [
            (name, _decoder(contained(annotation)))
            for name, annotation in _constrained(plain).items()
        ]

    def read(self, source: str) -> Scalar:
        """Decode the container `source`."""
        try:
            value = next(iter(self._bare.decode(source)))
        except msgspec.ValidationError as error:
            return Scalar(messages=(first_problem(error).message,))
        except (msgspec.DecodeError, ValueError):
            return Scalar(messages=("Invalid text",))
        messages = [*self._refusals(source)]
        messages += [limit.message for limit in self._limits if not limit.keeps(value)]
        return Scalar(messages=tuple(messages)) if messages else Scalar(value)

    def _refusals(self, source: str) -> Iterator[str]:
        for name, decoder in self._constrained:
            try:
                decoder.decode(source)
            except msgspec.ValidationError as error:
                # msgspec shows what Python's `re` reads, and that as a literal.
                is_pattern = name == "pattern"
                yield self._pattern if is_pattern else first_problem(error).message


def _listed(annotation: object) -> object:
    return GenericAlias(list, (annotation,))


def _keyed(annotation: object) -> object:
    return GenericAlias(dict, (annotation, Any))


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


def first_problem(error: Exception) -> Problem:
    """Return the one problem that msgspec reports, its path apart from its text."""
    message, found, place = str(error).rpartition(" - at ")
    if not found:
        return Problem("$", str(error))
    return Problem(place.removeprefix("`key` in ").strip("`"), message)


def _decoder(annotation: object) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(annotation, dec_hook=decode_scalar)


def _base(node: inspect.Type) -> Any:
    """Return the type without its constraints."""
    if isinstance(node, inspect.CustomType | inspect.EnumType):
        return node.cls
    return PLAIN.get(type(node), Any)


def _constrained(node: inspect.Type) -> Mapping[str, object]:
    """Return the type with each of its constraints alone."""
    if isinstance(node, inspect.CustomType | inspect.EnumType):
        return {}
    base = _base(node)
    return {
        name: Annotated[base, Meta(**{name: limit})]
        for name, limit in constraints_of(node).items()
    }


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
