"""Durations as schemas write them: `2s`, `500ms`, `1h30m` or ISO 8601."""

from __future__ import annotations

import re
from datetime import timedelta

_SHORT = re.compile(
    r"(?=\d)(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m(?!s))?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)s)?(?:(?P<milliseconds>\d+)ms)?"
)
_ISO = re.compile(
    r"P(?=.)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?"
)


def parse_duration(text: str) -> timedelta | None:
    """Return the duration that `text` writes, or None if it writes none.

    Calendar units (years, months) are refused: their length is not fixed.
    """
    match = _SHORT.fullmatch(text) or _ISO.fullmatch(text)
    if match is None:
        return None
    parts = {unit: float(n) for unit, n in match.groupdict().items() if n is not None}
    try:
        return timedelta(**parts)
    except OverflowError:
        return None


def iso_duration(value: timedelta) -> str:
    """Return the ISO 8601 text of a duration that is not negative, such as `PT1M30S`."""
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    time = "".join(
        f"{amount}{unit}"
        for amount, unit in (
            (hours, "H"),
            (minutes, "M"),
            (f"{seconds}{fraction}", "S"),
        )
        if amount not in (0, "0")
    )
    days = f"{value.days}D" if value.days else ""
    return f"P{days}T{time}" if time else f"P{days or 'T0S'}"
