"""Transports over pyreqwest, which handles sockets in threads outside Python.

A transport builds clients of its own, at the first use, for pyreqwest can be told only
then to follow no redirects; `configure` adds proxies, certificates and limits to what
they are built from. Proxies of the environment are used unless it says otherwise.

Event loops and forks: an async transport belongs to the loop that first used it. What
pyreqwest starts does not survive a fork; in a child process, a transport that its parent
used is a `RuntimeError`, and so is a new one once the parent has used any.

Cancelling a call gives it up at once, but pyreqwest does not tell the server: the request
lasts until its timeout, on a connection of its own. A stream that was opened, and a call
that is late, end on both sides. Signals are handled once a sync call has ended.

Stale connections: that the peer closed a kept connection is noticed as it happens, in
another thread. Where a request goes out before that, the call fails with `Unavailable`.
Only what was not sent at all goes out again, on a new connection.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from idlgen.runtime.options import DEFAULT_MAX_RESPONSE_BYTES
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.adapter import Adapter, AsyncAdapter
from idlgen.runtime.transports.peer import Peer
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import SILENCE, Patience

try:
    from pyreqwest.client import Client, ClientBuilder, SyncClient, SyncClientBuilder
except ImportError as error:
    library = "pyreqwest"
    raise failures.missing(library, "transports over pyreqwest", library) from error

from pyreqwest.client import BaseClientBuilder
from pyreqwest.request import BaseRequestBuilder

from idlgen.runtime.transports.pyreqwest_responses import (
    FAULTS,
    AsyncPyreqwestResponse,
    PyreqwestResponse,
)

__all__ = ["AsyncPyreqwestTransport", "PyreqwestTransport"]

B = TypeVar("B", bound=BaseClientBuilder)
P = TypeVar("P", bound=BaseRequestBuilder)

AT_ONCE = 1
"""How many bytes of a stream pyreqwest awaits before it hands out the response."""

LONGEST = 10**9
"""Seconds that stand for a timeout that no `timedelta` holds: 31 years."""

SETTLING = 0.01
"""Seconds that the interpreter waits before it ends. A thread of pyreqwest's that has
just woken an event loop still has a word to say to Python; where Python is gone by then,
the process aborts (`PyGILState_Release`; seen in one exit of six)."""

atexit.register(time.sleep, SETTLING)


class PyreqwestTransport(Adapter):
    """POSTs to one endpoint through pyreqwest."""

    def __init__(
        self,
        url: str,
        *,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        configure: Callable[[SyncClientBuilder], SyncClientBuilder] | None = None,
    ) -> None:
        """`url` is the server's, as clients take it.

        `configure` is called for two clients: one for calls, one for streams.

        Raises:
            ValueError: `url` is none of HTTP.
        """
        super().__init__(Peer(url, max_response_bytes, FAULTS))
        self._configure = configure
        self._building = threading.Lock()
        self._clients: dict[bool, SyncClient] = {}

    def post(self, request: Request, patience: Patience) -> PyreqwestResponse:
        """Send the request; see `Adapter.post`."""
        return self._post(request, patience, streams=False)

    def post_for_stream(
        self, request: Request, patience: Patience
    ) -> PyreqwestResponse:
        """Send the request; see `Adapter.post_for_stream`."""
        return self._post(request, patience, streams=True)

    def close(self) -> None:
        """Close the connections; calls in flight end as those of a closed client do."""
        super().close()
        with self._building:
            clients = list(self._clients.values())
            self._clients.clear()
        for client in clients:
            client.close()

    def _post(
        self, request: Request, patience: Patience, *, streams: bool
    ) -> PyreqwestResponse:
        posted = self._client(streams=streams).post(self.peer.url)
        posted = posted.headers(self.peer.headers(request)).body_bytes(request.body)
        posted = bounded(posted, patience.timeout, streams=streams)
        return PyreqwestResponse(posted.build_streamed(), streams=streams)

    def _client(self, *, streams: bool) -> SyncClient:
        with self._building:
            if self._closed:
                raise failures.closed()
            client = self._clients.get(streams)
            if client is None:
                builder = configured(
                    SyncClientBuilder(), self._configure, streams=streams
                )
                client = self._clients[streams] = builder.build()
            return client


class AsyncPyreqwestTransport(AsyncAdapter):
    """The same for an event loop."""

    def __init__(
        self,
        url: str,
        *,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        configure: Callable[[ClientBuilder], ClientBuilder] | None = None,
    ) -> None:
        """`url` is the server's, as clients take it.

        `configure` is called for two clients: one for calls, one for streams.

        Raises:
            ValueError: `url` is none of HTTP.
        """
        super().__init__(Peer(url, max_response_bytes, FAULTS))
        self._configure = configure
        self._clients: dict[bool, Client] = {}

    async def post(self, request: Request) -> AsyncPyreqwestResponse:
        """Send the request; see `AsyncAdapter.post`."""
        return await self._post(request, streams=False)

    async def post_for_stream(self, request: Request) -> AsyncPyreqwestResponse:
        """Send the request; see `AsyncAdapter.post_for_stream`."""
        return await self._post(request, streams=True)

    async def aclose(self) -> None:
        """Close the connections; calls in flight end as those of a closed client do."""
        await super().aclose()
        clients = list(self._clients.values())
        self._clients.clear()
        for client in clients:
            await client.close()

    async def _post(self, request: Request, *, streams: bool) -> AsyncPyreqwestResponse:
        posted = self._client(streams=streams).post(self.peer.url)
        posted = posted.headers(self.peer.headers(request)).body_bytes(request.body)
        posted = bounded(posted, request.timeout, streams=streams)
        sent = posted.build_streamed()
        return AsyncPyreqwestResponse(sent, await sent.__aenter__(), streams=streams)

    def _client(self, *, streams: bool) -> Client:
        client = self._clients.get(streams)
        if client is None:
            builder = configured(ClientBuilder(), self._configure, streams=streams)
            client = self._clients[streams] = builder.build()
        return client


def configured(builder: B, configure: Callable[[B], B] | None, *, streams: bool) -> B:
    """Return the builder of a client for calls, or of one that gives up silent streams."""
    if configure is not None:
        builder = configure(builder)
    if streams:
        builder = builder.read_timeout(duration(SILENCE))
    return builder.follow_redirects(False).error_for_status(False)


def bounded(posted: P, timeout: float | None, *, streams: bool) -> P:
    """Return the request with its timeout, and with as little read ahead as is due.

    pyreqwest has to know the timeout even where the caller's loop keeps it: what is
    cancelled there goes on until then.
    """
    if timeout is not None:
        posted = posted.timeout(duration(timeout))
    return posted.streamed_read_buffer_limit(AT_ONCE) if streams else posted


def duration(seconds: float) -> timedelta:
    """Return the seconds as pyreqwest takes them."""
    return timedelta(seconds=min(seconds, LONGEST))
