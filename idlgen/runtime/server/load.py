"""How much an app has to do at the moment, and whether it takes more."""

from __future__ import annotations

import asyncio

from idlgen.runtime.errors import ResourceExhausted, Unavailable
from idlgen.runtime.protocols.jsonrpc.failures import ErrorObject, status_error

SOON = "PT1S"
"""When a call that was one too many may be made again."""


class Load:
    """Counts calls at work: whoever begins one adds to `calls`, and takes it off again.

    `limit` is how many there may be: `most`, or none once the app drains. Calls of a
    batch that has begun by then go on to have `most`; `batches` are those at work.
    """

    __slots__ = ("_idle", "batches", "calls", "limit", "most")

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = most
        self.calls = 0
        self.batches = 0
        self._idle: asyncio.Event | None = None

    @property
    def is_draining(self) -> bool:
        """Whether no more calls are taken."""
        return self.limit == 0

    def refusal(self, limit: int) -> ErrorObject:
        """Return why a call beyond `limit` is not taken; it may be made again."""
        if limit == 0:
            return status_error(Unavailable("the server is shutting down"))
        why = f"the server has {self.most} calls at work, as many as it takes"
        return status_error(ResourceExhausted(why, details={"retry_after": SOON}))

    def drain(self) -> None:
        """Take no more calls."""
        self.limit = 0

    def resume(self) -> None:
        """Take calls again: the app is served anew."""
        self.limit = self.most
        self._idle = None

    def ended(self) -> None:
        """Hear that a call or a batch has ended while the app drains."""
        if self._idle is not None and not (self.calls or self.batches):
            self._idle.set()

    async def idle(self) -> None:
        """Wait until nothing is at work, once the app drains."""
        if self.calls or self.batches:
            self._idle = self._idle or asyncio.Event()
            await self._idle.wait()
