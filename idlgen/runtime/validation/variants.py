"""The variants of tagged unions, as a type's graph describes them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct as Record, inspect

from idlgen.runtime.unions import Unknown, unknown_class
from idlgen.runtime.validation.branches import (
    Branches,
    bare,
    nodes,
    non_null,
    struct_class,
)


class Variants(Record, frozen=True):
    """A union's variants by tag; `unknown` keeps the others where it is open."""

    tag_field: str
    by_tag: Mapping[str, inspect.StructType]
    unknown: type[Unknown] | None


class VariantTable:
    """The variants of the nodes of one graph, which it must not outlive."""

    def __init__(self) -> None:
        self._known: dict[int, Variants | None] = {}

    def of(self, node: inspect.Type) -> Variants | None:
        """Return the variants among which `node` chooses; None where it is no union.

        A union of one variant is described as that variant alone, a nullable union as a
        choice among its variants and null.
        """
        if id(node) not in self._known:
            self._known[id(node)] = _variants_of(node)
        return self._known[id(node)]


def _variants_of(node: inspect.Type) -> Variants | None:
    choices = node.types if isinstance(node, inspect.UnionType) else (node,)
    by_tag = {
        choice.tag: choice
        for choice in choices
        if isinstance(choice, inspect.StructType) and isinstance(choice.tag, str)
    }
    for variant in by_tag.values():
        assert variant.tag_field is not None
        unknown = unknown_class(struct_class(variant))
        return Variants(variant.tag_field, by_tag, unknown)
    return None


def ready_tags(root: inspect.Type) -> None:
    """Let msgspec know the tags below `root` that are not ASCII.

    It compares them by their UTF-8, which Python makes of a text when somebody asks for
    it, as encoders do, and it does not ask itself: until then it knows no such tag.
    """
    for node in nodes(root):
        if isinstance(node, inspect.StructType) and node.tag is not None:
            msgspec.json.encode((node.tag_field, node.tag))


def lone_variants(root: inspect.Type) -> frozenset[int]:
    """Return the identities of the nodes below `root` that are unions of one variant.

    msgspec checks the tag of such a one, but takes it without a tag too.
    """
    tagged: set[int] = set()
    chosen: set[int] = set()
    for node in nodes(root):
        if isinstance(node, inspect.StructType) and node.tag is not None:
            tagged.add(id(node))
        elif isinstance(node, inspect.UnionType) and len(non_null(node)) > 1:
            chosen.update(id(bare(choice)) for choice in node.types)
    return frozenset(tagged - chosen)


def open_branches(root: inspect.Type) -> Branches:
    """Return the branches of `root` that can hold an open union."""
    return Branches(root, _is_open)


def _is_open(node: inspect.Type) -> bool:
    return (
        isinstance(node, inspect.StructType)
        and unknown_class(struct_class(node)) is not None
    )


def outer_classes(node: inspect.Type) -> tuple[type, ...]:
    """Return the classes that all values of a struct or container type have.

    It is empty where values of the type have more to them than their class, as numbers
    have their bounds.
    """
    match node:
        case inspect.StructType():
            known = struct_class(node)
            unknown = unknown_class(known)
            return (known,) if unknown is None else (known, unknown)
        case inspect.ListType():
            return (list,)
        case inspect.DictType():
            return (dict,)
        case inspect.FrozenSetType():
            return (frozenset,)
        case inspect.NoneType():
            return (type(None),)
        case inspect.UnionType():
            classes = [outer_classes(choice) for choice in node.types]
            return sum(classes, ()) if all(classes) else ()
        case _:
            return ()
