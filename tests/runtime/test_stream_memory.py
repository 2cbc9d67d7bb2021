"""However long a stream, neither side keeps more of it than is under way."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.runtime.contract.newsroom import PATIENCE
from tests.runtime.streaming import KINDS, WIRES, calling

MANY = 100_000
"""Items, which come to 9 MB on the wire and to more as objects."""
FLAT = 4 * 1024 * 1024


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_long_stream_needs_no_more_memory_on_either_side(
    wire: str, kind: str
) -> None:
    with calling(wire, kind) as feed:
        feed.all(feed.client.watch("news"))
        tracemalloc.start()
        try:
            assert feed.number(feed.client.watch("news", limit=MANY)) == MANY
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < FLAT


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_slow_reader_makes_the_handler_wait(wire: str, kind: str) -> None:
    with calling(wire, kind) as feed:
        with feed.open(feed.client.watch("news", limit=100 * MANY)) as events:
            next(events)
            # The server has all the time that it wants meanwhile.
            for _ in range(100):
                assert feed.result(feed.client.count("four")) == 4
            assert feed.newsroom.made < 20 * MANY
        assert feed.newsroom.ended.acquire(timeout=PATIENCE)
