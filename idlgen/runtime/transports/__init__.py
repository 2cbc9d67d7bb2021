"""What moves one request to one endpoint and brings its answer: the seam and its data.

A transport is bound to one endpoint when it is made and knows nothing of methods or of
types: a `Request` goes in, which is bytes, headers and a timeout, a `Reply` comes out.
What it may raise is written at `Transport`. The implementations live in `blocking`
(urllib3), `asynchronous` (aiohttp), `websocket` and `websocket_blocking` (websockets),
`in_process` (no socket), and `httpx2` and `pyreqwest` (adapters that the caller makes);
none of them is imported here, so that importing generated code loads no such library.
"""

from __future__ import annotations

from typing import Protocol

from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request

__all__ = ["AsyncTransport", "Reply", "Request", "Transport"]


class Transport(Protocol):
    """Sends one request and waits for its answer; many threads may do so at once."""

    def exchange(self, request: Request) -> Reply:
        """POST the body and return what came back, whatever its status.

        An adapter of one's own HTTP library follows no redirects and repeats nothing.

        Raises:
            DeadlineExceeded: the request's timeout passed.
            Unavailable: no connection, or it broke before the answer was whole.
            ResourceExhausted: the answer is larger than the client accepts.
            RuntimeError: the transport is closed.
        """
        ...

    def close(self) -> None:
        """Close the connections; a second time does nothing."""
        ...


class AsyncTransport(Protocol):
    """The same for an event loop; `exchange` may run many times at once."""

    async def exchange(self, request: Request) -> Reply:
        """POST the body and return what came back; raises as `Transport.exchange`."""
        ...

    async def aclose(self) -> None:
        """Close the connections; a second time does nothing."""
        ...
