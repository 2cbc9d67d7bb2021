"""Times that are short, for the test's sake, and yet long enough for what has to begin."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

TRIES = 10


def lengthening(first: float) -> Iterator[float]:
    """Yield `first` seconds, then twice as many again and again; the caller breaks.

    What ends by its deadline has not always begun by then: the machine may be busy.
    """
    for tried in count():
        if tried == TRIES:
            pytest.fail(f"it did not begin within {first * 2**tried / 2:g} seconds")
        yield first * 2**tried
