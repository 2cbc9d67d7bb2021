"""What transports over any HTTP library do alike: see `Httpx2Transport` for one.

A subclass posts; here are the deadline, the size of an answer, streams, and who may use
the transport: any number of threads of the process that made it, or the event loop that
first used it.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod

from idlgen.runtime.event_stream import is_events
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.deadlines import Deadlines, Within
from idlgen.runtime.transports.events_adapted import AsyncEvents, Events
from idlgen.runtime.transports.peer import AsyncResponse, Peer, Response
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import (
    SILENCE,
    AsyncMessages,
    Messages,
    Patience,
)


class Adapter(ABC):
    """A sync transport over HTTP, for calls and for streams of the server's."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._process = os.getpid()
        self._closed = False

    @abstractmethod
    def post(self, request: Request, patience: Patience) -> Response:
        """Send the request once, to no other URL, and return what comes back.

        `patience` bounds all of it, as well as the library can.
        """

    def post_for_stream(self, request: Request, patience: Patience) -> Response:
        """Do the same, for a response whose pieces are to arrive as they come."""
        return self.post(request, patience)

    def exchange(self, request: Request) -> Reply:
        """POST the body; see `Transport.exchange`."""
        self._check_usable()
        patience = Patience(request.timeout)
        try:
            response = self.post(request, patience)
            return self._whole(response, patience)
        except (self.peer.faults.lost, OSError) as error:
            raise self._mapped(error, patience) from error

    def open_stream(self, request: Request) -> Messages | Reply:
        """POST the body; see `StreamTransport.open_stream`."""
        self._check_usable()
        patience = Patience(request.timeout, SILENCE)
        try:
            response = self.post_for_stream(request, patience)
            if is_events(response.headers.get("content-type", "")):
                return Events(response, self.peer, patience)
            return self._whole(response, patience)
        except (self.peer.faults.lost, OSError) as error:
            raise self._mapped(error, patience) from error

    def close(self) -> None:
        """Refuse later calls; a client of the caller's is left open."""
        self._closed = True

    def _whole(self, response: Response, patience: Patience) -> Reply:
        content = bytearray()
        try:
            while piece := response.read():
                content += piece
                if len(content) > self.peer.limit:
                    raise self.peer.too_large()
                if patience.is_over:
                    raise TimeoutError
        finally:
            response.close()
        return self.peer.reply(response, content)

    def _mapped(self, error: Exception, patience: Patience) -> Exception:
        if self._closed:
            return failures.closed()
        return self.peer.failure(error, patience)

    def _check_usable(self) -> None:
        if self._closed:
            raise failures.closed()
        if self._process != os.getpid():
            raise failures.forked()


class AsyncAdapter(ABC):
    """The same for an event loop."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._deadlines = Deadlines()
        self._closed = False

    @abstractmethod
    async def post(self, request: Request) -> AsyncResponse:
        """Send the request once, to no other URL, and return what comes back.

        Who waits for it bounds the time.
        """

    async def post_for_stream(self, request: Request) -> AsyncResponse:
        """Do the same, for a response whose pieces are to arrive as they come."""
        return await self.post(request)

    async def exchange(self, request: Request) -> Reply:
        """POST the body; see `AsyncTransport.exchange`."""
        self._check_usable()
        patience = Patience(request.timeout)
        try:
            with Within(self._deadlines, request.timeout):
                return await self._whole(await self.post(request))
        except (self.peer.faults.lost, OSError) as error:
            raise self._mapped(error, patience) from error

    async def open_stream(self, request: Request) -> AsyncMessages | Reply:
        """POST the body; see `AsyncStreamTransport.open_stream`."""
        self._check_usable()
        patience = Patience(request.timeout, SILENCE)
        try:
            with Within(self._deadlines, patience.seconds):
                response = await self.post_for_stream(request)
                if is_events(response.headers.get("content-type", "")):
                    return AsyncEvents(response, self.peer, patience)
                return await self._whole(response)
        except (self.peer.faults.lost, OSError) as error:
            raise self._mapped(error, patience) from error

    async def aclose(self) -> None:
        """Refuse later calls; a client of the caller's is left open."""
        self._closed = True
        self._deadlines.close()

    async def _whole(self, response: AsyncResponse) -> Reply:
        content = bytearray()
        try:
            while piece := await response.read():
                content += piece
                if len(content) > self.peer.limit:
                    raise self.peer.too_large()
        finally:
            await response.aclose()
        return self.peer.reply(response, content)

    def _mapped(self, error: Exception, patience: Patience) -> Exception:
        if self._closed:
            return failures.closed()
        return self.peer.failure(error, patience)

    def _check_usable(self) -> None:
        if self._closed:
            raise failures.closed()
