"""A WebSocket of the library `websockets` that hands over each message as it comes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidState
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import Event, State

PATIENCE = 1.0
"""Seconds that a peer has to end a connection that is being closed."""

AT_ONCE = 64 * 1024
"""Bytes that leave in one write at most, but for a larger message: then the operating
system says whether it takes more, and who would send waits."""

_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)


class Listener(Protocol):
    """Who is told of what comes."""

    def received(self, message: bytes) -> None:
        """Take a message, text or binary alike."""
        ...

    def ended(self) -> None:
        """Take that nothing will come any more; called once."""
        ...


class Socket(ClientConnection):
    """A client's connection without a task that reads, and without a queue.

    A message goes from the socket's callback to the listener. What is posted in one
    turn of the event loop leaves in one write.
    """

    listener: Listener | None = None
    _message = bytearray()
    _is_posting = False
    _posted = 0
    _has_ended = False
    _aborting: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        """Whether texts may be posted."""
        return self.protocol.state is State.OPEN

    def post(self, text: bytes) -> None:
        """Send a message soon; where the connection is ending it is dropped."""
        with suppress(InvalidState):
            self.protocol.send_text(text)
            self._posted += len(text)
            if self._posted > AT_ONCE:
                self.flush()
            elif not self._is_posting:
                self._is_posting = True
                self.loop.call_soon(self.flush)

    def flush(self) -> None:
        """Hand what was posted to the operating system, in one piece.

        What asyncio is given after a write that failed it drops, and complains of from
        the fifth piece on.
        """
        self._is_posting = False
        self._posted = 0
        posted = b"".join(self.protocol.data_to_send())
        if not self.transport.is_closing():
            self.transport.write(posted)

    async def writable(self) -> None:
        """Wait while the peer does not read."""
        if self.paused:
            # What broke the connection is told by `ended`.
            with suppress(OSError):
                await self.drain()

    def fail(self, code: CloseCode, reason: str) -> None:
        """Tell the peer what it did wrong, and end the connection."""
        self.protocol.fail(code, reason)
        self._end()

    def process_event(self, event: Event) -> None:
        """Take what came; overrides the queue of the library."""
        if (
            self.response is None
            or not isinstance(event, Frame)
            or event.opcode not in _DATA
        ):
            super().process_event(event)
        elif event.fin and event.opcode is not Opcode.CONT:
            self._hand_over(bytes(event.data))
        else:
            if event.opcode is not Opcode.CONT:
                self._message = bytearray()
            self._message += event.data
            if event.fin:
                self._hand_over(bytes(self._message))
                self._message = bytearray()

    def data_received(self, data: bytes) -> None:
        """Take bytes; overrides what the library does when they end the connection."""
        self._flush_posted()
        super().data_received(data)
        if self.response is not None and self.protocol.state is State.CLOSING:
            self._end()

    def eof_received(self) -> None:
        """Take that nothing more will come."""
        self._flush_posted()
        super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take that the connection is gone."""
        super().connection_lost(exc)
        self._end()
        if self._aborting is not None:
            self._aborting.cancel()

    def _flush_posted(self) -> None:
        """Flush before the library writes, which it does message by message."""
        if self._is_posting:
            self.flush()

    def _hand_over(self, message: bytes) -> None:
        if self.listener is not None and not self._has_ended:
            self.listener.received(message)

    def _end(self) -> None:
        """End the connection whatever the peer does, and say so once."""
        if self._has_ended:
            return
        self._has_ended = True
        if not self.transport.is_closing():
            self.flush()
            self.transport.close()
        self._aborting = self.loop.call_later(PATIENCE, self.transport.abort)
        if self.listener is not None:
            self.listener.ended()
