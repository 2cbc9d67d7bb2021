"""Messages between the task that makes them and the one that passes them on."""

from __future__ import annotations

import asyncio
from contextlib import suppress

MAX_BYTES = 64 * 1024
"""What may wait before whoever makes messages has to wait."""


class Outbox:
    """Messages that wait to be taken, of 64 KiB together or one that is larger.

    Whoever makes messages goes on until that is full, which needs no turn of the loop;
    whoever takes them gets all at once. There is one of each.
    """

    def __init__(self) -> None:
        self._messages: list[bytes] = []
        self.size = 0
        """The bytes that wait."""
        self.is_finished = False
        """Whether nothing more will come."""
        self._some = asyncio.Event()
        self._room = asyncio.Event()

    def __len__(self) -> int:
        """Return how many messages wait to be taken."""
        return len(self._messages)

    @property
    def is_over(self) -> bool:
        """Whether all was taken, and nothing more will come."""
        return self.is_finished and not self._messages

    def add(self, message: bytes) -> None:
        """Add a message, whether there is room or not."""
        self._messages.append(message)
        self.size += len(message)
        self._some.set()

    async def put(self, message: bytes) -> None:
        """Add a message, then wait while there is no room for another."""
        self.add(message)
        while self.size >= MAX_BYTES and not self.is_finished:
            self._room.clear()
            await self._room.wait()

    def finish(self, message: bytes | None = None) -> None:
        """Say that nothing more will come, but for one last message."""
        if message is not None:
            self._messages.append(message)
        self.is_finished = True
        self._some.set()
        self._room.set()

    async def take(self, patience: float | None = None) -> list[bytes]:
        """Return all messages that wait, in order.

        There are none where none came for `patience` seconds, or where it is over.
        """
        if not self._some.is_set():
            # What came in the very moment in which patience ended has come.
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._some.wait()
        messages, self._messages = self._messages, []
        self.size = 0
        if not self.is_finished:
            self._some.clear()
        self._room.set()
        return messages
