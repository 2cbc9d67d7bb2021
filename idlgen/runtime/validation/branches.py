"""The graph of a type, and which of its branches hold a kind of leaf."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import inspect

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


class Branches:
    """Knows under which nodes of a type's graph a wanted node can be reached.

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
        while pending:
            node = pending.pop()
            if wanted(node):
                found.append(node)
            for child in children(node):
                parents.setdefault(id(child), []).append(node)
                if id(child) not in seen:
                    seen.add(id(child))
                    pending.append(child)
        self._inside = _ancestors(found, parents)

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
