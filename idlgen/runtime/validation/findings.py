"""What a walk over a refused value has found so far, and when it is enough."""

from __future__ import annotations

from msgspec import inspect

from idlgen.runtime.errors import Problem
from idlgen.runtime.validation.members import Members
from idlgen.runtime.validation.places import Place

MAX_PROBLEMS = 50
MAX_NODES = 100_000


class Enough(Exception):
    """The bounds of the walk are reached."""


class Findings:
    """The problems of one value, in the order in which they are found.

    Whatever adds to them may raise `Enough`.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._nodes = 0

    def __len__(self) -> int:
        return len(self.problems)

    def count_node(self) -> None:
        """Count a value that is looked at."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise Enough

    def add(self, place: Place, message: str) -> None:
        """Add one problem."""
        self.problems.append(Problem(place.path, message))
        if len(self.problems) == MAX_PROBLEMS:
            raise Enough

    def unique(self, members: Members, place: Place) -> dict[str, object]:
        """Return an object's members by name, of repeated ones the last."""
        found: dict[str, object] = {}
        for name, value in members:
            if name in found:
                self.add(place.entry(name), "Member is written twice")
            found[name] = value
        return found

    def check_length(
        self,
        node: inspect.ListType | inspect.FrozenSetType | inspect.DictType,
        length: int,
        place: Place,
    ) -> None:
        """Add what is wrong with the number of a container's elements."""
        kind = "object" if isinstance(node, inspect.DictType) else "array"
        if node.min_length is not None and length < node.min_length:
            self.add(place, f"Expected `{kind}` of length >= {node.min_length}")
        if node.max_length is not None and length > node.max_length:
            self.add(place, f"Expected `{kind}` of length <= {node.max_length}")
