"""Filters for templates of a project's own, which may print what nothing has escaped yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from idlgen.emit.json_text import json_line
from idlgen.targets.tsdoc.comments import one_line


def _comment(value: object) -> str:
    return one_line(value if isinstance(value, str) else json_line(value))


FILTERS: Mapping[str, Callable[[object], str]] = {
    "typescript_comment": _comment,
    "typescript_literal": json_line,
}
