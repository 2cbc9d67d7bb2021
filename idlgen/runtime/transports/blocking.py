"""The HTTP transport of sync clients, over urllib3.

Threads: any number may share it; up to 32 connections are kept, more are opened and
closed as needed.

Fork: a child process that inherits the transport opens connections of its own, for two
processes on one socket would read each other's answers. The inherited ones are neither
used nor closed. With a pool of the caller's, the child gets a `RuntimeError` instead: only
the caller can make another.

Stale connections: urllib3 looks whether the peer has closed a kept connection just before
it is used again, and opens a new one if so: nothing was sent, so nothing is repeated.
Where the peer closes later, the request may have been carried out; the call fails with
`Unavailable`. Nothing is ever sent twice (``retries=False``), no redirect is followed.

Deadlines: the timeout bounds connecting and each wait for the peer, and is looked at after
each piece of the body, so that a body that trickles ends at twice the timeout at the
latest. Not bounded are a head that trickles, each byte within the timeout, and the
resolution of the host's name, which is the operating system's.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable
from ssl import SSLContext
from urllib.parse import unquote, urlsplit

from idlgen.runtime.event_stream import is_events
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.endpoint import Endpoint
from idlgen.runtime.transports.headers import Headers
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import SILENCE, Messages, Patience

try:
    import urllib3
except ImportError as error:
    raise failures.missing("urllib3", "sync clients over HTTP", "http") from error

from urllib3 import exceptions

from idlgen.runtime.transports.events_blocking import Urllib3Events

KEPT_CONNECTIONS = 32
CHUNK = 64 * 1024
OK = 200


class Urllib3Transport:
    """POSTs to one endpoint through a urllib3 pool, its own or the caller's."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        max_response_bytes: int,
        proxy: str | None = None,
        ssl: SSLContext | None = None,
        pool: urllib3.PoolManager | None = None,
    ) -> None:
        """`proxy` is the URL of a proxy for the own pool; a given one has its own.

        So it is with `ssl`, by which connections over TLS are made.
        """
        self._url = endpoint.url
        self._target = urllib3.util.parse_url(endpoint.url).request_uri
        self._limit = max_response_bytes
        self._proxy = proxy
        self._ssl = ssl
        self._owned = pool is None
        self._pool = _new_pool(proxy, ssl) if pool is None else pool
        self._way = self._direct()
        self._process = os.getpid()
        self._inherited: list[urllib3.PoolManager] = []
        self._closed = False

    def exchange(self, request: Request) -> Reply:
        """POST the body; see `Transport.exchange`."""
        self._be_usable()
        patience = Patience(request.timeout)
        try:
            response = self._started(request, patience)
            return self._read(response, patience)
        except (exceptions.HTTPError, OSError) as error:
            raise self._mapped(error, request.timeout) from error

    def open_stream(self, request: Request) -> Messages | Reply:
        """POST the body; see `StreamTransport.open_stream`."""
        self._be_usable()
        patience = Patience(request.timeout, SILENCE)
        try:
            response = self._started(request, patience)
            if is_events(response.headers.get("content-type", "")):
                return Urllib3Events(response, self._url, patience, self._limit)
            return self._read(response, patience)
        except (exceptions.HTTPError, OSError) as error:
            raise self._mapped(error, request.timeout) from error

    def close(self) -> None:
        """Close the connections of the own pool; the caller's pool is left alone."""
        if not self._closed and self._owned and self._process == os.getpid():
            self._pool.clear()
            if self._way is not None:
                self._way.close()
        self._closed = True

    def _direct(self) -> urllib3.HTTPConnectionPool | None:
        """Return the connections to the one host, which need not be looked for each time.

        A proxy has its own ways, and a pool of the caller's may be cleared by him.
        """
        if not self._owned or self._proxy is not None:
            return None
        return self._pool.connection_from_url(self._url)

    def _be_usable(self) -> None:
        if self._closed:
            raise failures.closed()
        if self._process != os.getpid():
            self._start_anew()

    def _start_anew(self) -> None:
        """Open other connections than the parent's, whose locks may be held for ever.

        The parent's pool is kept from being collected: that would take such a lock.
        """
        if not self._owned:
            raise RuntimeError(
                "this client was made before the process forked, with a pool of yours "
                "whose connections belong to the parent: make a client with a new pool"
            )
        self._inherited.append(self._pool)
        self._pool = _new_pool(self._proxy, self._ssl)
        self._way = self._direct()
        self._process = os.getpid()

    def _started(
        self, request: Request, patience: Patience
    ) -> urllib3.BaseHTTPResponse:
        """Return the response to the request, its head read."""
        if self._way is None:
            urlopen: Callable[..., urllib3.BaseHTTPResponse] = self._pool.urlopen
            target = self._url
        else:
            urlopen = self._way.urlopen
            target = self._target
        seconds = patience.seconds
        return urlopen(
            "POST",
            target,
            redirect=False,
            body=request.body,
            headers=request.headers,
            retries=False,
            preload_content=False,
            timeout=urllib3.Timeout(total=seconds),
            pool_timeout=seconds,
        )

    def _read(self, response: urllib3.BaseHTTPResponse, patience: Patience) -> Reply:
        content = bytearray()
        if response.status < OK:
            # The answer proper is to come, and urllib3 takes this for it.
            response.close()
        while piece := response.read1(CHUNK):
            content += piece
            if len(content) > self._limit:
                response.close()
                raise failures.too_large(self._url, self._limit)
            if patience.is_over:
                response.close()
                raise failures.late(self._url, patience.timeout)
        return Reply(
            status=response.status,
            headers=Headers(response.headers),
            body=bytes(content),
        )

    def _mapped(self, error: Exception, timeout: float | None) -> Exception:
        """Return the error of `failures` for one of urllib3's or the socket's."""
        cause = error
        while isinstance(cause, exceptions.ProxyError):
            cause = cause.original_error
        if isinstance(cause, exceptions.NewConnectionError):
            return failures.unreachable(self._url, error)
        if isinstance(cause, exceptions.ClosedPoolError):
            return failures.closed()
        late = (exceptions.TimeoutError, exceptions.EmptyPoolError, TimeoutError)
        if isinstance(cause, late):
            return failures.late(self._url, timeout)
        return failures.unreachable(self._url, error)


def _new_pool(proxy: str | None, ssl: SSLContext | None) -> urllib3.PoolManager:
    """Return a pool that goes through `proxy`, with its user and password if it has them."""
    if proxy is None:
        return urllib3.PoolManager(maxsize=KEPT_CONNECTIONS, ssl_context=ssl)
    parts = urlsplit(proxy)
    headers: dict[str, str] = {}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return urllib3.ProxyManager(
        address, maxsize=KEPT_CONNECTIONS, proxy_headers=headers, ssl_context=ssl
    )
