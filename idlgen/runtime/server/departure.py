"""Ending the work for a client that has gone."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from idlgen.runtime.server.interruption import Interruption
from idlgen.runtime.server.reading import ClientDisconnected
from idlgen.runtime.server.scope import Receive

MOMENT = 0.01
"""Seconds that work may wait before its client is watched: to ask a database is quick."""


class Departure(Interruption):
    """Ends work with `ClientDisconnected` when the client goes."""

    _timer: asyncio.TimerHandle
    _watching: asyncio.Task[None] | None = None

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    def arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch the client, in a moment."""
        self._timer = loop.call_later(MOMENT, self._begin, loop)

    def disarm(self) -> None:
        """Watch it no more."""
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()

    def interrupted(self) -> Exception:
        """Return that it went."""
        return ClientDisconnected()

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watching = loop.create_task(self._watch())

    async def _watch(self) -> None:
        # A server that cannot even tell what comes has lost its client too.
        with suppress(Exception):
            while (await self._receive())["type"] != "http.disconnect":
                pass
        self.interrupt()
