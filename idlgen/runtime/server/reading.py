"""The body of a request on its way in: whole, too large, too slow, or never."""

from __future__ import annotations

import asyncio

from idlgen.runtime.server.interruption import Interruption
from idlgen.runtime.server.scope import Receive


class ClientDisconnected(Exception):
    """Nobody waits for the response any more."""


class SlowBody(Exception):
    """A request's body has not come in time."""


class ReadTime(Interruption):
    """Ends the reading of a body after some seconds."""

    _timer: asyncio.TimerHandle

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the timer."""
        self._timer = loop.call_later(self._seconds, self.interrupt)

    def disarm(self) -> None:
        """Stop it."""
        self._timer.cancel()

    def interrupted(self) -> Exception:
        """Return that the time is up."""
        return SlowBody()


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """Return the request's body, or None as soon as it has more than `limit` bytes.

    Raises:
        ClientDisconnected: the client went before the body was whole.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        part: bytes = message.get("body", b"")
        if len(body) + len(part) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body + part) if body else bytes(part)
        body += part
