"""What of a call's params comes back in its result: what has the same name and type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import UNSET, Struct, inspect

from idlgen.runtime.descriptors import Method
from idlgen.runtime.validation.branches import SEQUENCES, present, struct_class


class Echoes:
    """Knows which fields of a method's result have the name and type of a param."""

    def __init__(self, method: Method[Any], result: inspect.Type) -> None:
        self._params = inspect.type_info(method.params)
        shown = present(result)
        self._fields: Mapping[str, inspect.Type] = {}
        if isinstance(shown, inspect.StructType):
            self._fields = {field.name: field.type for field in shown.fields}
        if method.pagination is not None:
            # The cursor of this page is not that of the next.
            kept = {method.pagination.next, method.pagination.items}
            self._fields = {
                name: node for name, node in self._fields.items() if name not in kept
            }

    def of(self, params: Struct) -> list[tuple[str, object]]:
        """Return fields of the result and the values that the params have for them.

        Params come before what stands in them.
        """
        found: dict[str, object] = {}
        given = list(_given(self._params, params))
        for name, node, value in given:
            if value is not None:
                self._add(found, name, node, value)
        for _, node, value in given:
            for name, inner, part in _given(node, value):
                self._add(found, name, inner, part)
        return list(found.items())

    def _add(
        self, found: dict[str, object], name: str, node: inspect.Type, value: object
    ) -> None:
        field = self._fields.get(name)
        if field is not None and name not in found and _are_alike(field, node):
            found[name] = value


def _given(
    node: inspect.Type, value: object
) -> Iterator[tuple[str, inspect.Type, object]]:
    """Yield what a struct holds that is not UNSET: names, types and values."""
    shown = present(node)
    if isinstance(shown, inspect.StructType) and isinstance(value, Struct):
        for field in shown.fields:
            held = getattr(value, field.name, UNSET)
            if held is not UNSET:
                yield field.name, field.type, held


def _are_alike(one: inspect.Type, other: inspect.Type) -> bool:
    """Return whether two types are the same but for null and their constraints."""
    one, other = present(one), present(other)
    if type(one) is not type(other):
        return False
    match one, other:
        case inspect.StructType(), inspect.StructType():
            return struct_class(one) is struct_class(other)
        case inspect.UnionType(), inspect.UnionType():
            return len(one.types) == len(other.types) and all(
                map(_are_alike, one.types, other.types)
            )
        case inspect.DictType(), inspect.DictType():
            return _are_alike(one.key_type, other.key_type) and _are_alike(
                one.value_type, other.value_type
            )
        case (
            (inspect.EnumType() | inspect.CustomType()) as kind,
            (inspect.EnumType() | inspect.CustomType()) as twin,
        ):
            return kind.cls is twin.cls
    if isinstance(one, SEQUENCES) and isinstance(other, SEQUENCES):
        return _are_alike(one.item_type, other.item_type)
    return True
