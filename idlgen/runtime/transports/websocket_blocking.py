"""The WebSocket transport of sync clients: the async one, on a thread with a loop.

Threads: any number may share it, and their calls share the connection.

Fork: a child process that inherits the transport starts a thread and a connection of
its own. What it inherited is neither used nor closed: the sockets and the loop's watch
over them are the parent's.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError

from idlgen.runtime.transports import failures
from idlgen.runtime.transports.loop_thread import LoopThread
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.websocket import AsyncWebSocketTransport


class WebSocketTransport:
    """Sends requests over a connection that lives on a thread of its own."""

    def __init__(self, make: Callable[[], AsyncWebSocketTransport]) -> None:
        """`make` makes the transport that the thread runs."""
        self._make = make
        self._starting = threading.Lock()
        self._running: _Running | None = None
        self._inherited: list[_Running] = []
        self._closed = False

    def exchange(self, request: Request) -> Reply:
        """Send the request; see `Transport.exchange`."""
        running = self._usable()
        answer = asyncio.run_coroutine_threadsafe(
            running.transport.exchange(request), running.thread.loop
        )
        try:
            return answer.result()
        except CancelledError as error:
            raise failures.closed() from error
        finally:
            answer.cancel()

    def close(self) -> None:
        """Close the connection and end the thread; a second time does nothing."""
        self._closed = True
        with self._starting:
            running, self._running = self._running, None
        if running is not None and running.thread.is_alive():
            running.stop()

    def _usable(self) -> _Running:
        if self._closed:
            raise failures.closed()
        running = self._running
        if running is None or not running.thread.is_alive():
            running = self._start()
        return running

    def _start(self) -> _Running:
        with self._starting:
            running = self._running
            if running is not None and not running.thread.is_alive():
                self._inherited.append(running)
                running = None
            if running is None:
                running = self._running = _Running(self._make())
            return running


class _Running:
    def __init__(self, transport: AsyncWebSocketTransport) -> None:
        self.transport = transport
        self.thread = LoopThread("idlgen-websocket")

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(
            self.transport.aclose(), self.thread.loop
        ).result()
        self.thread.stop()
