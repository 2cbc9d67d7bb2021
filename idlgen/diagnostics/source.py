"""A text that was read, and places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")


class Position(NamedTuple):
    """A place as editors count it: line and column from 1, columns in code points."""

    line: int
    column: int


class Source:
    """The text of one file under the path that messages show.

    Offsets count code points from the start of `text`, which keeps its line ends as
    they were read (LF, CRLF and lone CR each end a line).
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; there is always at least one."""
        return _LINE_END.split(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> Position:
        """Return the line and column of the code point at `offset`."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def __repr__(self) -> str:
        return f"Source({self.path!r})"


class Span:
    """The code points `start` to `end` (exclusive) of a source."""

    __slots__ = ("end", "source", "start")

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    @property
    def position(self) -> Position:
        """Where the span begins."""
        return self.source.position(self.start)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Span)
            and self.source is other.source
            and (self.start, self.end) == (other.start, other.end)
        )

    def __hash__(self) -> int:
        return hash((id(self.source), self.start, self.end))

    def __repr__(self) -> str:
        line, column = self.position
        return f"Span({self.source.path}:{line}:{column})"
