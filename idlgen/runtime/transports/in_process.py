"""The transports of clients whose server is an object in this process: no socket.

Everything else is as over HTTP: the same bytes, headers, deadlines and errors.

Sync calls are served by an event loop in a thread of the transport's own, so that they
work from any thread, in a running event loop too, and handlers that keep something
between calls find the same loop. A handler on that loop cannot itself wait for a sync
call over the same transport: nobody would be left to serve it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import CancelledError
from typing import Protocol

from idlgen.runtime.transports import failures
from idlgen.runtime.transports.loop_thread import LoopThread
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request

PEER = "the service in this process"


class Dispatching(Protocol):
    """What answers calls: `idlgen.runtime.server.dispatcher.Dispatcher`."""

    async def dispatch(self, body: bytes, headers: Mapping[str, str]) -> bytes | None:
        """Return the answer to the request in `body`; None to a notification."""
        ...

    def close(self) -> None:
        """Let go what serving needed."""
        ...


class AsyncInProcessTransport:
    """Serves each call in the task that makes it."""

    def __init__(self, dispatcher: Dispatching) -> None:
        """Take over `dispatcher`: it is closed with the transport."""
        self._dispatcher = dispatcher
        self._closed = False

    async def exchange(self, request: Request) -> Reply:
        """Have the body answered; see `AsyncTransport.exchange`."""
        if self._closed:
            raise failures.closed()
        try:
            async with asyncio.timeout(request.timeout):
                answer = await self._dispatcher.dispatch(request.body, request.headers)
        except TimeoutError as error:
            raise failures.late(PEER, request.timeout) from error
        return _reply(answer)

    async def aclose(self) -> None:
        """Close the dispatcher."""
        self._closed = True
        self._dispatcher.close()


class InProcessTransport:
    """Serves calls on an event loop in a thread of its own, started by the first."""

    def __init__(self, dispatcher: Dispatching) -> None:
        """Take over `dispatcher`: it is closed with the transport."""
        self._dispatcher = dispatcher
        self._starting = threading.Lock()
        self._thread: LoopThread | None = None
        self._closed = False

    def exchange(self, request: Request) -> Reply:
        """Have the body answered; see `Transport.exchange`."""
        loop = self._usable_loop()
        answer = asyncio.run_coroutine_threadsafe(
            self._dispatcher.dispatch(request.body, request.headers), loop
        )
        try:
            return _reply(answer.result(request.timeout))
        except TimeoutError as error:
            raise failures.late(PEER, request.timeout) from error
        except CancelledError as error:
            raise failures.closed() from error
        finally:
            answer.cancel()

    def close(self) -> None:
        """End the loop, which cancels the handlers on it, and close the dispatcher."""
        self._closed = True
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None and thread.is_alive():
            thread.stop()
        self._dispatcher.close()

    def _usable_loop(self) -> asyncio.AbstractEventLoop:
        if self._closed:
            raise failures.closed()
        thread = self._thread
        if thread is None or not thread.is_alive():
            thread = self._start()
        if thread is threading.current_thread():
            raise RuntimeError(
                "a handler waits for a sync call that its own event loop would have to "
                "serve: await an async client instead"
            )
        return thread.loop

    def _start(self) -> LoopThread:
        """Start the thread, which does not survive a fork, unless another call did."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = LoopThread("idlgen-in-process")
            return self._thread


def _reply(answer: bytes | None) -> Reply:
    if answer is None:
        return Reply(status=204, headers={}, body=b"")
    return Reply(status=200, headers={"content-type": "application/json"}, body=answer)
