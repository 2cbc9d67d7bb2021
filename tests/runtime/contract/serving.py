"""An app under uvicorn, in a thread of the test's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

PATIENCE = 60
"""Seconds after which a test fails instead of hanging."""


@contextmanager
def serving(app: Any, **options: Any) -> Iterator[int]:
    """Run the app on a free port of 127.0.0.1; the options are uvicorn's."""
    given = {"host": "127.0.0.1", "port": 0, "log_level": "warning", **options}
    config = uvicorn.Config(app, **given)
    started = threading.Event()

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            started.set()

    server = Announcing(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert started.wait(PATIENCE)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
