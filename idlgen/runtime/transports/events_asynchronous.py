"""The stream that answers a POST, over aiohttp: server-sent events, read as asked for.

aiohttp stops reading its socket when 128 KiB wait unread, so a consumer that is slow
makes the server wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import aiohttp

from idlgen.runtime.errors import RpcError
from idlgen.runtime.event_stream import EventReader
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.streaming import PARTING, Patience


class AiohttpEvents:
    """The messages in the body of one response."""

    def __init__(
        self,
        response: aiohttp.ClientResponse,
        url: str,
        patience: Patience,
        limit: int,
    ) -> None:
        """Take over `response`; a message has at most `limit` bytes."""
        self._response = response
        self._url = url
        self._patience = patience
        self._limit = limit
        self._events = EventReader(limit)

    async def receive(self) -> Sequence[bytes]:
        """Return the messages of the next events; see `AsyncMessages.receive`."""
        while not self._events.is_too_large:
            piece = await self._read()
            if not piece:
                return ()
            messages = self._events.feed(piece)
            if messages:
                return messages
        raise failures.too_large(self._url, self._limit)

    async def aclose(self, *, is_whole: bool) -> None:
        """Keep the connection if the response is at its end, else close it."""
        content = self._response.content
        try:
            if is_whole and not content.at_eof():
                with suppress(TimeoutError, aiohttp.ClientError, OSError):
                    async with asyncio.timeout(PARTING):
                        await content.readany()
        finally:
            self._response.release()

    async def _read(self) -> bytes:
        if self._patience.is_over:
            raise self._out_of_patience()
        try:
            async with asyncio.timeout(self._patience.seconds):
                return await self._response.content.readany()
        except TimeoutError as error:
            raise self._out_of_patience() from error
        except (aiohttp.ClientError, OSError) as error:
            raise failures.broken(self._url, error) from error

    def _out_of_patience(self) -> RpcError:
        if self._patience.has_ended_wait:
            return failures.late(self._url, self._patience.timeout)
        return failures.silent(self._url)
