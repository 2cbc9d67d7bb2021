from __future__ import annotations

import pytest

from idlgen.targets.tsdoc.durations import duration_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 ms"),
        (0.5, "500 ms"),
        (1.0, "1 s"),
        (1.5, "1.5 s"),
        (59.999, "59.999 s"),
        (60.0, "1 min"),
        (90.0, "1 min 30 s"),
        (5400.0, "1 h 30 min"),
        (3600.25, "1 h 0.25 s"),
        (864000.0, "240 h"),
        (3_600_000_000.0, "1000000 h"),
    ],
)
def test_durations_read_as_people_write_them(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
