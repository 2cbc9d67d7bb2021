"""JSON values of a schema (defaults, examples) as text to be read."""

from __future__ import annotations

import msgspec

from idlgen.emit.invisible import visible

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def json_line(value: object) -> str:
    """Return `value` as JSON on one line, with spaces after colons and commas."""
    return visible(msgspec.json.format(_ENCODER.encode(value), indent=0).decode())


def json_document(value: object) -> str:
    """Return `value` as the text of a JSON file, one member or item on each line."""
    encoded = visible(_ENCODER.encode(value).decode())
    return msgspec.json.format(encoded, indent=2) + "\n"


def json_block(value: object, width: int) -> str:
    """Return `value` as JSON of lines of at most `width` columns where that can be.

    What fits on a line stands on one; the rest is broken with an indent of two.
    """
    return _fitted(value, "", "", width)


def _fitted(value: object, indent: str, start: str, width: int) -> str:
    """Return `start` and `value`; the first line's indent is the caller's."""
    line = start + json_line(value)
    room = width - len(indent) - len(",")
    if len(line) <= room or not value or not isinstance(value, dict | list):
        return line
    deeper = f"{indent}  "
    if isinstance(value, dict):
        parts = [
            _fitted(part, deeper, f"{json_line(key)}: ", width)
            for key, part in value.items()
        ]
        brackets = "{}"
    else:
        parts = [_fitted(part, deeper, "", width) for part in value]
        brackets = "[]"
    inside = f",\n{deeper}".join(parts)
    return f"{start}{brackets[0]}\n{deeper}{inside}\n{indent}{brackets[1]}"
