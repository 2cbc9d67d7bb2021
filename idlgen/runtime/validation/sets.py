"""Sets: written in the order of their elements' texts, refused where one repeats.

So are maps whose keys have several texts, as 0 that is also `-0`.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct, inspect

from idlgen.runtime.validation.branches import SEQUENCES, SETS, Branches, bare


def set_branches(root: inspect.Type) -> Branches:
    """Return the branches of `root` that can hold a set."""
    return Branches(root, lambda node: isinstance(node, SETS))


def repeat_branches(root: inspect.Type) -> Branches:
    """Return the branches of `root` that can repeat a value and yet have other texts."""
    return Branches(root, _may_repeat)


def _may_repeat(node: inspect.Type) -> bool:
    if isinstance(node, inspect.DictType):
        return not isinstance(bare(node.key_type), inspect.StrType | inspect.EnumType)
    return isinstance(node, SETS)


def with_sorted_sets(branches: Branches, node: inspect.Type, value: object) -> object:
    """Return `value` with each set as the list in which it is written.

    What does not have the shape of the type stays: decoding it again finds that.
    """
    if node not in branches:
        return value
    if isinstance(node, SETS):
        if isinstance(value, set | frozenset):
            return sorted(value, key=msgspec.json.encode)
    elif isinstance(node, SEQUENCES):
        if isinstance(value, list | tuple):
            return [with_sorted_sets(branches, node.item_type, item) for item in value]
    elif isinstance(node, inspect.DictType):
        if isinstance(value, dict):
            return {
                key: with_sorted_sets(branches, node.value_type, item)
                for key, item in value.items()
            }
    elif isinstance(node, inspect.UnionType):
        for choice in branches.choices(node, value):
            value = with_sorted_sets(branches, choice, value)
    elif isinstance(node, inspect.Metadata):
        return with_sorted_sets(branches, node.type, value)
    elif isinstance(node, inspect.StructType) and isinstance(value, Struct):
        return _with_sorted_fields(branches, node, value)
    return value


def _with_sorted_fields(
    branches: Branches, node: inspect.StructType, value: Struct
) -> Struct:
    changed = {
        field.name: with_sorted_sets(
            branches, field.type, getattr(value, field.name, None)
        )
        for field in node.fields
        if field.type in branches
    }
    # Constructors check nothing, which is why a list may stand for a set here.
    return msgspec.structs.replace(value, **changed)


def has_repeats(
    branches: Branches, node: inspect.Type, source: object, value: object
) -> bool:
    """Return whether a set or map of `value` was written with an element or key twice.

    `source` is the JSON that `value` was decoded from, of dicts and lists.
    """
    if node not in branches:
        return False
    if isinstance(node, SETS):
        return (
            isinstance(source, list)
            and isinstance(value, set | frozenset)
            and len(source) != len(value)
        )
    if isinstance(node, SEQUENCES):
        pairs = _paired(source, value)
        return any(has_repeats(branches, node.item_type, *pair) for pair in pairs)
    if isinstance(node, inspect.DictType):
        if not isinstance(source, dict) or not isinstance(value, dict):
            return False
        if len(source) != len(value):
            return True
        return any(
            has_repeats(branches, node.value_type, item, decoded)
            for item, decoded in zip(source.values(), value.values(), strict=True)
        )
    if isinstance(node, inspect.UnionType):
        return any(
            has_repeats(branches, choice, source, value)
            for choice in branches.choices(node, value)
        )
    if isinstance(node, inspect.Metadata):
        return has_repeats(branches, node.type, source, value)
    if isinstance(node, inspect.StructType) and isinstance(source, Mapping):
        return any(
            has_repeats(
                branches,
                field.type,
                source.get(field.encode_name),
                getattr(value, field.name, None),
            )
            for field in node.fields
            if field.type in branches
        )
    return False


def _paired(source: object, value: object) -> list[tuple[object, object]]:
    if isinstance(source, list) and isinstance(value, list | tuple):
        return list(zip(source, value, strict=False))
    return []
