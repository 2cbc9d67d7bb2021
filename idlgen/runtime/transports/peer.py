"""The server as an adapter sees it, and what came back from it, whichever library asked.

An adapter is a transport over an HTTP library of the caller's choice. `adapter` holds
what all of them do, `events_adapted` reads their streams; a library adds how it posts,
a `Response`, and its `Faults`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from idlgen.runtime.errors import RpcError
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.causes import known
from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import Patience


class Faults(NamedTuple):
    """The exceptions of a library for what took too long and for what else went wrong."""

    late: type[Exception]
    lost: type[Exception]
    described: Callable[[BaseException], str]


class Head(Protocol):
    """What a response begins with, the names of its headers in lower case."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


class Response(Head, Protocol):
    """A response whose head has come, for one thread at a time."""

    def read(self) -> bytes:
        """Wait and return the next piece of the body, ``b""`` at its end."""
        ...

    def close(self) -> None:
        """Keep the connection if the body was read to its end, else close it."""
        ...


class AsyncResponse(Head, Protocol):
    """The same for an event loop, for one task at a time."""

    async def read(self) -> bytes:
        """Wait and return the next piece of the body, ``b""`` at its end."""
        ...

    async def aclose(self) -> None:
        """Keep the connection if the body was read to its end, else close it."""
        ...


class Peer:
    """One server: its URL, the credentials for it, how large its answers may be."""

    def __init__(self, url: str, limit: int, faults: Faults) -> None:
        """See `Endpoint` for `url`; an answer or an item has at most `limit` bytes.

        Raises:
            ValueError: `url` is none of HTTP.
        """
        endpoint = parse_endpoint(url)
        if endpoint.is_websocket:
            raise ValueError(
                f"{endpoint.url} is called over WebSocket, not over HTTP: give the URL "
                "to the client instead of a transport"
            )
        self.url = endpoint.url
        self.limit = limit
        self.faults = faults
        self._authorization = endpoint.authorization

    def headers(self, request: Request) -> Mapping[str, str]:
        """Return what goes along: the request's, and the URL's user and password."""
        if self._authorization is None or "authorization" in request.headers:
            return request.headers
        return {**request.headers, "authorization": self._authorization}

    def reply(self, head: Head, body: bytearray) -> Reply:
        """Return the answer that was read whole."""
        return Reply(status=head.status, headers=head.headers, body=bytes(body))

    def failure(self, error: Exception, patience: Patience) -> RpcError:
        """Return the error of `failures` for an exchange that ended in `error`."""
        if isinstance(error, (TimeoutError, self.faults.late)):
            return self._late(patience)
        return failures.unreachable(self.url, self._why(error))

    def stream_failure(self, error: Exception, patience: Patience) -> RpcError:
        """Return the same for a stream that ended in `error` after its head."""
        if not isinstance(error, (TimeoutError, self.faults.late)):
            return failures.broken(self.url, self._why(error))
        if patience.has_ended_wait:
            return self._late(patience)
        return failures.silent(self.url)

    def too_large(self) -> RpcError:
        """Return the error for an answer of more than `limit` bytes."""
        return failures.too_large(self.url, self.limit)

    def _why(self, error: Exception) -> str:
        return known(error, self.url) or self.faults.described(error)

    def _late(self, patience: Patience) -> RpcError:
        # A timeout of the library's own configuration is not the request's.
        timeout = patience.timeout if patience.has_ended_wait else None
        return failures.late(self.url, timeout)
