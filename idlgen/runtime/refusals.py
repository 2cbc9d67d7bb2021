"""What is raised where a value does not fit its type."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.runtime.errors import Problem

TOO_DEEP = Problem("$", "Nested too deeply")


class Refused(Exception):
    """A value is none of its type; `problems` is never empty."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(problems[0].message)


class NotFinite(Refused):
    """A value holds NaN or an infinity, wherever its problems say; it may have others."""
