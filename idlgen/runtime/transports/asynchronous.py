"""The HTTP transport of async clients, over aiohttp.

Event loops: it belongs to the loop that first used it, for its connections are watched by
that loop; a use from another loop is a `RuntimeError`. Tasks of that loop may share it.

Fork: a loop does not survive a fork, so neither does the transport; a child process runs
a loop of its own and thereby gets the same `RuntimeError`.

Stale connections: aiohttp reuses a kept connection unless its loop has noticed that the
peer closed it. A loop that was kept busy may have the news waiting unread, so it is looked
for before each request, see `connector`; then nothing was sent on a dead connection and
nothing is repeated. Where the peer closes later, the request may have been carried out;
the call fails with `Unavailable`. aiohttp repeats only requests that are idempotent in
HTTP's sense, which a POST is not, and no redirect is followed.

Forgotten clients: one that is dropped without `aclose()` gives one ordinary
`ResourceWarning` and closes its sockets, without aiohttp's lines in the log.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Awaitable
from contextlib import suppress
from ssl import SSLContext

from idlgen.runtime.event_stream import is_events
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.endpoint import Endpoint
from idlgen.runtime.transports.headers import Headers
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import SILENCE, AsyncMessages, Patience

try:
    import aiohttp
except ImportError as error:
    raise failures.missing("aiohttp", "async clients over HTTP", "http") from error

from yarl import URL

from idlgen.runtime.transports.connector import (
    CAN_ASK,
    WatchfulConnector,
    notice_closes,
)
from idlgen.runtime.transports.deadlines import Deadlines, Within
from idlgen.runtime.transports.events_asynchronous import AiohttpEvents

NO_TIMEOUT = aiohttp.ClientTimeout(total=None)

CALLS = 100
"""Connections at a time for calls; more wait for others to end. Streams have their own."""


class AiohttpTransport:
    """POSTs to one endpoint through an aiohttp session, its own or the caller's."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        max_response_bytes: int,
        proxy: str | None = None,
        ssl: SSLContext | None = None,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """`proxy` is the URL of a proxy for the own session; a given one has its own.

        So it is with `ssl`, by which connections over TLS are made.
        """
        self._url = endpoint.url
        self._target = URL(endpoint.url)
        self._limit = max_response_bytes
        self._proxy = proxy
        self._ssl = ssl
        self._owned = session is None
        self._session = session
        self._streaming: aiohttp.ClientSession | None = None
        self._deadlines = Deadlines()
        self._closed = False
        # A connector of ours looks at each connection itself.
        self._is_watched = self._owned and CAN_ASK

    async def exchange(self, request: Request) -> Reply:
        """POST the body; see `AsyncTransport.exchange`."""
        if self._closed:
            raise failures.closed()
        try:
            with Within(self._deadlines, request.timeout):
                if not self._is_watched:
                    await notice_closes()
                return await self._read(await self._started(request))
        except TimeoutError as error:
            raise failures.late(self._url, request.timeout) from error
        except (aiohttp.ClientError, OSError) as error:
            raise failures.unreachable(self._url, error) from error

    async def open_stream(self, request: Request) -> AsyncMessages | Reply:
        """POST the body; see `AsyncStreamTransport.open_stream`."""
        if self._closed:
            raise failures.closed()
        patience = Patience(request.timeout, SILENCE)
        try:
            with Within(self._deadlines, patience.seconds):
                if not self._is_watched:
                    await notice_closes()
                response = await self._started(request, self._session_for_streams())
                if is_events(response.headers.get("content-type", "")):
                    return AiohttpEvents(response, self._url, patience, self._limit)
                return await self._read(response)
        except TimeoutError as error:
            raise failures.late(self._url, request.timeout) from error
        except (aiohttp.ClientError, OSError) as error:
            raise failures.unreachable(self._url, error) from error

    async def aclose(self) -> None:
        """Close the own session's connections; the caller's session is left alone."""
        self._closed = True
        sessions = self._own_sessions()
        self._session = self._streaming = None
        self._deadlines.close()
        for session in sessions:
            await session.close()

    def __del__(self) -> None:
        sessions, loop = self._own_sessions(), self._deadlines.loop
        if loop is None or not sessions:
            return
        warnings.warn(
            f"unclosed client of {self._url}",
            ResourceWarning,
            stacklevel=2,
            source=self,
        )
        for session in sessions:
            connector = session.connector
            session.detach()
            if connector is not None:
                _close_unawaited(connector, loop)

    def _own_sessions(self) -> list[aiohttp.ClientSession]:
        made = (self._session if self._owned else None, self._streaming)
        return [each for each in made if each is not None and not each.closed]

    def _session_for_streams(self) -> aiohttp.ClientSession | None:
        """Return a session without a limit: open streams would keep calls waiting."""
        if self._owned and self._streaming is None:
            self._streaming = _new_session(self._ssl, limit=0)
        return self._streaming

    def _started(
        self, request: Request, session: aiohttp.ClientSession | None = None
    ) -> Awaitable[aiohttp.ClientResponse]:
        """Return the response to the request, its head read.

        The own session is made at the first use, when the loop is known.
        """
        session = session or self._session
        if session is None:
            session = self._session = _new_session(self._ssl)
        return session.post(
            self._target,
            data=request.body,
            headers=request.headers,
            proxy=self._proxy,
            allow_redirects=False,
            raise_for_status=False,
            timeout=NO_TIMEOUT,
        )

    async def _read(self, response: aiohttp.ClientResponse) -> Reply:
        """Return the answer; its connection is free once its body was read."""
        content = response.content
        try:
            body = content.read_nowait()
            if not content.at_eof() or len(body) > self._limit:
                body = await self._rest(content, body)
        except BaseException:
            response.close()
            raise
        return Reply(
            status=response.status, headers=Headers(response.headers), body=body
        )

    async def _rest(self, content: aiohttp.StreamReader, begun: bytes) -> bytes:
        """Return the whole body, of which this much has come."""
        body = bytearray(begun)
        while len(body) <= self._limit and not content.at_eof():
            body += await content.readany()
        if len(body) > self._limit:
            raise failures.too_large(self._url, self._limit)
        return bytes(body)


def _new_session(ssl: SSLContext | None, limit: int = CALLS) -> aiohttp.ClientSession:
    """Return a session that keeps no cookies and reads no environment.

    It has at most `limit` connections; 0 is no limit.
    """
    return aiohttp.ClientSession(
        connector=WatchfulConnector(ssl, limit),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )


def _close_unawaited(
    connector: aiohttp.BaseConnector, loop: asyncio.AbstractEventLoop
) -> None:
    """Close `connector` from a finalizer: on its loop, or here where that is over."""

    async def closing() -> None:
        await connector.close()

    def close() -> None:
        # The first step closes the sockets. A task could be cancelled before it, by an
        # `asyncio.run` that ends; the rest would only wait for the loop to notice.
        first = closing()
        with suppress(StopIteration):
            first.send(None)
        first.close()

    if loop.is_closed():
        close()
    else:
        loop.call_soon_threadsafe(close)
