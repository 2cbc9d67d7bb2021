"""Durations as people write them."""

from __future__ import annotations


def duration_text(seconds: float) -> str:
    """Return `seconds`, such as `1 h 30 min`, `2.5 s` or `500 ms`, to the millisecond."""
    whole = round(seconds * 1000)
    if whole < 1000:
        return f"{whole} ms"
    minutes, rest = divmod(whole, 60_000)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest / 1000, "s")]
    return " ".join([f"{count:.15g} {unit}" for count, unit in parts if count])
