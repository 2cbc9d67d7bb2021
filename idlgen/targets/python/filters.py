"""Filters for templates of a project's own, which may print what nothing has escaped yet.

Views hold texts that are ready to print, but for `extensions`, which a schema's `x-`
keys fill as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from idlgen.emit.json_text import json_line
from idlgen.emit.python_text import comment
from idlgen.targets.python.values import json_expression


def _comment(value: object) -> str:
    return comment(value if isinstance(value, str) else json_line(value))


FILTERS: Mapping[str, Callable[[object], str]] = {
    "python_comment": _comment,
    "python_literal": json_expression,
}
