"""Templates of a project's own, which stand in the place of built-in ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic, Source, Span

TEMPLATE_API = 1
"""The version of what templates see; docs/configuration.md lists it."""

BUILT_IN = "builtin"
"""`builtin/client.py.j2` is the built-in template, whatever stands in its place."""


class OwnTemplate(Record, frozen=True):
    """What a template says, its lines ended by LF, and how messages call its file."""

    path: str
    text: str

    def at(self, line: int) -> Span:
        """Return what stands in a line, the first of which is 1, without its indent."""
        lines = self.text.split("\n")
        before, written = lines[: line - 1], lines[min(line, len(lines)) - 1]
        start = min(sum(map(len, before)) + len(before), len(self.text))
        indent = len(written) - len(written.lstrip())
        return Span(
            Source(self.path, self.text), start + indent, start + len(written.rstrip())
        )


OwnTemplates: TypeAlias = Mapping[str, OwnTemplate]
"""Own templates of one target by the name under which they are loaded."""


class TemplateFault(Exception):
    """An own template cannot be rendered; `diagnostic` says which, where and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
