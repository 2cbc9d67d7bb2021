"""Where a made value stands, which decides what it says."""

from __future__ import annotations

from typing import NamedTuple

from idlgen.runtime.validation.branches import member_path


class Place(NamedTuple):
    """Where a value stands: what it is called, the how manieth it is, its path."""

    name: str
    number: int
    path: str = "$"

    def member(self, name: str, called: str | None = None) -> Place:
        """Return the place of a struct's field, which may be called otherwise."""
        words = (called or name).replace("_", " ").strip() or name
        return Place(words, self.number, member_path(self.path, name))

    def item(self, number: int) -> Place:
        """Return the place of one of many: what is called `tags` holds a `tag`."""
        name = self.name
        if name.endswith("s") and not name.endswith("ss") and len(name) > 2:
            name = name[:-1]
        return Place(name, number, f"{self.path}[]")
