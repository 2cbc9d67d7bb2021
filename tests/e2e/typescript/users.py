"""Accounts some of which are slow, or fail at first."""

from __future__ import annotations

import asyncio

from examples.user_service import UsersInMemory
from generated_examples.user.types import User
from idlgen.runtime.errors import Unavailable

ENDLESS, LATE, FLAKY = 4000, 4001, 503


class SlowUsers(UsersInMemory):
    """`ENDLESS` and `LATE` are looked for until the caller leaves.

    To delete `-ENDLESS` takes until somebody looks for `ENDLESS`, to delete that one until
    nobody does any longer. To delete `FLAKY` fails two of three times.
    """

    def __init__(self) -> None:
        super().__init__()
        self._begun = asyncio.Event()
        self._left = asyncio.Event()
        self._failures = 0

    async def get_user_by_id(self, id: int) -> User:
        if id == LATE:
            return await asyncio.Future()
        if id == ENDLESS:
            return await self._endless()
        return await super().get_user_by_id(id)

    async def _endless(self) -> User:
        self._begun.set()
        try:
            return await asyncio.Future()
        finally:
            self._left.set()

    async def delete_user(self, id: int) -> bool:
        if id == -ENDLESS:
            return await _seen(self._begun)
        if id == ENDLESS:
            return await _seen(self._left)
        if id == FLAKY:
            self._failures = (self._failures + 1) % 3
            if self._failures > 0:
                raise Unavailable("not yet")
            return True
        return await super().delete_user(id)


async def _seen(event: asyncio.Event) -> bool:
    """Wait for what can be waited for once."""
    await event.wait()
    event.clear()
    return True
