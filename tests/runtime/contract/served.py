"""The contract's service in a process of its own: ``python -m ... uvicorn|granian``.

Prints its port when it is ready. Its handlers tell what becomes of them, by calls: the
process is another one, and there is nothing else to ask.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path
from typing import Any

from idlgen.runtime import asgi_app, current_call
from tests.ports import own_port
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.newsroom import Newsroom
from tests.runtime.contract.specified import Specified
from tests.runtime.contract.user import types

WAIT = 1000
"""`get_user_by_id` of it waits until it is cancelled."""
STARTED = 10_000
"""Of it and n more: returns when n handlers in all have begun to wait."""
CANCELLED = 20_000
"""Of it and n more: returns when n handlers in all have been cancelled."""
COUNTS = 1001
"""Returns a user whose name is how many handlers have begun to wait, how many were
cancelled, and how many tasks, threads and open files there are."""
HEADERS = 1002
"""Returns a user whose name is `<authorization>,<x-a>,<whether there is a deadline>`."""
LARGE = 1003
"""Returns a user of 100 kB."""
EXIT = 1004
"""Ends the process at once."""


class Watched(Accounts):
    """Accounts whose ids above 1000 say what to do."""

    def __init__(self) -> None:
        super().__init__()
        self._started = 0
        self._cancelled = 0
        self._change = asyncio.Condition()

    async def get_user_by_id(self, id: int) -> types.User:
        if id == WAIT:
            await self._wait()
        if id >= CANCELLED:
            async with self._change:
                await self._change.wait_for(lambda: self._cancelled >= id - CANCELLED)
        elif id >= STARTED:
            async with self._change:
                await self._change.wait_for(lambda: self._started >= id - STARTED)
        elif id == COUNTS:
            return user(id, f"{self._started} {self._cancelled} {counts()}")
        elif id == HEADERS:
            call = current_call()
            given = [call.headers.get(name, "-") for name in ("authorization", "x-a")]
            return user(id, f"{','.join(given)},{call.deadline is not None}")
        elif id == LARGE:
            return user(id, "A" * 100_000)
        elif id == EXIT:
            os._exit(0)
        return await super().get_user_by_id(id)

    async def _wait(self) -> None:
        self._started += 1
        async with self._change:
            self._change.notify_all()
        try:
            await asyncio.Event().wait()
        finally:
            self._cancelled += 1
            async with self._change:
                self._change.notify_all()


def open_files() -> int:
    """Return how many files and sockets this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def counts() -> str:
    """Return how many tasks, threads and open files this process has."""
    tasks = len(asyncio.all_tasks())
    return f"{tasks} {threading.active_count()} {open_files()}"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Serve, and print the port when the server begins."""
    if scope["type"] == "lifespan" and GRANIAN_PORT in os.environ:

        async def announcing(message: Any) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                print(os.environ[GRANIAN_PORT], flush=True)

        await _APP(scope, receive, announcing)
    else:
        await _APP(scope, receive, send)


GRANIAN_PORT = "IDLGEN_TESTS_PORT"
_APP = asgi_app(
    Watched(),
    Specified(),
    Newsroom(),
    max_body=3_000_000,
    origins=["https://ours"],
)


def run_uvicorn() -> None:
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            print(self.servers[0].sockets[0].getsockname()[1], flush=True)

    config = uvicorn.Config(app, port=0, log_level="warning", loop="asyncio")
    Announcing(config).run()


def run_granian() -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    with own_port() as port:
        os.environ[GRANIAN_PORT] = str(port)
        Server(
            f"{__spec__.name}:app",
            port=port,
            interface=Interfaces.ASGI,
            log_level=LogLevels.warning,
            # It may miss the signal that tells it to stop, and is waited for without end.
            workers_kill_timeout=10,
        ).serve()


if __name__ == "__main__":
    {"uvicorn": run_uvicorn, "granian": run_granian}[sys.argv[1]]()
