"""The line length of the formatter that a project uses."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic, Span
from idlgen.workspace.paths import as_text

DEFAULT_LINE_LENGTH = 88
"""That of black and of ruff."""

_PLACES = (
    (("tool", "black"), "line-length"),
    (("tool", "black"), "line_length"),
    (("tool", "ruff"), "line-length"),
)


class LineLength(Record, frozen=True):
    """A line length in columns, and the table that sets it: None for the default."""

    columns: int = DEFAULT_LINE_LENGTH
    table: str | None = None
    place: Span | None = None


def formatter_line_length(start: Path) -> LineLength:
    """Return the line length that the nearest pyproject.toml at or above `start` sets.

    Black's own setting goes before ruff's; without either it is their default, 88. Its
    place calls the file relative to `start`.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        try:
            data = file.read_bytes()
        except OSError:
            continue
        return _line_length(as_text(Path(os.path.relpath(file, start))), data)
    return LineLength()


def _line_length(path: str, data: bytes) -> LineLength:
    # Most files say nothing of it, and a TOML parser costs milliseconds to load.
    if b"line-length" not in data and b"line_length" not in data:
        return LineLength()
    from idlgen.workspace.toml_file import read_toml

    toml = read_toml(path, data)
    if isinstance(toml, Diagnostic):
        return LineLength()
    for keys, name in _PLACES:
        value = (toml.table(keys) or {}).get(name)
        if type(value) is int and value > 0:
            return LineLength(
                value, f"[{'.'.join(keys)}]", toml.key_span((*keys, name))
            )
    return LineLength()
