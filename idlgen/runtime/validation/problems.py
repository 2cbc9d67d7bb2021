"""Everything that is wrong with a refused value: msgspec stops at the first.

The walk runs only after a refusal and is bounded, for a refused value is often an
attack: at most 50 problems, 100,000 nodes, 64 levels. A text of more nodes is not even
read again.
"""

from __future__ import annotations

from contextlib import suppress

from msgspec import inspect

from idlgen.runtime.enums import OpenEnum
from idlgen.runtime.errors import Problem
from idlgen.runtime.sensitive import hidden_fields, is_strict
from idlgen.runtime.validation.branches import (
    SETS,
    bare,
    non_null,
    struct_class,
)
from idlgen.runtime.validation.findings import MAX_NODES, Enough, Findings
from idlgen.runtime.validation.members import Members, read_tree
from idlgen.runtime.validation.places import Place
from idlgen.runtime.validation.scalars import ScalarReader, json_kind
from idlgen.runtime.validation.variants import Variants, VariantTable

MAX_DEPTH = 64


def find_problems(
    text: str, node: inspect.Type, *, refuse_unknown: bool
) -> list[Problem]:
    """Return what keeps the JSON `text` from being a `node`, in the type's order.

    `refuse_unknown` says whether what only a newer schema may know is wrong: texts of
    open enums, variants of open unions, members of strict structs. The list may be
    empty though msgspec refused: the bounds were hit, or `text` is no JSON.
    """
    # No fewer than there are: those within texts are counted too.
    if text.count(",") + text.count("[") + text.count("{") > MAX_NODES:
        return []
    try:
        tree = read_tree(text)
    except (ValueError, RecursionError):
        return []
    found = Findings()
    with suppress(Enough):
        _Walk(found, refuse_unknown=refuse_unknown).visit(node, tree, Place())
    return found.problems


class _Walk:
    """Visits a tree of `read_tree` beside the description of its type."""

    def __init__(self, found: Findings, *, refuse_unknown: bool) -> None:
        self._found = found
        self._refuse_unknown = refuse_unknown
        self._scalars = ScalarReader()
        self._variants = VariantTable()

    def visit(self, node: inspect.Type, value: object, place: Place) -> object:
        """Add the problems of `value`; return what it decodes to, if it is a scalar."""
        self._found.count_node()
        if place.depth > MAX_DEPTH:
            return None
        match bare(node):
            case inspect.StructType() | inspect.UnionType() as choice:
                return self._visit_choice(choice, value, place)
            case inspect.DictType() as mapping:
                self._visit_map(mapping, value, place)
            case inspect.AnyType():
                self._visit_any(value, place)
            case inspect.EnumType() as enum:
                return self._visit_enum(enum, value, place)
            case inspect.ListType() | inspect.FrozenSetType() as sequence:
                self._visit_sequence(sequence, value, place)
            case _:
                scalar = self._scalars.read(node, value)
                for message in scalar.messages:
                    self._found.add(place, place.refused(message))
                return scalar.value
        return None

    def _visit_struct(
        self, node: inspect.StructType, value: object, place: Place
    ) -> None:
        if not isinstance(value, Members):
            self._found.add(place, place.wrong_kind("object", value))
            return
        members = self._found.unique(value, place)
        hidden = hidden_fields(struct_class(node))
        for field in node.fields:
            at = place.member(field.encode_name, hidden=field.name in hidden)
            if field.encode_name in members:
                self.visit(field.type, members.pop(field.encode_name), at)
            elif field.required:
                self._found.add(at, "Missing")
        members.pop(node.tag_field or "", None)
        if node.forbid_unknown_fields or (
            self._refuse_unknown and is_strict(struct_class(node))
        ):
            known = [field.encode_name for field in node.fields]
            for name in members:
                self._found.add(place.entry(name), place.unknown("name", name, known))

    def _visit_choice(
        self,
        node: inspect.StructType | inspect.UnionType,
        value: object,
        place: Place,
    ) -> object:
        """Visit the one of the node's types that the value is to be."""
        if isinstance(node, inspect.UnionType):
            choices = non_null(node)
            if value is None and len(choices) < len(node.types):
                return None
            if len(choices) == 1:
                return self.visit(choices[0], value, place)
        variants = self._variants.of(node)
        if variants is not None:
            self._visit_variant(variants, value, place)
        elif isinstance(node, inspect.StructType):
            self._visit_struct(node, value, place)
        # A choice among several other types, which no schema has, is msgspec's.
        return None

    def _visit_variant(self, variants: Variants, value: object, place: Place) -> None:
        if not isinstance(value, Members):
            self._found.add(place, place.wrong_kind("object", value))
            return
        at = place.member(variants.tag_field)
        tags = [item for name, item in value if name == variants.tag_field]
        if not tags:
            self._found.add(at, "Missing")
            return
        tag = tags[-1]
        if not isinstance(tag, str) or json_kind(tag) != "str":
            self._found.add(at, at.wrong_kind("str", tag))
        elif tag in variants.by_tag:
            self._visit_struct(variants.by_tag[tag], value, place)
        elif variants.unknown is None or self._refuse_unknown:
            self._found.add(at, at.unknown("value", tag, variants.by_tag))

    def _visit_map(self, node: inspect.DictType, value: object, place: Place) -> None:
        if not isinstance(value, Members):
            self._found.add(place, place.wrong_kind("object", value))
            return
        members = self._found.unique(value, place)
        keys: set[object] = set()
        for name, item in members.items():
            at = place.entry(name)
            self._visit_key(node.key_type, name, keys, at)
            self.visit(node.value_type, item, at)
        self._found.check_length(node, len(members), place)

    def _visit_key(
        self, node: inspect.Type, name: str, keys: set[object], at: Place
    ) -> None:
        """Add the problems of a map's key; `keys` are what those before it decode to."""
        match bare(node):
            case inspect.EnumType() as enum:
                self._visit_enum(enum, name, at, "key")
                return
        key = self._scalars.read_key(node, name)
        for message in key.messages:
            self._found.add(at, at.key(name, message))
        if not key.messages:
            if key.value in keys:
                self._found.add(at, "Key is written twice")
            keys.add(key.value)

    def _visit_sequence(
        self,
        node: inspect.ListType | inspect.FrozenSetType,
        value: object,
        place: Place,
    ) -> None:
        if not isinstance(value, list) or isinstance(value, Members):
            self._found.add(place, place.wrong_kind("array", value))
            return
        first: dict[object, str] = {}
        for index, item in enumerate(value):
            at = place.element(index)
            before = len(self._found)
            element = self.visit(node.item_type, item, at)
            if isinstance(node, SETS) and len(self._found) == before:
                if element in first:
                    self._found.add(at, at.repeated(first[element]))
                first.setdefault(element, at.path)
        self._found.check_length(node, len(value), place)

    def _visit_any(self, value: object, place: Place) -> None:
        anything = inspect.AnyType()
        if isinstance(value, Members):
            for name, item in self._found.unique(value, place).items():
                self.visit(anything, item, place.entry(name))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self.visit(anything, item, place.element(index))

    def _visit_enum(
        self,
        node: inspect.EnumType,
        value: object,
        place: Place,
        thing: str = "value",
    ) -> object:
        if json_kind(value) != "str" or not isinstance(value, str):
            self._found.add(place, place.wrong_kind("str", value))
            return None
        known = [str(member.value) for member in node.cls]
        kept = issubclass(node.cls, OpenEnum) and not self._refuse_unknown
        if value not in known and not kept:
            self._found.add(place, place.unknown(thing, value, known))
        return value
