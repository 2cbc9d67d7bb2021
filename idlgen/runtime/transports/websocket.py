"""The WebSocket transport of async clients, over `websockets`.

All calls share one connection, opened by the first and again by the first after it was
lost; answers come in any order. A call that is cancelled or late is cancelled on the
server too.

Lost connections: a call in flight fails with `Unavailable`, for it may have been carried
out; whether it is made again is decided elsewhere, see `retries`. One that was not sent
yet is sent over the next connection. Before a connection is tried again there is a pause,
see `backoff`, unless the last one ended well. A peer that vanished is found out by pings.

Limits: an answer that is too large ends the connection, as it cannot be skipped, and
the calls in flight fail with `ResourceExhausted`.

Event loops: it belongs to the loop that first used it, as `asynchronous` says.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Mapping
from ssl import SSLContext

from idlgen.runtime.transports import failures
from idlgen.runtime.transports.backoff import backoff
from idlgen.runtime.transports.deadlines import Deadlines, Within
from idlgen.runtime.transports.endpoint import Endpoint
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import (
    AsyncMessages,
    AsyncTwoWayMessages,
    Patience,
)

try:
    from websockets.exceptions import InvalidHandshake
except ImportError as error:
    raise failures.missing("websockets", "clients over WebSocket", "ws") from error

from idlgen.runtime.transports.websocket_handshake import Handshake
from idlgen.runtime.transports.websocket_link import Link, Lost
from idlgen.runtime.transports.websocket_socket import Socket

PING_INTERVAL = 20.0
TURNS_TO_NOTICE_A_CLOSE = 2
"""As in `asynchronous`."""


class AsyncWebSocketTransport:
    """Sends requests to one endpoint over a connection that they share.

    `socket_class` makes the connections, so that a tool can watch them.
    """

    socket_class: type[Socket] = Socket

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        headers: Mapping[str, str],
        max_response_bytes: int,
        proxy: str | None = None,
        ssl: SSLContext | None = None,
        ping_interval: float = PING_INTERVAL,
    ) -> None:
        """`headers` go along with the handshake, names in lower case.

        `ping_interval` is in seconds; a ping has as long for its answer.
        """
        self._url = endpoint.url
        self._handshake = Handshake(
            endpoint, headers, max_response_bytes, proxy, ssl, ping_interval
        )
        self._deadlines = Deadlines()
        self._link: Link | None = None
        self._connecting: asyncio.Task[Link] | None = None
        self._failures = 0
        self._closed = False

    async def exchange(self, request: Request) -> Reply:
        """Send the request; see `AsyncTransport.exchange`."""
        self._check_usable()
        try:
            with Within(self._deadlines, request.timeout):
                try:
                    return await self._call(request)
                except Lost as lost:
                    if not lost.is_unseen:
                        raise
                return await self._call(request)
        except TimeoutError as error:
            raise failures.late(self._url, request.timeout) from error
        except Lost as lost:
            raise lost.error from lost.__cause__

    async def open_stream(self, request: Request) -> AsyncMessages:
        """Send the request; see `AsyncStreamTransport.open_stream`."""
        return await self.open_two_way(request)

    async def open_two_way(self, request: Request) -> AsyncTwoWayMessages:
        """Send the request; see `AsyncTwoWayTransport.open_two_way`."""
        self._check_usable()
        patience = Patience(request.timeout)
        try:
            with Within(self._deadlines, request.timeout):
                try:
                    return await (await self._usable()).open(request, patience)
                except Lost:
                    # Nothing was sent: a stream is sent by `open` alone.
                    return await (await self._usable()).open(request, patience)
        except TimeoutError as error:
            raise failures.late(self._url, request.timeout) from error
        except Lost as lost:
            raise lost.error from lost.__cause__

    async def aclose(self) -> None:
        """Close the connection; calls in flight raise RuntimeError."""
        self._closed = True
        self._deadlines.close()
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            connecting.cancel()
            await asyncio.wait([connecting])
        # Taken only now: it may have been about to come as it was cancelled.
        link, self._link = self._link, None
        if link is not None:
            await link.close()

    def __del__(self) -> None:
        link, loop = self._link, self._deadlines.loop
        if link is None or loop is None or not link.is_open:
            return
        if not loop.is_closed():
            loop.call_soon_threadsafe(link.abort)
        warnings.warn(
            f"unclosed client of {self._url}",
            ResourceWarning,
            stacklevel=2,
            source=self,
        )

    def _check_usable(self) -> None:
        if self._closed:
            raise failures.closed()

    async def _call(self, request: Request) -> Reply:
        return await (await self._usable()).call(request)

    async def _usable(self) -> Link:
        """Return the connection, which is opened where there is none."""
        link = self._link
        if link is not None and link.is_idle:
            for _ in range(TURNS_TO_NOTICE_A_CLOSE):
                await asyncio.sleep(0)
        if link is None or not link.is_open:
            link = await self._connected()
        return link

    async def _connected(self) -> Link:
        """Return the connection that all who wait for one share.

        Raises:
            RpcError: there is none; each who waits gets an error of its own.
        """
        if self._closed:
            raise failures.closed()
        if self._connecting is None:
            self._connecting = asyncio.ensure_future(self._connect())
            self._connecting.add_done_callback(self._is_connected)
        connecting = self._connecting
        try:
            return await asyncio.shield(connecting)
        except (InvalidHandshake, OSError, EOFError) as error:
            raise self._handshake.failure(error) from error
        except asyncio.CancelledError:
            # Of the connecting, not of this call: the client was closed meanwhile.
            if connecting.cancelled() and not _is_cancelled():
                raise failures.closed() from None
            raise

    def _is_connected(self, connecting: asyncio.Task[Link]) -> None:
        """Take the link, though all who waited for it may be gone."""
        self._connecting = None
        if connecting.cancelled():
            return
        if connecting.exception() is None:
            self._link = connecting.result()
        else:
            self._failures += 1

    async def _connect(self) -> Link:
        lost, self._link = self._link, None
        if lost is not None:
            self._count(lost)
        if self._failures:
            await asyncio.sleep(backoff(self._failures))
        return await self._handshake.open(self.socket_class)

    def _count(self, lost: Link) -> None:
        """Take note of how the last connection ended; one that did work counts little."""
        if lost.has_answered:
            self._failures = 0
        if not lost.ended_idle:
            self._failures += 1


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
