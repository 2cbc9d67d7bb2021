"""Numbers that JSON has no text for: found before a value is encoded.

msgspec writes NaN as null and Decimal("NaN") as text without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from math import isfinite

from msgspec import Struct, inspect

from idlgen.runtime.errors import Problem
from idlgen.runtime.scalars import FiniteDecimal
from idlgen.runtime.sensitive import hidden_fields
from idlgen.runtime.validation.branches import SEQUENCES, Branches, member_path

UNTOLD = "Expected finite numbers"
"""What is said of a sensitive field, whatever stands in it and where."""


def number_branches(root: inspect.Type) -> Branches:
    """Return the branches of `root` that can hold a float or a decimal."""
    return Branches(root, _may_be_infinite)


def _may_be_infinite(node: inspect.Type) -> bool:
    if isinstance(node, inspect.CustomType):
        return node.cls is FiniteDecimal
    return isinstance(node, inspect.FloatType | inspect.DecimalType | inspect.AnyType)


def non_finite(
    branches: Branches, node: inspect.Type, value: object, path: str = "$"
) -> Iterator[Problem]:
    """Yield a problem for each NaN and infinity in `value`, which has the type `node`.

    Where the value does not have the shape of the type nothing is looked for: decoding
    what is encoded finds that.
    """
    if isinstance(node, inspect.StructType):
        if isinstance(value, Struct):
            for field in node.fields:
                if field.type in branches:
                    item = getattr(value, field.name, None)
                    at = member_path(path, field.encode_name)
                    found = non_finite(branches, field.type, item, at)
                    if branches.has_secrets and field.name in hidden_fields(
                        type(value)
                    ):
                        found = (Problem(at, UNTOLD) for _ in islice(found, 1))
                    yield from found
    elif isinstance(node, SEQUENCES):
        if isinstance(value, list | tuple | set | frozenset):
            for index, item in enumerate(value):
                at = f"{path}[{index}]"
                yield from non_finite(branches, node.item_type, item, at)
    elif isinstance(node, inspect.DictType):
        if isinstance(value, dict):
            for key, item in value.items():
                at = member_path(path, str(key))
                yield from non_finite(branches, node.value_type, item, at)
    elif isinstance(node, inspect.UnionType):
        for choice in branches.choices(node, value):
            if choice in branches:
                yield from non_finite(branches, choice, value, path)
    elif isinstance(node, inspect.Metadata):
        yield from non_finite(branches, node.type, value, path)
    else:
        yield from non_finite_in_any(value, path)


def non_finite_in_any(value: object, path: str = "$") -> Iterator[Problem]:
    """Yield a problem for each NaN and infinity in plain JSON data."""
    if isinstance(value, float):
        if not isfinite(value):
            yield Problem(path, f"JSON has no number for {value}")
    elif isinstance(value, Decimal):
        if not value.is_finite():
            yield Problem(path, f"JSON has no number for {value}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from non_finite_in_any(item, member_path(path, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from non_finite_in_any(item, f"{path}[{index}]")
