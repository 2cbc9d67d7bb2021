"""Transports over an httpx2 client of one's own: `UserServiceClient(transport=...)`.

The client's headers, cookies, `auth`, proxies, certificates and hooks are used, and so
are its limits: 100 connections by default. Its timeouts are not, for a call's deadline
bounds all of it. The client stays open when the transport is closed.

Stale connections: httpx2 looks whether the peer has closed a kept connection before it
is used again. Where the peer closes later, the call fails with `Unavailable`; nothing is
sent twice, unless the client's `auth` asks for it, and no redirect is followed.

Deadlines of sync clients: the timeout bounds connecting and each wait for the peer, and
is looked at after each piece of the body, so that a body that trickles, or a stream, ends
at twice the timeout at the latest.
"""

from __future__ import annotations

from idlgen.runtime.options import DEFAULT_MAX_RESPONSE_BYTES
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.adapter import Adapter, AsyncAdapter
from idlgen.runtime.transports.peer import Faults, Peer
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import Patience

try:
    import httpx2
except ImportError as error:
    raise failures.missing("httpx2", "transports over httpx2", "httpx2") from error

__all__ = ["AsyncHttpx2Transport", "Httpx2Transport"]


class Httpx2Transport(Adapter):
    """POSTs to one endpoint through an `httpx2.Client` of the caller's."""

    def __init__(
        self,
        url: str,
        client: httpx2.Client,
        *,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
    ) -> None:
        """`url` is the server's, as clients take it.

        Raises:
            ValueError: `url` is none of HTTP.
        """
        super().__init__(Peer(url, max_response_bytes, FAULTS))
        self._client = client

    def post(self, request: Request, patience: Patience) -> Httpx2Response:
        """Send the request; see `Adapter.post`."""
        if self._client.is_closed:
            raise failures.closed()
        if patience.is_over:
            raise TimeoutError
        posted = self._client.build_request(
            "POST",
            self.peer.url,
            content=request.body,
            headers=self.peer.headers(request),
            timeout=httpx2.Timeout(patience.seconds),
        )
        return Httpx2Response(
            self._client.send(posted, stream=True, follow_redirects=False)
        )


class AsyncHttpx2Transport(AsyncAdapter):
    """The same through an `httpx2.AsyncClient`, which belongs to one event loop."""

    def __init__(
        self,
        url: str,
        client: httpx2.AsyncClient,
        *,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
    ) -> None:
        """`url` is the server's, as clients take it.

        Raises:
            ValueError: `url` is none of HTTP.
        """
        super().__init__(Peer(url, max_response_bytes, FAULTS))
        self._client = client

    async def post(self, request: Request) -> AsyncHttpx2Response:
        """Send the request; see `AsyncAdapter.post`."""
        if self._client.is_closed:
            raise failures.closed()
        posted = self._client.build_request(
            "POST",
            self.peer.url,
            content=request.body,
            headers=self.peer.headers(request),
            timeout=NO_TIMEOUT,
        )
        return AsyncHttpx2Response(
            await self._client.send(posted, stream=True, follow_redirects=False)
        )


class Httpx2Response:
    """A `Response` of httpx2's."""

    def __init__(self, response: httpx2.Response) -> None:
        self.status = response.status_code
        self.headers = dict(response.headers)
        self._response = response
        self._pieces = response.iter_bytes()

    def read(self) -> bytes:
        """Return the next piece of the body, unpacked."""
        return next(filter(None, self._pieces), b"")

    def close(self) -> None:
        """Close the response, and its connection unless it was read to its end."""
        self._response.close()


class AsyncHttpx2Response:
    """An `AsyncResponse` of httpx2's."""

    def __init__(self, response: httpx2.Response) -> None:
        self.status = response.status_code
        self.headers = dict(response.headers)
        self._response = response
        self._pieces = response.aiter_bytes()

    async def read(self) -> bytes:
        """Return the next piece of the body, unpacked."""
        async for piece in self._pieces:
            if piece:
                return piece
        return b""

    async def aclose(self) -> None:
        """Close the response, and its connection unless it was read to its end."""
        await self._pieces.aclose()
        await self._response.aclose()


def described(error: BaseException) -> str:
    """Return what went wrong; the text of httpx2's timeouts and of some others is empty."""
    return str(error) or type(error).__name__


FAULTS = Faults(httpx2.TimeoutException, httpx2.RequestError, described)
NO_TIMEOUT = httpx2.Timeout(None)
