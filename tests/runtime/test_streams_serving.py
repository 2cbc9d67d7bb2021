"""Streams against real servers in processes of their own, uvicorn and granian."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from idlgen.runtime import Unavailable
from tests.runtime.conftest import SERVERS, served
from tests.runtime.contract.feed.client import AsyncFeedClient
from tests.runtime.contract.feed.errors import NoSuchTopic
from tests.runtime.contract.newsroom import HELLO
from tests.runtime.streaming import KINDS, caller_of

WORDS = 600
"""Many times what may be under way without credit."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_stream_is_carried(websocket_url: str, kind: str) -> None:
    with caller_of(websocket_url, kind) as feed:
        events = feed.all(feed.client.watch("news", limit=300))
        assert [event.value for event in events] == list(range(300))
        assert feed.result(feed.client.upload([HELLO] * 300)) == 300
        words = [f"a{number}" for number in range(300)]
        replies = [f"A{number}" for number in range(300)]
        assert feed.all(feed.client.talk(words)) == replies
        with pytest.raises(NoSuchTopic):
            feed.all(feed.client.watch("broken"))


@pytest.mark.parametrize("kind", KINDS)
def test_events_are_carried_over_http(websocket_url: str, kind: str) -> None:
    with caller_of(websocket_url.replace("ws://", "http://"), kind) as feed:
        events = feed.all(feed.client.watch("news", limit=300))
        assert [event.value for event in events] == list(range(300))
        with feed.open(feed.client.watch("endless")) as some:
            assert next(some).value == 0
        with pytest.raises(NoSuchTopic):
            feed.all(feed.client.watch("broken"))


@pytest.mark.parametrize("kind", KINDS)
def test_two_ways_slow_in_turn_lose_nothing_and_hold_nobody_up(
    websocket_url: str, kind: str
) -> None:
    sent = 0

    def words() -> Iterator[str]:
        nonlocal sent
        for number in range(WORDS):
            # First nobody is slow; then this side is.
            if number >= WORDS // 2:
                time.sleep(0.0005)
            sent += 1
            yield f"a{number}"

    with caller_of(websocket_url, kind) as feed:
        with feed.open(feed.client.talk(words())) as replies:
            seen = [next(replies)]
            # While nothing is read, others are answered, and little is sent: what is
            # under way on both ways together, and what the server holds between them.
            for _ in range(50):
                assert feed.result(feed.client.count("four")) == 4
            assert sent < WORDS
            seen += replies
        assert seen == [f"A{number}" for number in range(WORDS)]
        assert sent == WORDS


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_that_stops_in_good_form_ends_its_streams(
    server: str, root: Path
) -> None:
    async def talk() -> None:
        with served(root, server) as address:
            feed = AsyncFeedClient(f"ws://{address}")
            watching = feed.watch("endless")
            events = await watching.__aenter__()
            await anext(events)
        # It was told to stop, and has.
        with pytest.raises(Unavailable):
            async for _ in events:
                pass
        await watching.__aexit__(None, None, None)
        await feed.aclose()

    asyncio.run(asyncio.wait_for(talk(), 60))
