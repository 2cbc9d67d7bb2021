"""Clients of `http://` URLs: requests for calls, and a WebSocket for what they stream.

A request over HTTP ends before its answer begins, so a stream to the server goes over a
WebSocket at the same URL, which is opened by the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from idlgen.runtime.transports import AsyncTransport, Transport, failures
from idlgen.runtime.transports.fork_lock import ForkLock
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import (
    AsyncMessages,
    AsyncStreamTransport,
    AsyncTwoWayMessages,
    AsyncTwoWayTransport,
    Messages,
    StreamTransport,
    TwoWayMessages,
    TwoWayTransport,
)


class Http(Transport, StreamTransport, Protocol):
    """A sync transport over HTTP."""


class WebSocket(Transport, TwoWayTransport, Protocol):
    """A sync transport over WebSocket."""


class AsyncHttp(AsyncTransport, AsyncStreamTransport, Protocol):
    """An async transport over HTTP."""


class AsyncWebSocket(AsyncTransport, AsyncTwoWayTransport, Protocol):
    """An async transport over WebSocket."""


class HttpAndWebSocket:
    """Both transports of a sync client."""

    def __init__(self, http: Http, open_websocket: Callable[[], WebSocket]) -> None:
        """`open_websocket` makes the transport for streams to the server."""
        self._http = http
        # Called as it is: it carries nearly all calls.
        self.exchange = http.exchange
        self._open_websocket = open_websocket
        self._opening = ForkLock()
        self._websocket: WebSocket | None = None
        self._closed = False

    def open_stream(self, request: Request) -> Messages | Reply:
        """POST the body; see `StreamTransport.open_stream`."""
        return self._http.open_stream(request)

    def open_two_way(self, request: Request) -> TwoWayMessages:
        """Send the request over the WebSocket; see `TwoWayTransport.open_two_way`."""
        with self._opening:
            if self._closed:
                raise failures.closed()
            if self._websocket is None:
                self._websocket = self._open_websocket()
            websocket = self._websocket
        return websocket.open_two_way(request)

    def close(self) -> None:
        """Close both."""
        with self._opening:
            self._closed = True
            websocket, self._websocket = self._websocket, None
        if websocket is not None:
            websocket.close()
        self._http.close()


class AsyncHttpAndWebSocket:
    """Both transports of an async client."""

    def __init__(
        self, http: AsyncHttp, open_websocket: Callable[[], AsyncWebSocket]
    ) -> None:
        """`open_websocket` makes the transport for streams to the server."""
        self._http = http
        # Called as it is: it carries nearly all calls.
        self.exchange = http.exchange
        self._open_websocket = open_websocket
        self._websocket: AsyncWebSocket | None = None
        self._closed = False

    async def open_stream(self, request: Request) -> AsyncMessages | Reply:
        """POST the body; see `AsyncStreamTransport.open_stream`."""
        return await self._http.open_stream(request)

    async def open_two_way(self, request: Request) -> AsyncTwoWayMessages:
        """Send the request over the WebSocket."""
        if self._closed:
            raise failures.closed()
        if self._websocket is None:
            self._websocket = self._open_websocket()
        return await self._websocket.open_two_way(request)

    async def aclose(self) -> None:
        """Close both."""
        self._closed = True
        websocket, self._websocket = self._websocket, None
        if websocket is not None:
            await websocket.aclose()
        await self._http.aclose()
