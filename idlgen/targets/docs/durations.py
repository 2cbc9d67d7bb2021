"""Durations as people write them."""

from __future__ import annotations

_UNITS = (("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1))


def duration_text(seconds: float) -> str:
    """Return `seconds` to the millisecond, such as `1 h 30 min`, `2 s` or `500 ms`."""
    rest = round(seconds * 1000)
    parts = []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"
