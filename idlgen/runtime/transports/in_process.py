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
from collections.abc import Coroutine, Mapping
from concurrent.futures import CancelledError
from typing import Any, Protocol

from idlgen.runtime.transports import failures
from idlgen.runtime.transports.fork_lock import ForkLock
from idlgen.runtime.transports.local_stream import LocalPort, LocalStream
from idlgen.runtime.transports.loop_thread import LoopThread
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import (
    AsyncMessages,
    Messages,
    Patience,
    TwoWayMessages,
)
from idlgen.runtime.transports.threaded_stream import ThreadedStream

PEER = "the service in this process"


class Dispatching(Protocol):
    """What answers calls: `idlgen.runtime.server.dispatcher.Dispatcher`."""

    def dispatch(
        self,
        body: bytes,
        headers: Mapping[str, str],
        port: LocalPort | None = None,
    ) -> Coroutine[Any, Any, bytes | None]:
        """Return the answer to the request in `body`; None to a notification.

        What the call streams goes through `port`.
        """
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

    async def open_stream(self, request: Request) -> AsyncMessages:
        """Have the body answered; see `AsyncStreamTransport.open_stream`."""
        return await self.open_two_way(request)

    async def open_two_way(self, request: Request) -> LocalStream:
        """Have the body answered; see `AsyncTwoWayTransport.open_two_way`."""
        if self._closed:
            raise failures.closed()
        stream = LocalStream(PEER, Patience(request.timeout))
        dispatch = self._dispatcher.dispatch
        stream.start(dispatch(request.body, request.headers, stream.port))
        return stream

    async def aclose(self) -> None:
        """Close the dispatcher."""
        self._closed = True
        self._dispatcher.close()


class InProcessTransport:
    """Serves calls on an event loop in a thread of its own, started by the first."""

    def __init__(self, dispatcher: Dispatching) -> None:
        """Take over `dispatcher`: it is closed with the transport."""
        self._dispatcher = dispatcher
        self._starting = ForkLock()
        self._thread: LoopThread | None = None
        self._closed = False

    def exchange(self, request: Request) -> Reply:
        """Have the body answered; see `Transport.exchange`."""
        answer = self._usable_thread().begin(
            self._dispatcher.dispatch(request.body, request.headers)
        )
        try:
            return _reply(answer.result(request.timeout))
        except TimeoutError as error:
            raise failures.late(PEER, request.timeout) from error
        except CancelledError as error:
            raise failures.closed() from error
        finally:
            answer.cancel()

    def open_stream(self, request: Request) -> Messages:
        """Have the body answered; see `StreamTransport.open_stream`."""
        return self.open_two_way(request)

    def open_two_way(self, request: Request) -> TwoWayMessages:
        """Have the body answered; see `TwoWayTransport.open_two_way`."""
        thread = self._usable_thread()
        opening = AsyncInProcessTransport(self._dispatcher).open_two_way(request)
        return ThreadedStream(thread, thread.wait_for(opening))

    def close(self) -> None:
        """End the loop, which cancels the handlers on it, and close the dispatcher."""
        with self._starting:
            self._closed = True
            thread, self._thread = self._thread, None
        if thread is not None and thread.is_alive():
            thread.stop()
        self._dispatcher.close()

    def _usable_thread(self) -> LoopThread:
        thread = self._thread
        if thread is None or not thread.is_alive():
            thread = self._start()
        if thread is threading.current_thread():
            raise RuntimeError(
                "a handler waits for a sync call that its own event loop would have to "
                "serve: await an async client instead"
            )
        return thread

    def _start(self) -> LoopThread:
        """Start the thread, which does not survive a fork, unless another call did."""
        with self._starting:
            if self._closed:
                raise failures.closed()
            if self._thread is None or not self._thread.is_alive():
                self._thread = LoopThread("idlgen-in-process")
            return self._thread


def _reply(answer: bytes | None) -> Reply:
    if answer is None:
        return Reply(status=204, headers={}, body=b"")
    return Reply(status=200, headers={"content-type": "application/json"}, body=answer)
