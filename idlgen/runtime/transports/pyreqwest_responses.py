"""What comes back over pyreqwest: responses for calls and for streams, and its errors."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from pyreqwest.exceptions import (
    DetailedPyreqwestError,
    RequestError,
    RequestTimeoutError,
)
from pyreqwest.http import HeaderMap
from pyreqwest.request import StreamRequest, SyncStreamRequest
from pyreqwest.response import Response

from idlgen.runtime.transports.peer import Faults

CHUNK = 64 * 1024


class PyreqwestResponse:
    """A `Response` of pyreqwest's."""

    def __init__(self, sent: SyncStreamRequest, *, streams: bool) -> None:
        """Send the request, and wait for the response to begin."""
        response = sent.__enter__()
        self.status = response.status
        self.headers = readable(response.headers)
        self._sent = sent
        reader = response.body_reader
        self._next = reader.read_chunk if streams else partial(reader.read, CHUNK)

    def read(self) -> bytes:
        """Return the next piece of the body, unpacked."""
        return bytes(self._next() or b"")

    def close(self) -> None:
        """Close the response, and its connection unless it was read to its end."""
        self._sent.__exit__(None, None, None)


class AsyncPyreqwestResponse:
    """An `AsyncResponse` of pyreqwest's."""

    def __init__(
        self, sent: StreamRequest, response: Response, *, streams: bool
    ) -> None:
        self.status = response.status
        self.headers = readable(response.headers)
        self._sent = sent
        reader = response.body_reader
        self._next = reader.read_chunk if streams else partial(reader.read, CHUNK)

    async def read(self) -> bytes:
        """Return the next piece of the body, unpacked."""
        return bytes(await self._next() or b"")

    async def aclose(self) -> None:
        """Close the response, and its connection unless it was read to its end."""
        await self._sent.__aexit__(None, None, None)


def readable(headers: HeaderMap) -> dict[str, str]:
    """Return the headers but for those that are no ASCII, which pyreqwest cannot tell."""
    try:
        return dict(headers.items())
    except ValueError:
        found: dict[str, str] = {}
        for name in headers:
            with suppress(ValueError):
                found[name] = headers[name]
        return found


def described(error: BaseException) -> str:
    """Return what went wrong: pyreqwest's word for it, and the innermost cause."""
    if not isinstance(error, DetailedPyreqwestError):
        return str(error)
    causes = error.details["causes"]
    return f"{error.message}: {causes[-1]['message']}" if causes else error.message


FAULTS = Faults(RequestTimeoutError, RequestError, described)
