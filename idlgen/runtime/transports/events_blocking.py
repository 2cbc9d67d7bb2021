"""The stream that answers a POST, over urllib3: server-sent events, read as asked for.

Nothing is read ahead but what a socket holds, so a consumer that is slow makes the
server wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import urllib3
from urllib3 import exceptions

from idlgen.runtime.errors import RpcError
from idlgen.runtime.event_stream import EventReader
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.streaming import PARTING, Patience

PIECE = 64 * 1024


class Urllib3Events:
    """The messages in the body of one response."""

    def __init__(
        self,
        response: urllib3.BaseHTTPResponse,
        url: str,
        patience: Patience,
        limit: int,
    ) -> None:
        """Take over `response`; a message has at most `limit` bytes."""
        self._response = response
        self._url = url
        self._patience = patience
        self._limit = limit
        self._events = EventReader(limit)

    def receive(self) -> Sequence[bytes]:
        """Return the messages of the next events; see `Messages.receive`."""
        while not self._events.is_too_large:
            piece = self._read()
            if not piece:
                return ()
            messages = self._events.feed(piece)
            if messages:
                return messages
        raise failures.too_large(self._url, self._limit)

    def close(self, *, is_whole: bool) -> None:
        """Keep the connection if the response is at its end, else close it."""
        if is_whole:
            with suppress(exceptions.HTTPError, OSError):
                self._bound_wait(PARTING)
                if not self._response.read1(PIECE):
                    self._response.release_conn()
                    return
        self._response.close()

    def _read(self) -> bytes:
        if self._patience.is_over:
            raise self._out_of_patience()
        try:
            self._bound_wait(self._patience.seconds)
            return self._response.read1(PIECE)
        except (exceptions.ReadTimeoutError, TimeoutError) as error:
            raise self._out_of_patience() from error
        except (exceptions.HTTPError, OSError) as error:
            raise failures.broken(self._url, error) from error

    def _bound_wait(self, seconds: float | None) -> None:
        """Let the next read wait for so long, where urllib3 tells the socket."""
        socket = getattr(self._response.connection, "sock", None)
        if socket is not None:
            socket.settimeout(seconds)

    def _out_of_patience(self) -> RpcError:
        if self._patience.has_ended_wait:
            return failures.late(self._url, self._patience.timeout)
        return failures.silent(self._url)
