"""The graph of a type, and which of its branches hold a kind of leaf."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import inspect

from idlgen.runtime.sensitive import hidden_fields

SEQUENCES = (
    inspect.ListType,
    inspect.SetType,
    inspect.FrozenSetType,
    inspect.VarTupleType,
)
SETS = (inspect.SetType, inspect.FrozenSetType)


def children(node: inspect.Type) -> Iterator[inspect.Type]:
    """Yield the types that stand directly inside `node`."""
    if isinstance(node, inspect.StructType):
        for field in node.fields:
            yield field.type
    elif isinstance(node, SEQUENCES):
        yield node.item_type
    elif isinstance(node, inspect.DictType):
        yield node.key_type
        yield node.value_type
    elif isinstance(node, inspect.UnionType):
        yield from node.types
    elif isinstance(node, inspect.Metadata):
        yield node.type


def nodes(root: inspect.Type) -> Iterator[inspect.Type]:
    """Yield each type of the graph of `root` once."""
    seen = {id(root)}
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        for child in children(node):
            if id(child) not in seen:
                seen.add(id(child))
                pending.append(child)


def bare(node: inspect.Type) -> inspect.Type:
    """Return the node without what a `Meta` says of it."""
    while isinstance(node, inspect.Metadata):
        node = node.type
    return node


def non_null(node: inspect.UnionType) -> list[inspect.Type]:
    """Return the choices that are not null."""
    return [choice for choice in node.types if not isinstance(choice, inspect.NoneType)]


def present(node: inspect.Type) -> inspect.Type:
    """Return the node of what is not null, where there is but one such type."""
    while True:
        node = bare(node)
        if not isinstance(node, inspect.UnionType):
            return node
        choices = non_null(node)
        if len(choices) != 1:
            return node
        node = choices[0]


def struct_class(node: inspect.StructType) -> type:
    """Return the class of the node's values, for `Page[User]` that is `Page`."""
    kind: type = getattr(node.cls, "__origin__", node.cls)
    return kind


class Branches:
    """Knows under which nodes of a type's graph a wanted node can be reached.

    `has_secrets` is true where a struct anywhere in the graph has sensitive fields.
    Nodes are told apart by identity: msgspec describes each struct once, cycles too.
    """

    def __init__(
        self, root: inspect.Type, wanted: Callable[[inspect.Type], bool]
    ) -> None:
        self.root = root
        parents: dict[int, list[inspect.Type]] = {}
        found: list[inspect.Type] = []
        seen = {id(root)}
        pending = [root]
        self._by_class: dict[int, Mapping[type, inspect.Type]] = {}
        self.has_secrets = False
        while pending:
            node = pending.pop()
            if isinstance(node, inspect.UnionType):
                self._add_union(node)
            elif isinstance(node, inspect.StructType):
                self.has_secrets |= bool(hidden_fields(struct_class(node)))
            if wanted(node):
                found.append(node)
            for child in children(node):
                parents.setdefault(id(child), []).append(node)
                if id(child) not in seen:
                    seen.add(id(child))
                    pending.append(child)
        self._inside = _ancestors(found, parents)

    def _add_union(self, node: inspect.UnionType) -> None:
        by_class = {
            struct_class(struct): choice
            for choice in node.types
            if isinstance(struct := bare(choice), inspect.StructType)
        }
        if len(by_class) > 1:
            self._by_class[id(node)] = by_class

    def choices(self, node: inspect.UnionType, value: object) -> Sequence[inspect.Type]:
        """Return the choices that `value` may be one of; of many structs its own.

        Where there is one struct it is among them whatever the value is: constructors
        check nothing, so another class may have the same members.
        """
        by_class = self._by_class.get(id(node))
        if by_class is None:
            return node.types
        own = by_class.get(type(value))
        return () if own is None else (own,)

    def __bool__(self) -> bool:
        return bool(self._inside)

    def __contains__(self, node: inspect.Type) -> bool:
        return id(node) in self._inside


def _ancestors(
    found: list[inspect.Type], parents: dict[int, list[inspect.Type]]
) -> frozenset[int]:
    inside: set[int] = set()
    pending = list(found)
    while pending:
        node = pending.pop()
        if id(node) not in inside:
            inside.add(id(node))
            pending.extend(parents.get(id(node), ()))
    return frozenset(inside)


def member_path(path: str, name: str) -> str:
    """Return the path of an object's member: `$.a`, or `$["a b"]` where it must be."""
    if name.isidentifier() and len(name) <= 100:
        return f"{path}.{name}"
    import json

    shown = name if len(name) <= 100 else f"{name[:100]}…"
    return f"{path}[{json.dumps(shown)}]"
