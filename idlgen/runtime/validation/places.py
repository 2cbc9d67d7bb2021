"""Places in a refused value, and what may be said of what stands there."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct as Record

from idlgen.runtime.suggest import MAX_LISTED, shown, suggestion
from idlgen.runtime.validation.branches import member_path
from idlgen.runtime.validation.scalars import json_kind


class Place(Record, frozen=True):
    """A path and how many levels deep it is.

    Of a hidden place, which is inside of a sensitive field, only what was expected is
    said: not even the names of its members are, unless they are those of a type.
    """

    path: str = "$"
    depth: int = 0
    hidden: bool = False

    def member(self, name: str, *, hidden: bool = False) -> Place:
        """Return the place of a member that the type names."""
        path = member_path(self.path, name)
        return Place(path, self.depth + 1, self.hidden or hidden)

    def entry(self, name: str) -> Place:
        """Return the place of a member whose name is the peer's own."""
        path = f"{self.path}[...]" if self.hidden else member_path(self.path, name)
        return Place(path, self.depth + 1, self.hidden)

    def element(self, index: int) -> Place:
        """Return the place of an array's element."""
        return Place(f"{self.path}[{index}]", self.depth + 1, self.hidden)

    def wrong_kind(self, kind: str, value: object) -> str:
        """Say that `value` is of another kind than the one expected."""
        return self.refused(f"Expected `{kind}`, got `{json_kind(value)}`")

    def refused(self, message: str) -> str:
        """Say what a scalar's decoder said."""
        return message.partition(", got ")[0] if self.hidden else message

    def unknown(self, thing: str, word: str, known: Iterable[str]) -> str:
        """Say that `word` is none of the known ones: `thing` is what they all are."""
        if not self.hidden:
            return f"Unknown {thing} {shown(word)}{suggestion(word, known)}"
        names = [f"`{name}`" for name in known]
        if len(names) > MAX_LISTED:
            return f"Expected a known {thing}"
        return f"Expected one of {', '.join(names)}"

    def key(self, name: str, message: str) -> str:
        """Say what is wrong with a map's key."""
        message = self.refused(message)
        return f"Key: {message}" if self.hidden else f"Key {shown(name)}: {message}"

    def repeated(self, first: str) -> str:
        """Say that the element of a set stands at the path `first` already."""
        return "Expected no repeats" if self.hidden else f"Repeats `{first}`"
