"""A stream as the response to a POST: server-sent events, see `runtime.event_stream`.

What is known before the first item is an ordinary response: an error, or the end of a
stream without items. A handler that takes longer than a moment is not waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Raw

from idlgen.runtime.event_stream import COMMENT, CONTENT_TYPE, event
from idlgen.runtime.outbox import Outbox
from idlgen.runtime.server.scope import Send

MOMENT = 0.1
"""Seconds that the first item has, before the response begins without it."""
SILENCE = 15.0
"""Seconds without an item after which a comment shows that the server lives."""

_HEADERS = (
    (b"content-type", CONTENT_TYPE.encode()),
    (b"cache-control", b"no-store"),
    # Proxies of nginx's kind would keep items back.
    (b"x-accel-buffering", b"no"),
)


def accepts_events(accept: str) -> bool:
    """Return whether the header `accept` names the type of server-sent events."""
    if CONTENT_TYPE not in accept.lower():
        return False
    kinds = (part.partition(";")[0].strip() for part in accept.lower().split(","))
    return CONTENT_TYPE in kinds


class EventResponse:
    """The port of one call over HTTP, on which only the server streams.

    The handler runs on while a response is on its way to the client, until the outbox
    is full: so many quick items go out in few pieces, and a slow client makes it wait.
    """

    takes_items = False

    def __init__(self, send: Send) -> None:
        self._send = send
        self._outbox = Outbox()
        self._begun = asyncio.Event()
        self.has_started = False
        """Whether the response is one of events: then nothing else may be sent."""

    def begin(self) -> None:
        """Let the response start, once there is an item or a moment has passed."""
        self._begun.set()

    async def send(self, message: bytes) -> None:
        """Send an item; see `StreamPort.send`."""
        await self._outbox.put(event(message))

    async def receive(self) -> Sequence[Raw]:
        """Return that there are none."""
        return ()

    async def carry(self, answering: Coroutine[Any, Any, bytes | None]) -> bytes | None:
        """Send the items, and the answer as the last event.

        The answer is returned, for an ordinary response, where no other has started.
        """
        sending = asyncio.ensure_future(self._send_all())
        try:
            answer = await answering
            if answer is None or not (self.has_started or len(self._outbox)):
                return answer
            self._outbox.finish(event(answer))
            # Servers of ASGI 2.4 raise where the client has gone: nobody is left to tell.
            with suppress(OSError):
                await sending
            return None
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send_all(self) -> None:
        await self._begun.wait()
        events = await self._outbox.take(MOMENT)
        self.has_started = True
        start = {"status": 200, "headers": list(_HEADERS)}
        await self._send({"type": "http.response.start", **start})
        while True:
            is_last = self._outbox.is_over
            body = b"".join(events) or COMMENT
            await self._send(
                {"type": "http.response.body", "body": body, "more_body": not is_last}
            )
            if is_last:
                return
            events = await self._outbox.take(SILENCE)
