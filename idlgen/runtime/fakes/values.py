"""Values made to fit a type and its constraints: the same each time, readable, small.

A text says what it stands for (`name`, `name 2`), a number is a small whole one, a list
has one or two items, what has a default has it. What may be left out is there, unless it
would lead back into a struct that it stands in.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import NODEFAULT, UNSET, inspect

from idlgen.runtime.fakes.graph import Graph
from idlgen.runtime.fakes.limits import CannotMake, Limits, limits_of
from idlgen.runtime.fakes.places import Place
from idlgen.runtime.fakes.scalars import made_scalar
from idlgen.runtime.field_examples import field_examples
from idlgen.runtime.scalars import decode_scalar
from idlgen.runtime.validation.annotations import annotation_of
from idlgen.runtime.validation.branches import (
    SEQUENCES,
    SETS,
    bare,
    non_null,
    struct_class,
)

_ENOUGH = 1_000
_TOO_MANY = 50_000
_DEEP = 6
_TOO_DEEP = 60
_TRIES = 64


class Builder:
    """Makes one value; it stops filling in where that becomes too much."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._path: list[int] = []
        self._count = 0

    def make(self, node: inspect.Type, place: Place) -> Any:
        """Return a value of the type.

        Raises:
            CannotMake: none was found; the text names the path.
        """
        self._count += 1
        if self._count > _TOO_MANY or len(self._path) > _TOO_DEEP:
            raise CannotMake(f"{place.path}: values of the type are too large")
        try:
            return self._made(node, place)
        except CannotMake as failure:
            if str(failure).startswith("$"):
                raise
            raise CannotMake(f"{place.path}: {failure}") from None

    def _made(self, node: inspect.Type, place: Place) -> Any:
        plain, limits = bare(node), limits_of(node)
        match plain:
            case inspect.StructType():
                return self._struct(plain, place)
            case inspect.UnionType():
                return self._choice(plain, place)
            case inspect.DictType():
                return self._map(plain, limits, place)
            case _ if isinstance(plain, SETS):
                return self._set(plain.item_type, limits, place)
            case _ if isinstance(plain, SEQUENCES):
                return self._list(plain.item_type, limits, place)
        return made_scalar(plain, limits, place)

    def _is_lean(self, node: inspect.Type) -> bool:
        """Return whether what need not be there is better left out."""
        if len(self._path) >= _DEEP or self._count > _ENOUGH:
            return True
        return self._graph.leads_to(node, self._path)

    def _struct(self, node: inspect.StructType, place: Place) -> Any:
        self._path.append(id(node))
        examples = field_examples(struct_class(node))
        # What a variant carries is called as the variant is.
        called = {"value": node.tag} if isinstance(node.tag, str) else {}
        try:
            values = {
                field.name: self._member(
                    field,
                    examples.get(field.name),
                    place.member(field.name, called.get(field.name)),
                )
                for field in node.fields
                if field.required
                or self._is_filled(field, has_example=field.name in examples)
            }
        finally:
            self._path.pop()
        return struct_class(node)(**values)

    def _member(self, field: inspect.Field, example: str | None, place: Place) -> Any:
        """Return the schema's example of a field, else a made value."""
        if example is None:
            return self.make(field.type, place)
        annotation = annotation_of(field.type)
        return msgspec.json.decode(example, type=annotation, dec_hook=decode_scalar)

    def _is_filled(self, field: inspect.Field, *, has_example: bool) -> bool:
        """Return whether a field gets a value that may do without, or its default."""
        if has_example:
            return not self._is_lean(field.type)
        if field.default not in (None, UNSET, NODEFAULT):
            return False
        if field.default_factory is not NODEFAULT:
            return False
        return not self._is_lean(field.type)

    def _choice(self, node: inspect.UnionType, place: Place) -> Any:
        choices = non_null(node)
        if len(choices) < len(node.types) and self._is_lean(node):
            return None
        fresh = [choice for choice in choices if not self._is_lean(choice)]
        if fresh:
            return self.make(fresh[(place.number - 1) % len(fresh)], place)
        return self.make(min(choices, key=self._graph.height), place)

    def _size(self, limits: Limits, place: Place, *parts: inspect.Type) -> int:
        if any(map(self._is_lean, parts)):
            return limits.least
        wanted = max(limits.least, 1 if "[]" in place.path else 2)
        return wanted if limits.most is None else min(wanted, limits.most)

    def _list(self, item: inspect.Type, limits: Limits, place: Place) -> list[Any]:
        count = self._size(limits, place, item)
        self._check(count, place)
        return [self.make(item, place.item(index + 1)) for index in range(count)]

    def _set(self, item: inspect.Type, limits: Limits, place: Place) -> frozenset[Any]:
        wanted = self._size(limits, place, item)
        return frozenset(self._distinct(item, limits.least, wanted, place))

    def _map(
        self, node: inspect.DictType, limits: Limits, place: Place
    ) -> dict[Any, Any]:
        wanted = self._size(limits, place, node.value_type)
        keys = self._distinct(node.key_type, limits.least, wanted, place)
        return {
            key: self.make(node.value_type, place.item(index + 1))
            for index, key in enumerate(keys)
        }

    def _distinct(
        self, node: inspect.Type, least: int, wanted: int, place: Place
    ) -> list[Any]:
        """Return different values, `wanted` or at least `least` of them."""
        self._check(wanted, place)
        found: dict[Any, None] = {}
        for number in range(1, wanted + 1 + _TRIES):
            if len(found) >= wanted:
                break
            found[self.make(node, place.item(number))] = None
        if len(found) < least:
            raise CannotMake(f"there are not {least} different values")
        return list(found)

    def _check(self, count: int, place: Place) -> None:
        if count > _TOO_MANY - self._count:
            raise CannotMake(f"{place.path}: {count} items are too many to be made")
