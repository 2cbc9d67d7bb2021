"""Connections whose requests must begin in time, with a head that is not endless.

uvicorn waits for a head as long as its sender likes, and under httptools keeps all of it
in memory: a few thousand half requests would take all connections that a process has.
"""

from __future__ import annotations

import asyncio
from typing import Any

HEAD_TIMEOUT = 10.0
"""Seconds from a connection's begin, or a request's first byte, to its head's end."""
MAX_HEAD = 64 * 1024
"""Bytes of a head that has not ended."""


class Timed(asyncio.Protocol):
    """Stands before one of uvicorn's protocols for HTTP in the order of bases."""

    head_timeout = HEAD_TIMEOUT
    max_head = MAX_HEAD

    cycle: Any
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _head_timer: asyncio.TimerHandle | None = None
    _head_size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the first head its time."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Let a head that is whole have as much time as it takes."""
        super().data_received(data)
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if self._head_timer is not None:
                self._forget_head()
            return
        self._await_head()
        self._head_size += len(data)
        if self._head_size > self.max_head:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._forget_head()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, *event: Any) -> None:
        """Hand the connection on: what it is from now on has limits of its own."""
        upgrade: Any = super()
        upgrade.handle_websocket_upgrade(*event)
        self.cycle = _UPGRADED

    def _await_head(self) -> None:
        if self._head_timer is None and not self.transport.is_closing():
            self._head_timer = self.loop.call_later(
                self.head_timeout, self.transport.close
            )

    def _forget_head(self) -> None:
        self._head_size = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class _Upgraded:
    """Stands for the request that became a WebSocket, and is not complete."""

    response_complete = False


_UPGRADED = _Upgraded()
