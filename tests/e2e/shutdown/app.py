"""The service that is told to end: handlers say on stdout that they run, and wait until
the test writes to the pipe of their name, in the folder that the environment names.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from idlgen.runtime import asgi_app
from tests.runtime.contract.feed.server import FeedUnimplemented
from tests.runtime.contract.feed.types import Event, EventRemoved

FOLDER = Path(os.environ["IDLGEN_TESTS_FOLDER"])


async def let_go(name: str) -> None:
    """Say that the call runs, and wait until it may end, in a thread that only ends then."""
    os.write(1, f"{name} runs\n".encode())
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, (FOLDER / name).read_text)


class Slow(FeedUnimplemented):
    """Counts and watches, both until they are let go."""

    async def count(self, topic: str) -> int:
        if topic != "quick":
            await let_go(topic)
        return len(topic)

    async def watch(self, topic: str, *, limit: int = 3) -> AsyncIterator[Event]:
        yield EventRemoved(value=0)
        await let_go(topic)
        for number in range(1, limit):
            yield EventRemoved(value=number)


app = asgi_app(Slow())
