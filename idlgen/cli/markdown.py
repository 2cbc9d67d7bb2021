"""The Markdown of explanation pages, laid out for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from idlgen.diagnostics.codes import Code
from idlgen.diagnostics.explanation import Explanation

_RED, _YELLOW, _CYAN, _BOLD, _RESET = (
    "\x1b[1;31m",
    "\x1b[1;33m",
    "\x1b[36m",
    "\x1b[1m",
    "\x1b[0m",
)
_FENCE = re.compile(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_CODE = re.compile(r"`[^`]+`")


class Layout:
    """Lays pages out, with headings and code coloured or all of it plain."""

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def page(self, code: str, entry: Code, explained: Explanation) -> str:
        """Return the page about `code` in whole lines of at most 88 columns."""
        style = _YELLOW if entry.severity == "warning" else _RED
        first = self._paint(f"{entry.severity}[{code}]", style)
        title = self._paint(f": {explained.title}", _BOLD)
        sections = [
            f"{self._paint(section.heading, _BOLD)}\n\n"
            + "".join(self._blocks(section.text))
            for section in explained.sections
        ]
        return "\n\n".join([first + title, *sections]) + "\n"

    def _blocks(self, text: str) -> Iterator[str]:
        """Yield prose as it is broken, and what is fenced indented below its name."""
        end = 0
        for fence in _FENCE.finditer(text):
            yield self._prose(text[end : fence.start()])
            yield self._fenced(fence[2], fence[3])
            end = fence.end()
        yield self._prose(text[end:])

    def _prose(self, text: str) -> str:
        return _CODE.sub(lambda code: self._paint(code[0], _CYAN), text)

    def _fenced(self, name: str, text: str) -> str:
        title = [f"  {self._paint(name, _CYAN)}"] if name else []
        body = [f"    {line}".rstrip() for line in text.splitlines()]
        return "\n".join(title + body)

    def _paint(self, text: str, style: str) -> str:
        return f"{style}{text}{_RESET}" if self._color else text
