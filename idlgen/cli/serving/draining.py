"""uvicorn's server, which lets calls end before it does."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import signal
import socket
import sys
from types import FrameType
from typing import NoReturn, Protocol, runtime_checkable

import uvicorn

STOPPING = (signal.SIGINT, signal.SIGTERM)
"""The signals that tell a server to end."""

logger = logging.getLogger("idlgen.serve")


@runtime_checkable
class Drains(Protocol):
    """An app that can be told to take no more calls; see `AsgiApp.drain`."""

    async def drain(self, grace: float) -> bool:
        """Return whether the calls at work ended within `grace` seconds."""
        ...


class DrainingServer(uvicorn.Server):
    """Drains its app at the first signal, still listening, then ends; at once at the second.

    `stopped_by` is the signal. A server `is_worker` where another process hears Ctrl-C,
    which a terminal sends to all of them, and passes it on as SIGTERM.
    """

    def __init__(
        self, config: uvicorn.Config, grace: float, *, is_worker: bool = False
    ) -> None:
        super().__init__(config)
        self.stopped_by: int | None = None
        self._grace = grace
        self._is_worker = is_worker

    def handle_exit(self, sig: int, _frame: FrameType | None) -> None:
        """Hear a signal."""
        if self._is_worker and sig == signal.SIGINT:
            return
        if self.should_exit:
            hear_no_more()
            leave(128 + sig)
        self.stopped_by = sig
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse calls until those at work have ended, then close and end."""
        clock = asyncio.get_running_loop().time
        end = clock() + self._grace
        app = _draining(self.config.loaded_app)
        in_time = app is None or await app.drain(self._grace)
        # Responses may still be on their way to slow clients.
        self.config.timeout_graceful_shutdown = max(1, math.ceil(end - clock()))
        await super().shutdown(sockets)
        if not in_time:
            logger.error("calls did not end within %g seconds: cut off", self._grace)
            # Handlers in threads cannot be ended, nor those that ignore cancellation.
            leave(exit_code(self.stopped_by))


def exit_code(stopped_by: int | None) -> int:
    """Return what a process leaves with: told to end by SIGTERM it did as it was told."""
    return 130 if stopped_by == signal.SIGINT else 0


def hear_no_more() -> None:
    """Ignore further signals: who sends many must not interrupt the end of the process."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def leave(code: int) -> NoReturn:
    """End the process, whatever its threads and tasks do."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _draining(app: object) -> Drains | None:
    """Return the app that drains within uvicorn's layers around it."""
    while app is not None and not isinstance(app, Drains):
        app = getattr(app, "app", None)
    return app
