"""The parts of a graph within which every node leads to every other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node")


def components(graph: Mapping[Node, Sequence[Node]]) -> dict[Node, int]:
    """Return the number of the strongly connected component that each node stands in.

    Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972), with a
    stack of its own: a way may be as long as the schema.
    """
    found: dict[Node, int] = {}
    order: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    open_: list[Node] = []

    def enter(node: Node) -> tuple[Node, Iterator[Node]]:
        order[node] = lowest[node] = len(order)
        open_.append(node)
        return node, iter(graph.get(node, ()))

    for start in graph:
        walk = [] if start in order else [enter(start)]
        while walk:
            node, following = walk[-1]
            target = next(following, None)
            if target is None:
                walk.pop()
                if walk:
                    user = walk[-1][0]
                    lowest[user] = min(lowest[user], lowest[node])
                if lowest[node] == order[node]:
                    _close(node, open_, found)
            elif target not in order:
                walk.append(enter(target))
            elif target not in found:
                lowest[node] = min(lowest[node], order[target])
    return found


def _close(root: Node, open_: list[Node], found: dict[Node, int]) -> None:
    """Take the component of `root`, the first of it that was entered, off `open_`."""
    number = len(found)
    while root not in found:
        found[open_.pop()] = number
