"""The calls of a client on one open WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from msgspec import UnsetType
from websockets.frames import CloseCode

from idlgen.runtime.errors import Internal, Unavailable
from idlgen.runtime.protocols.jsonrpc.connection_caller import (
    CallerConnection,
    NoAnswer,
    cancel_text,
)
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import Patience
from idlgen.runtime.transports.websocket_socket import Socket
from idlgen.runtime.transports.websocket_stream import LinkedStream, read_notice

MAX_CALLS = 1000
"""Calls in flight; more wait to be sent, for servers refuse what is too much."""

ANSWERED: Mapping[str, str] = {"content-type": "application/json"}


class Lost(Exception):
    """The connection ended before the answer came; `error` is what the caller gets.

    `is_unseen` says that the peer has not seen the call, and another may.
    """

    def __init__(self, error: Exception, *, unsent: bool = False) -> None:
        self.error = error
        self.is_unseen = unsent and isinstance(error, Unavailable)
        super().__init__(str(error))


class Link:
    """Calls that share a connection, each a future until its answer comes."""

    def __init__(
        self, socket: Socket, url: str, limit: int, handshake: Mapping[str, str]
    ) -> None:
        """Take over the socket; `handshake` are the headers that its handshake sent.

        `limit` is the largest answer in bytes, for what an error says of it.
        """
        self.has_answered = False
        self.ended_idle = False
        self._socket = socket
        self._url = url
        self._limit = limit
        self._calls: CallerConnection[asyncio.Future[bytes] | LinkedStream] = (
            CallerConnection(handshake, is_idlgen=socket.subprotocol is not None)
        )
        self._streams: dict[int, LinkedStream] = {}
        self._room = asyncio.Event()
        self._fault: Exception | None = None
        socket.listener = self

    @property
    def is_open(self) -> bool:
        """Whether calls may be made."""
        return self._socket.is_open

    @property
    def is_idle(self) -> bool:
        """Whether no call is in flight."""
        return not self._calls

    async def call(self, request: Request) -> Reply:
        """Send the request and return its answer, which for a notification is empty.

        Where the caller is cancelled, the peer is told.

        Raises:
            Lost: the connection ended.
        """
        await self._ready(max(1, len(request.ids)))
        text = self._calls.text(request)
        if not request.ids:
            self._socket.post(text)
            return Reply(status=204, headers={}, body=b"")
        answer: asyncio.Future[bytes] = self._socket.loop.create_future()
        self._calls.begin(request, answer)
        self._socket.post(text)
        try:
            body = await answer
        except asyncio.CancelledError:
            self._abandon(request, answer)
            raise
        return Reply(status=200, headers=ANSWERED, body=body)

    async def open(self, request: Request, patience: Patience) -> LinkedStream:
        """Send the request that opens a stream, and return its messages.

        Raises:
            Lost: the connection ended.
        """
        await self._ready(1)
        (call_id,) = request.ids
        stream = LinkedStream(
            call_id, self._url, patience, self._socket, partial(self._give_up, request)
        )
        self._calls.begin(request, stream)
        self._streams[call_id] = stream
        self._socket.post(self._calls.text(request))
        return stream

    async def close(self) -> None:
        """End the connection in good form; calls in flight are told `failures.closed`."""
        self._fault = failures.closed()
        self._fail_all()
        await self._socket.close()
        # The task that pings is cancelled by then; it ends in the next turn.
        await asyncio.sleep(0)

    def abort(self) -> None:
        """End the connection at once."""
        self._socket.transport.abort()

    def received(self, message: bytes) -> None:
        """Hand an answer to its call, and what is of a stream to that."""
        if self._streams and self._is_taken(message):
            return
        try:
            answer = self._calls.receive(message)
        except NoAnswer as error:
            self._fault = Internal(f"{self._url} is no JSON-RPC server: {error}")
            self._socket.fail(CloseCode.PROTOCOL_ERROR, "no message of JSON-RPC")
            return
        if answer is not None:
            self.has_answered = True
            if isinstance(answer, LinkedStream):
                del self._streams[answer.call_id]
            self._room.set()
            if not answer.done():
                answer.set_result(message)

    def ended(self) -> None:
        """Tell the calls in flight that no answer will come."""
        self.ended_idle = self.is_idle
        self._fail_all()

    def _is_taken(self, message: bytes) -> bool:
        """Return whether the message was a notice of a stream, and hand it over."""
        notice = read_notice(message)
        if notice is None:
            return False
        if not isinstance(notice.params, UnsetType):
            stream = self._streams.get(notice.params.id)
            if stream is not None:
                stream.take(notice, message)
        return True

    async def _ready(self, number: int) -> None:
        """Wait until so many calls may be made at once."""
        while self._socket.paused or self._is_too_much(number):
            await self._socket.writable()
            if self._is_too_much(number):
                self._room.clear()
                await self._room.wait()
        if not self._socket.is_open:
            raise Lost(self._failure(), unsent=True)

    def _is_too_much(self, number: int) -> bool:
        """Return whether so many more have to wait for others to end.

        A batch waits for calls alone: streams may never end, and then it is the server
        that says it is too large.
        """
        in_flight = len(self._calls)
        ending = in_flight - len(self._streams) if number > 1 else in_flight
        return ending > 0 and in_flight + number > MAX_CALLS

    def _abandon(self, request: Request, answer: asyncio.Future[bytes]) -> None:
        if answer.done() and not answer.cancelled():
            # What came in the same turn of the loop is nobody's any more.
            answer.exception()
        self._give_up(request)

    def _give_up(self, request: Request) -> None:
        self._calls.end(request)
        self._room.set()
        for call_id in request.ids:
            self._streams.pop(call_id, None)
            self._socket.post(cancel_text(call_id))

    def _fail_all(self) -> None:
        self._streams.clear()
        waiting = self._calls.end_all()
        self._room.set()
        largest = max((len(request.body) for request, _ in waiting), default=0)
        for request, answer in waiting:
            if not answer.done():
                is_largest = len(request.body) == largest
                failure = self._failure(is_largest=is_largest)
                is_stream = isinstance(answer, LinkedStream)
                answer.set_exception(failure if is_stream else Lost(failure))

    def _failure(self, *, is_largest: bool = False) -> Exception:
        """Return a new error that says why the connection ended, for one call.

        A server that finds a message too large does not say which: the largest is.
        """
        if self._fault is not None:
            return type(self._fault)(str(self._fault))
        protocol = self._socket.protocol
        sent, came = protocol.close_sent, protocol.close_rcvd
        if came is None and sent is not None:
            if sent.code == CloseCode.MESSAGE_TOO_BIG:
                return failures.too_large(self._url, self._limit)
            return failures.unreachable(self._url, f"it was ended for: {sent}")
        if came is not None and came.code == CloseCode.MESSAGE_TOO_BIG and is_largest:
            return failures.refused_size(self._url)
        why = "the connection broke" if came is None else f"it closed: {came}"
        return failures.unreachable(self._url, why)
