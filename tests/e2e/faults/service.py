"""The servers of the faults: ``python -m tests.e2e.faults.service once|again``.

Prints its port when it listens. With `again` each process that serves has a parent that
holds the listening socket and starts another when it was killed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from typing import Any

import msgspec
import uvicorn
from msgspec import Struct as Record

from idlgen.runtime import asgi_app
from tests.e2e.faults.counting import Counts, counts
from tests.runtime.contract.newsroom import Newsroom

MAX_BODY = 1024 * 1024

LOOK = "/look"
"""GET of it gives a `Look`."""
GLANCE = "/glance"
"""The same at less cost, without what the process holds."""
PID = "pid"
"""`count` of it returns the id of the process."""
DIE = "die"
"""`count` of it kills the process."""
HANG = "hang"
"""`count` of it waits until it is cancelled."""


class Look(Record, frozen=True):
    """What the server tells of itself."""

    begun: int
    """Handlers that have begun."""
    ended: int
    connections: int
    held: Counts | None


class Struck(Newsroom):
    """A newsroom to which faults happen."""

    async def count(self, topic: str) -> int:
        if topic == PID:
            return os.getpid()
        if topic == DIE:
            os.kill(os.getpid(), signal.SIGKILL)
        if topic == HANG:
            self.started.release()
            try:
                await asyncio.Event().wait()
            finally:
                self.ended.release()
        return len(topic)


def serve(listener: socket.socket) -> None:
    newsroom = Struck()
    calls = asgi_app(newsroom, max_body=MAX_BODY)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope.get("path") not in (GLANCE, LOOK):
            await calls(scope, receive, send)
            return
        look = Look(
            begun=newsroom.started._value,
            ended=newsroom.ended._value,
            connections=len(server.server_state.connections),
            held=counts() if scope["path"] == LOOK else None,
        )
        await send({"type": "http.response.start", "status": 200})
        body = msgspec.json.encode(look)
        await send({"type": "http.response.body", "body": body})

    config = uvicorn.Config(
        app,
        log_level="critical",
        loop="asyncio",
        # Connections are counted: those that clients keep stay, however slow the test.
        timeout_keep_alive=3600,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listener])


def serve_again_and_again(listener: socket.socket) -> None:
    """Serve in a child; end when a child does so in good form."""
    signal.signal(signal.SIGTERM, _end)
    while True:
        _CHILDREN.append(os.fork())
        if _CHILDREN[-1] == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            serve(listener)
            os._exit(0)
        os.waitpid(_CHILDREN[-1], 0)


_CHILDREN: list[int] = []


def _end(*_: object) -> None:
    os.kill(_CHILDREN[-1], signal.SIGKILL)
    os._exit(0)


def main() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as listener:
        # asyncio does so for listeners of its own; connections inherit it.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print(listener.getsockname()[1], flush=True)
        {"once": serve, "again": serve_again_and_again}[sys.argv[1]](listener)


if __name__ == "__main__":
    main()
