"""Type annotations made anew from the graph that msgspec made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from types import GenericAlias
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, inspect

PLAIN: Mapping[type[inspect.Type], Any] = {
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
"""The scalar types of Python; what is none of them may be anything."""


_CHILDREN = ("item_type", "key_type", "value_type")


def annotation_of(node: inspect.Type, *, element: Any = None) -> Any:
    """Return a type expression that msgspec decodes as it decodes the node.

    `element` stands for what the elements of a list or the values of a map are, where
    they are not to be decoded as what they are. What stands in the `extra` of a `Meta`
    is left out: msgspec does not look at it.
    """
    match node:
        case inspect.Metadata():
            return annotation_of(node.type)
        case inspect.UnionType():
            return reduce(or_, map(annotation_of, node.types))
        case inspect.StructType() | inspect.CustomType() | inspect.EnumType():
            return node.cls
    constraints = constraints_of(node)
    plain = _unlimited(node, element)
    return Annotated[plain, Meta(**constraints)] if constraints else plain


def constraints_of(node: inspect.Type) -> dict[str, Any]:
    """Return the constraints of a scalar or a container that msgspec checks itself."""
    return {
        name: limit
        for name in node.__struct_fields__
        if name not in _CHILDREN and (limit := getattr(node, name)) is not None
    }


def _unlimited(node: inspect.Type, element: Any) -> Any:
    match node:
        case inspect.ListType():
            return GenericAlias(list, (element or annotation_of(node.item_type),))
        case inspect.FrozenSetType():
            return GenericAlias(frozenset, (element or annotation_of(node.item_type),))
        case inspect.DictType():
            key = annotation_of(node.key_type)
            return GenericAlias(dict, (key, element or annotation_of(node.value_type)))
        case _:
            return PLAIN.get(type(node), Any)
