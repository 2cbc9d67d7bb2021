"""The stream that answers a POST, over any HTTP library: server-sent events.

Nothing is read ahead but what the library holds, so a consumer that is slow makes the
server wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from idlgen.runtime.event_stream import EventReader
from idlgen.runtime.transports.peer import AsyncResponse, Peer, Response
from idlgen.runtime.transports.streaming import PARTING, Patience


class Events:
    """The messages in the body of one response."""

    def __init__(self, response: Response, peer: Peer, patience: Patience) -> None:
        """Take over `response`."""
        self._response = response
        self._peer = peer
        self._patience = patience
        self._events = EventReader(peer.limit)

    def receive(self) -> Sequence[bytes]:
        """Return the messages of the next events; see `Messages.receive`."""
        while not self._events.is_too_large:
            piece = self._read()
            if not piece:
                return ()
            messages = self._events.feed(piece)
            if messages:
                return messages
        raise self._peer.too_large()

    def close(self, *, is_whole: bool) -> None:
        """Close the response; see `Messages.close`.

        Whether the stream `is_whole` or not, its end is not awaited, for libraries that
        block take no new bound for that wait: mostly the connection is not kept.
        """
        del is_whole
        with suppress(self._peer.faults.lost, OSError):
            self._response.close()

    def _read(self) -> bytes:
        patience = self._patience
        try:
            if patience.is_over:
                raise TimeoutError
            return self._response.read()
        except (self._peer.faults.lost, OSError) as error:
            raise self._peer.stream_failure(error, patience) from error


class AsyncEvents:
    """The same for an event loop."""

    def __init__(self, response: AsyncResponse, peer: Peer, patience: Patience) -> None:
        """Take over `response`."""
        self._response = response
        self._peer = peer
        self._patience = patience
        self._events = EventReader(peer.limit)

    async def receive(self) -> Sequence[bytes]:
        """Return the messages of the next events; see `AsyncMessages.receive`."""
        while not self._events.is_too_large:
            piece = await self._read()
            if not piece:
                return ()
            messages = self._events.feed(piece)
            if messages:
                return messages
        raise self._peer.too_large()

    async def aclose(self, *, is_whole: bool) -> None:
        """Keep the connection if the response ends at once, else close it."""
        with suppress(self._peer.faults.lost, OSError):
            try:
                if is_whole:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(PARTING):
                            await self._response.read()
            finally:
                await self._response.aclose()

    async def _read(self) -> bytes:
        patience = self._patience
        try:
            if patience.is_over:
                raise TimeoutError
            async with asyncio.timeout(patience.seconds):
                return await self._response.read()
        except (self._peer.faults.lost, OSError) as error:
            raise self._peer.stream_failure(error, patience) from error
