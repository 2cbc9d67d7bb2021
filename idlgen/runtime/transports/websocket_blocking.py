"""The WebSocket transport of sync clients: the async one, on a thread with a loop.

Threads: any number may share it, and their calls share the connection.

Fork: a child process that inherits the transport starts a thread and a connection of
its own. What it inherited is neither used nor closed: the sockets and the loop's watch
over them are the parent's.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

from idlgen.runtime.transports import failures
from idlgen.runtime.transports.fork_lock import ForkLock
from idlgen.runtime.transports.loop_thread import LoopThread
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import Messages, TwoWayMessages
from idlgen.runtime.transports.threaded_stream import ThreadedStream
from idlgen.runtime.transports.websocket import AsyncWebSocketTransport


class WebSocketTransport:
    """Sends requests over a connection that lives on a thread of its own."""

    def __init__(self, make: Callable[[], AsyncWebSocketTransport]) -> None:
        """`make` makes the transport that the thread runs."""
        self._make = make
        self._changing = ForkLock()
        self._running: _Running | None = None
        self._inherited: list[_Running] = []
        self._closed = False

    def exchange(self, request: Request) -> Reply:
        """Send the request; see `Transport.exchange`."""
        running = self._usable()
        return running.thread.wait_for(running.transport.exchange(request))

    def open_stream(self, request: Request) -> Messages:
        """Send the request; see `StreamTransport.open_stream`."""
        return self.open_two_way(request)

    def open_two_way(self, request: Request) -> TwoWayMessages:
        """Send the request; see `TwoWayTransport.open_two_way`."""
        running = self._usable()
        opening = running.transport.open_two_way(request)
        return ThreadedStream(running.thread, running.thread.wait_for(opening))

    def close(self) -> None:
        """Close the connection and end the thread; a second time does nothing."""
        with self._changing:
            self._closed = True
            running, self._running = self._running, None
        if running is not None and running.thread.is_alive():
            running.stop()

    def __del__(self) -> None:
        running = self._running
        if running is not None and running.thread.is_alive():
            running.forget()
            warnings.warn(
                "unclosed client over WebSocket",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )

    def _usable(self) -> _Running:
        with self._changing:
            if self._closed:
                raise failures.closed()
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
        self.thread.wait_for(self.transport.aclose())
        self.thread.stop()

    def forget(self) -> None:
        """Close the connection and end the thread some time soon."""
        self.thread.begin(self._close())

    async def _close(self) -> None:
        await self.transport.aclose()
        self.thread.end()
