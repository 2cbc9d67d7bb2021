"""How deep the values of a type must be at least, and where a type leads back to itself."""

from __future__ import annotations

from collections.abc import Collection
from math import inf

from msgspec import inspect

from idlgen.runtime.fakes.limits import limits_of
from idlgen.runtime.validation.branches import SEQUENCES, bare, children, nodes


class Graph:
    """Heights and reach of the nodes of one type, by identity."""

    def __init__(self, root: inspect.Type) -> None:
        self._root = root
        self._heights: dict[int, float] = {}
        self._reach: dict[int, frozenset[int]] = {}
        known = list(nodes(root))
        changed = True
        while changed:
            changed = False
            for node in known:
                height = self._height_by_parts(node)
                if height < self.height(node):
                    self._heights[id(node)] = height
                    changed = True

    def height(self, node: inspect.Type) -> float:
        """Return how many structs stand in each other in the shallowest value."""
        return self._heights.get(id(node), inf)

    def leads_to(self, node: inspect.Type, structs: Collection[int]) -> bool:
        """Return whether one of the structs, given by identity, can stand in `node`."""
        return not self._reached(node).isdisjoint(structs)

    def _reached(self, node: inspect.Type) -> frozenset[int]:
        reached = self._reach.get(id(node))
        if reached is None:
            found = nodes(node)
            reached = frozenset(
                id(part) for part in found if isinstance(part, inspect.StructType)
            )
            self._reach[id(node)] = reached
        return reached

    def _height_by_parts(self, node: inspect.Type) -> float:
        plain = bare(node)
        if isinstance(plain, inspect.StructType):
            required = [field.type for field in plain.fields if field.required]
            return 1 + max(map(self.height, required), default=0)
        if isinstance(plain, inspect.UnionType):
            return min(map(self.height, plain.types))
        if isinstance(plain, (*SEQUENCES, inspect.DictType)):
            if limits_of(node).least == 0:
                return 0
            return max(map(self.height, children(plain)))
        return 0
