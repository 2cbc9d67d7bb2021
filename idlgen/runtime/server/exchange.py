"""A request over HTTP and its client, who sends the body and then waits for the answer."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from msgspec import Struct

from idlgen.runtime.server.interruption import Interruption
from idlgen.runtime.server.scope import Message, Receive

MOMENT = 0.01
"""Seconds that work may wait before its client is watched: to ask a database is quick."""


class ClientDisconnected(Exception):
    """Nobody waits for the response any more."""


class SlowBody(Exception):
    """A request's body has not come in time."""


class Exchange(Struct, eq=False):
    """One request on its way in; the body has `read_timeout` seconds to come.

    `watch` is there while the work for it waits.
    """

    receive: Receive
    read_timeout: float
    is_read: bool = False
    watch: Watch | None = None

    async def rest(self, message: Message, limit: int) -> bytes | None:
        """Return the body that begins with `message`, or None beyond `limit` bytes.

        Raises:
            ClientDisconnected: the client went before the body was whole.
        """
        body = bytearray()
        while message["type"] != "http.disconnect":
            body += message.get("body", b"")
            if len(body) > limit:
                return None
            if not message.get("more_body", False):
                return bytes(body)
            message = await self.receive()
        raise ClientDisconnected

    def has_come(self) -> None:
        """Note that the body has come: from now on the client can only go."""
        self.is_read = True
        if self.watch is not None:
            self.watch.expect_departure()


class Watch(Interruption):
    """Ends work with `SlowBody` or `ClientDisconnected`, by what its client does."""

    _timer: asyncio.TimerHandle
    _watching: asyncio.Task[None] | None = None

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give the body its time; where it has come, begin to watch in a moment."""
        self._loop = loop
        if self._exchange.is_read:
            self._timer = loop.call_later(MOMENT, self._begin)
        else:
            self._exchange.watch = self
            self._timer = loop.call_later(self._exchange.read_timeout, self.interrupt)

    def expect_departure(self) -> None:
        """Begin to watch the client in a moment, for its body has come."""
        self._timer.cancel()
        self._timer = self._loop.call_later(MOMENT, self._begin)

    def disarm(self) -> None:
        """Watch no more."""
        self._exchange.watch = None
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()

    def interrupted(self) -> Exception:
        """Return what the client did."""
        return ClientDisconnected() if self._exchange.is_read else SlowBody()

    def _begin(self) -> None:
        self._watching = self._loop.create_task(self._watch())

    async def _watch(self) -> None:
        # A server that cannot even tell what comes has lost its client too.
        with suppress(Exception):
            while (await self._exchange.receive())["type"] != "http.disconnect":
                pass
        self.interrupt()
