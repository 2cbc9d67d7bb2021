"""One direction of a stream on a shared connection, at either end of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from idlgen.runtime.outbox import Outbox
from idlgen.runtime.protocols.jsonrpc.credit import (
    BYTES,
    ITEMS,
    Window,
    credit_message,
)

Post = Callable[[bytes], None]


class Outflow:
    """What goes out, within the credit of the other side where that gives any."""

    def __init__(self, post: Post, *, has_credit: bool) -> None:
        """`post` sends a message soon."""
        self._post = post
        self._window = Window() if has_credit else None
        self._room = asyncio.Event()
        self.is_finished = False
        """Whether more is of no use."""

    async def send(self, message: bytes) -> None:
        """Send a message when there is credit for it; unless it is of no use."""
        window = self._window
        if window is not None:
            while not window.has_room and not self.is_finished:
                self._room.clear()
                await self._room.wait()
            window.spend(len(message))
        if not self.is_finished:
            self._post(message)

    def restore(self, number: int) -> None:
        """Take credit of the other side."""
        if self._window is not None:
            self._window.restore(number)
            self._room.set()

    def finish(self) -> None:
        """Let nobody wait any longer."""
        self.is_finished = True
        self._room.set()


class Inflow:
    """What comes in, until it is taken: only then there is credit for more."""

    def __init__(self, post: Post, call_id: bytes, *, gives_credit: bool) -> None:
        self._post = post
        self._id = call_id
        self._gives_credit = gives_credit
        self._waiting = Outbox()

    def add(self, message: bytes) -> bool:
        """Keep a message; it is false where the other side sent beyond its credit.

        One that knows no credit gets as much room, and no more.
        """
        waiting = self._waiting
        has_room = len(waiting) < ITEMS and waiting.size < BYTES
        if has_room and not waiting.is_finished:
            waiting.add(message)
        return has_room

    def finish(self, message: bytes | None = None) -> None:
        """Say that nothing more will come, but for one last message."""
        self._waiting.finish(message)

    async def take(self, patience: float | None = None) -> list[bytes]:
        """Return all that waits, none where nothing came or nothing more will."""
        messages = await self._waiting.take(patience)
        if messages and self._gives_credit and not self._waiting.is_finished:
            self._post(credit_message(self._id, len(messages)))
        return messages
