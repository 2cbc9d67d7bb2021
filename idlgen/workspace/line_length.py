"""The line length of the formatter that a project uses."""

from __future__ import annotations

from pathlib import Path

from idlgen.diagnostics import Diagnostic

DEFAULT_LINE_LENGTH = 88
"""That of black and of ruff."""

_PLACES = (
    (("tool", "black"), "line-length"),
    (("tool", "black"), "line_length"),
    (("tool", "ruff"), "line-length"),
)


def formatter_line_length(start: Path) -> int:
    """Return the line length that the nearest pyproject.toml at or above `start` sets.

    Black's own setting goes before ruff's; without either it is their default, 88.
    """
    for folder in (start, *start.parents):
        try:
            data = (folder / "pyproject.toml").read_bytes()
        except OSError:
            continue
        return _line_length(data) or DEFAULT_LINE_LENGTH
    return DEFAULT_LINE_LENGTH


def _line_length(data: bytes) -> int | None:
    # Most files say nothing of it, and a TOML parser costs milliseconds to load.
    if b"line-length" not in data and b"line_length" not in data:
        return None
    from idlgen.workspace.toml_file import read_toml

    toml = read_toml("pyproject.toml", data)
    if isinstance(toml, Diagnostic):
        return None
    for keys, name in _PLACES:
        value = (toml.table(keys) or {}).get(name)
        if isinstance(value, int) and value > 0:
            return value
    return None
