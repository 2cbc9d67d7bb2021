"""One WebSocket of a client: its messages to the dispatcher, the answers back.

Each message is carried out in a task of its own, so answers come in any order. What is
answered waits for the client to read it; where it does not, no more is read from it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus

from idlgen.runtime import metadata
from idlgen.runtime.errors import ResourceExhausted, Unavailable
from idlgen.runtime.protocols.jsonrpc.connection_server import (
    Answer,
    Begin,
    Cancel,
    Flight,
    Notice,
    ServerConnection,
)
from idlgen.runtime.server.answers import Answers
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.handshake import may_connect, refuse
from idlgen.runtime.server.http import refusal
from idlgen.runtime.server.limits import Limits
from idlgen.runtime.server.scope import Message, Receive, Scope, Send
from idlgen.runtime.server.socket_port import SocketPort, Unread

SUBPROTOCOL = "idlgen.1"
GOING_AWAY = 1001
TOO_LARGE = 1009
RETRY_SOON = {"retry-after": "1"}
TURNS = 3
"""Turns of the loop that a call takes which waits for nothing."""
MESSAGES = 8
"""The calls in flight may have as many bytes as so many of the largest messages."""
UNREAD = 128 * 1024 * 1024
"""Bytes of items that may wait for all handlers of a connection. Each stream may have
1 MiB on its way, so only many that are not read come to that."""
TOO_FAST = (
    "the stream is faster than it is read, and takes no credit, or there are too many "
    "such streams on this connection"
)
OF_ONE_MESSAGE = {metadata.TIMEOUT, metadata.IDEMPOTENCY_KEY}
"""Headers that cannot hold for all calls of a connection."""


class WebSockets:
    """The open connections of one endpoint."""

    def __init__(
        self, dispatcher: Dispatcher, limits: Limits, origins: Iterable[str]
    ) -> None:
        self._dispatcher = dispatcher
        self._limits = limits
        self._origins = frozenset(origins)
        self._sessions: set[Session] = set()

    async def serve(
        self, scope: Scope, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        """Serve a connection to its end, unless it is refused.

        That is one which a page of another site opens, one too many, and any while the
        app drains. `headers` are the handshake's, names in lower case.
        """
        await receive()
        if not may_connect(headers, self._origins):
            why = "pages of this origin may not connect"
            await refuse(scope, send, refusal(HTTPStatus.FORBIDDEN, why))
            return
        why_not = self._has_no_room()
        if why_not:
            told = refusal(HTTPStatus.SERVICE_UNAVAILABLE, why_not, **RETRY_SOON)
            await refuse(scope, send, told)
            return
        offered = SUBPROTOCOL in scope.get("subprotocols", ())
        session = Session(
            self._dispatcher,
            headers,
            self._limits,
            receive,
            send,
            has_credit=offered,
        )
        self._sessions.add(session)
        try:
            subprotocol = SUBPROTOCOL if offered else None
            await send({"type": "websocket.accept", "subprotocol": subprotocol})
            await session.serve()
        finally:
            self._sessions.discard(session)
            session.end()

    async def shut_down(self, grace: float) -> None:
        """End all connections when their calls in flight are done.

        They have `grace` seconds.
        """
        await asyncio.gather(*(each.shut_down(grace) for each in self._sessions))

    def _has_no_room(self) -> str:
        """Return why no connection may be opened, else nothing."""
        if self._dispatcher.load.is_draining:
            return "the server is shutting down"
        most = self._limits.max_connections
        if len(self._sessions) >= most:
            return f"the server has {most} connections, as many as it takes"
        return ""


class Session:
    """Serves one client from the handshake to the end of its connection."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        headers: Mapping[str, str],
        limits: Limits,
        receive: Receive,
        send: Send,
        *,
        has_credit: bool,
    ) -> None:
        """`headers` are the handshake's: they hold for each call, whose `meta` wins.

        `has_credit` says whether the client gives and takes credit for streams.
        """
        self._dispatcher = dispatcher
        self._headers = {n: v for n, v in headers.items() if n not in OF_ONE_MESSAGE}
        self._limits = limits
        self._receive = receive
        self._answers = Answers(send)
        self._has_credit = has_credit
        self._ports: dict[Flight, SocketPort] = {}
        self._unread = Unread(UNREAD)
        self._connection = ServerConnection(
            max_calls=limits.max_calls, max_bytes=MESSAGES * limits.max_body
        )
        self._tasks: dict[Flight, asyncio.Task[None]] = {}
        self._is_closing = False
        self._loop = asyncio.get_running_loop()

    async def serve(self) -> None:
        """Answer calls until the connection ends, then cancel what is still at work."""
        writing = asyncio.ensure_future(self._answers.send_all())
        try:
            await self._read()
        finally:
            tasks = [writing, *self._tasks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def end(self) -> None:
        """Say that the connection has ended, before anything was sent maybe.

        A task that is cancelled before it began says nothing.
        """
        self._answers.end()

    async def shut_down(self, grace: float) -> None:
        """Take no more calls, and end the connection when those in flight are done.

        They have `grace` seconds, and so have their answers to be sent.
        """
        self._is_closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                if self._tasks:
                    await asyncio.wait(self._tasks.values())
                self._answers.close(GOING_AWAY)
                await self._answers.sent()
        self._answers.close(GOING_AWAY)

    async def _read(self) -> None:
        while True:
            if not self._answers.have_room:
                await self._answers.room()
            if self._connection.is_full:
                await self._give_way()
            received = await self._receive()
            if received["type"] == "websocket.disconnect":
                return
            body = _body(received)
            if len(body) > self._limits.max_body:
                self._answers.close(TOO_LARGE)
                await self._answers.sent()
                return
            self._take(body)

    async def _give_way(self) -> None:
        """Let calls end that can at once, before another is refused for their number.

        A server may hand over thousands of messages without a turn of the loop.
        """
        for _ in range(TURNS):
            if not self._connection.is_full:
                return
            await asyncio.sleep(0)

    def _take(self, body: bytes) -> None:
        message = self._dispatcher.read(body)
        if isinstance(message, bytes):
            self._answers.add(message)
            return
        match self._connection.receive(message, len(body)):
            case Begin(flight):
                self._open_port(flight)
                answering = self._answer(flight, time.monotonic())
                self._tasks[flight] = self._loop.create_task(answering)
            case Answer(text):
                self._answers.add(text)
            case Notice(flight, notice):
                port = self._ports.get(flight)
                if port is not None and not port.take(notice):
                    flight.fault = ResourceExhausted(TOO_FAST)
                    if flight.has_begun:
                        self._tasks[flight].cancel()
            case Cancel(flight):
                # A task that has not begun finds out by itself, and answers.
                if flight.has_begun:
                    self._tasks[flight].cancel()

    def _open_port(self, flight: Flight) -> None:
        """Let the call stream, which a batch and a notification cannot."""
        message = flight.message
        if not isinstance(message, list) and message.address is not None:
            self._ports[flight] = SocketPort(
                self._answers,
                self._unread,
                message.address.id,
                has_credit=self._has_credit,
            )

    async def _answer(self, flight: Flight, arrived: float) -> None:
        flight.has_begun = True
        try:
            answer = await self._outcome(flight, arrived)
        finally:
            self._connection.end(flight)
            del self._tasks[flight]
            port = self._ports.pop(flight, None)
            if port is not None:
                port.end()
        if answer is not None:
            self._answers.add(answer)

    async def _outcome(self, flight: Flight, arrived: float) -> bytes | None:
        fault = flight.ended_by()
        if fault is None and self._is_closing:
            fault = Unavailable("the server is shutting down")
        if fault is not None:
            return flight.refusal(fault)
        port = self._ports.get(flight)
        answer = self._dispatcher.answer
        try:
            return await answer(flight.message, self._headers, arrived, port)
        except asyncio.CancelledError:
            fault = flight.ended_by()
            if fault is None:
                raise
            return flight.refusal(fault)


def _body(received: Message) -> bytes:
    """Return the message of a text frame, or of a binary one."""
    text: str | None = received.get("text")
    if text is not None:
        return text.encode()
    content: bytes = received.get("bytes") or b""
    return bytes(content)
