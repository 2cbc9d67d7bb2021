"""How long to wait before a connection is tried again."""

from __future__ import annotations

from collections.abc import Callable
from random import SystemRandom

BASE = 0.05
CAP = 5.0

RANDOM = SystemRandom()


def backoff(
    attempt: int,
    *,
    base: float = BASE,
    uniform: Callable[[float, float], float] = RANDOM.uniform,
) -> float:
    """Return the pause in seconds before try ``attempt``; 1 is the first repetition.

    Full jitter: uniform in [0, min(cap, base * 2**attempt)], after the AWS Architecture
    Blog's "Exponential Backoff And Jitter" (2015): clients that lost a server together
    do not come back together. `base` is in seconds, `uniform` draws.

    Raises:
        ValueError: ``attempt`` is less than 1.
    """
    if attempt < 1:
        raise ValueError(f"the first repetition is 1, not {attempt}")
    # No power of more than a few digits: a server may be away for days.
    longest = min(CAP, base * 2 ** min(attempt, 10))
    return uniform(0, longest)
