"""Filters for templates of a project's own, which may print what nothing has escaped yet.

Views hold texts that are ready to print, but for `extensions`, which a schema's `x-`
keys fill as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from idlgen.emit.json_text import json_line
from idlgen.emit.markdown_text import cell, code, paragraphs
from idlgen.targets.tsdoc.comments import one_line


def _of_any(escape: Callable[[str], str]) -> Callable[[object], str]:
    """Return `escape` for values of all kinds: what is no text is its JSON."""

    def escaped(value: object) -> str:
        return escape(value if isinstance(value, str) else json_line(value))

    return escaped


FILTERS: Mapping[str, Callable[[object], str]] = {
    "markdown": _of_any(paragraphs),
    "markdown_cell": _of_any(cell),
    "markdown_code": _of_any(code),
    "typescript_comment": _of_any(one_line),
    "typescript_literal": json_line,
}
