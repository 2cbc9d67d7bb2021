from __future__ import annotations

from datetime import timedelta

import pytest

from idlgen.syntax.durations import iso_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2s", 2),
        ("500ms", 0.5),
        ("1h30m", 5400),
        ("1d", 86400),
        ("1.5s", 1.5),
        ("1m500ms", 60.5),
        ("PT2S", 2),
        ("P1DT1H", 90000),
        ("P2W", 1209600),
        ("PT0.25S", 0.25),
        ("0s", 0),
        ("", None),
        ("2", None),
        ("s", None),
        ("P", None),
        ("PT", None),
        ("P1Y", None),
        ("P1M", None),
        ("-2s", None),
        ("2 s", None),
        ("30m1h", None),
        ("9" * 400 + "d", None),
    ],
)
def test_durations_are_read(text: str, seconds: float | None) -> None:
    value = parse_duration(text)

    assert (None if value is None else value.total_seconds()) == seconds


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(seconds=2), "PT2S"),
        (timedelta(milliseconds=1500), "PT1.5S"),
        (timedelta(days=1), "P1D"),
        (timedelta(days=2, hours=3, minutes=4, seconds=5), "P2DT3H4M5S"),
        (timedelta(microseconds=1), "PT0.000001S"),
    ],
)
def test_durations_are_written_in_iso_8601(value: timedelta, text: str) -> None:
    assert iso_duration(value) == text
    assert parse_duration(text) == value
