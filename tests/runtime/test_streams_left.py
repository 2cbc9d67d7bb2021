"""Async streams that are left by who is cancelled once more while it leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from idlgen.runtime.transports.events_adapted import AsyncEvents
from idlgen.runtime.transports.events_asynchronous import AiohttpEvents
from idlgen.runtime.transports.peer import Faults
from idlgen.runtime.transports.streaming import Patience
from tests.runtime.contract.newsroom import PATIENCE
from tests.runtime.streaming import calling


async def cancelled_as_it_leaves(leaving: asyncio.Event, left: Any) -> None:
    """Leave a stream, and give up while that takes its time."""
    task = asyncio.ensure_future(left)
    await leaving.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("wire", ["ws", "in process"])
def test_the_call_is_given_up_though_its_sender_takes_long_to_end(wire: str) -> None:
    async def talk(feed: Any) -> None:
        leaving = asyncio.Event()

        async def words() -> AsyncIterator[str]:
            yield "a"
            try:
                await asyncio.Event().wait()
            finally:
                leaving.set()
                await asyncio.Event().wait()

        async def left_early() -> None:
            async with feed.client.talk(words()) as answers:
                assert await anext(answers) == "A"

        await cancelled_as_it_leaves(leaving, left_early())
        assert await asyncio.to_thread(feed.newsroom.ended.acquire, timeout=PATIENCE)

    with calling(wire, "async") as feed:
        feed.wait(talk(feed))


class Response:
    """A response whose end does not come; it is aiohttp's and an adapter's alike."""

    def __init__(self) -> None:
        self.content = self
        self.leaving = asyncio.Event()
        self.closed = 0

    def at_eof(self) -> bool:
        return False

    async def readany(self) -> bytes:
        self.leaving.set()
        await asyncio.Event().wait()
        return b""

    read = readany

    def release(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


class Peer:
    """A server of which an adapter knows how it fails."""

    limit = 1000
    faults = Faults(KeyError, KeyError, str)


def over_aiohttp(response: Any) -> Any:
    return AiohttpEvents(response, "http://x/rpc", Patience(None), 1000)


def over_an_adapter(response: Any) -> Any:
    peer: Any = Peer()
    return AsyncEvents(response, peer, Patience(None))


@pytest.mark.parametrize("made", [over_aiohttp, over_an_adapter])
def test_the_response_is_closed_though_its_end_is_not_awaited(
    made: Callable[[Any], Any],
) -> None:
    async def leave() -> None:
        response = Response()
        events = made(response)
        await cancelled_as_it_leaves(response.leaving, events.aclose(is_whole=True))
        assert response.closed == 1

    asyncio.run(leave())
