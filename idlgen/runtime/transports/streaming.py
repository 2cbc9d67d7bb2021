"""What carries the messages of one call that streams: a seam beside `Transport`.

Transports that cannot stream need not have it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from idlgen.runtime.call import EARLY
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request

SILENCE = 60.0
"""Seconds without a byte after which a connection counts as lost: servers send a
comment every 15."""

PARTING = 1.0
"""Seconds that a server has to end a response after its last event."""

SHORTEST = 1e-6
"""Seconds: a socket that may wait for 0 does not block, and seems to be at its end."""


class Patience:
    """How long one stream may be waited for: to its deadline, and for a sign of life."""

    def __init__(self, timeout: float | None, silence: float | None = None) -> None:
        """Begin to count the `timeout` of the whole stream, None for no limit.

        `silence` is how many seconds may pass without a word.
        """
        self.timeout = timeout
        self._silence = silence
        self._end = None if timeout is None else time.monotonic() + timeout

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return self._end is not None and time.monotonic() >= self._end

    @property
    def has_ended_wait(self) -> bool:
        """Whether it is the deadline for which a wait has just ended, and not silence."""
        return self._end is not None and time.monotonic() >= self._end - EARLY

    @property
    def seconds(self) -> float | None:
        """How long to wait for the next word, more than 0; None is without limit."""
        left = None
        if self._end is not None:
            left = max(SHORTEST, self._end - time.monotonic())
        if left is None or self._silence is None:
            return self._silence if left is None else left
        return min(left, self._silence)


class Messages(Protocol):
    """The messages of one open stream, for one thread at a time."""

    def receive(self) -> Sequence[bytes]:
        """Wait and return the messages that have come, none where no more will come.

        Raises:
            DeadlineExceeded: the request's timeout, which is the stream's, passed.
            Unavailable: the connection broke.
            ResourceExhausted: a message is larger than the client accepts.
        """
        ...

    def close(self, *, is_whole: bool) -> None:
        """End the stream; a second time does nothing.

        `is_whole` tells that its end has come; where it has not, the server notices.
        """
        ...


class AsyncMessages(Protocol):
    """The same for an event loop, for one task at a time."""

    async def receive(self) -> Sequence[bytes]:
        """Wait and return the messages that have come; raises as `Messages.receive`."""
        ...

    async def aclose(self, *, is_whole: bool) -> None:
        """End the stream; see `Messages.close`."""
        ...


class TwoWayMessages(Messages, Protocol):
    """Messages both ways, for one thread that receives and one that sends."""

    def send(self, message: bytes) -> bool:
        """Send a message, once there is room for it; raises as `receive`.

        It is false where the stream has ended, so that more is of no use.
        """
        ...


class AsyncTwoWayMessages(AsyncMessages, Protocol):
    """The same for an event loop, for one task that receives and one that sends."""

    async def send(self, message: bytes) -> bool:
        """Send a message, once there is room for it; see `TwoWayMessages.send`."""
        ...


@runtime_checkable
class StreamTransport(Protocol):
    """A `Transport` whose servers can stream."""

    def open_stream(self, request: Request) -> Messages | Reply:
        """Send the request that opens a stream.

        Returns:
            the messages that answer it, or the reply of a server that answered it whole.

        Raises:
            RpcError, RuntimeError: as `Transport.exchange`.
        """
        ...


@runtime_checkable
class AsyncStreamTransport(Protocol):
    """An `AsyncTransport` whose servers can stream."""

    async def open_stream(self, request: Request) -> AsyncMessages | Reply:
        """Send the request that opens a stream; see `StreamTransport.open_stream`."""
        ...


@runtime_checkable
class TwoWayTransport(Protocol):
    """A `Transport` on which both sides can stream."""

    def open_two_way(self, request: Request) -> TwoWayMessages:
        """Send the request that opens a stream to the server, and perhaps one back."""
        ...


@runtime_checkable
class AsyncTwoWayTransport(Protocol):
    """An `AsyncTransport` on which both sides can stream."""

    async def open_two_way(self, request: Request) -> AsyncTwoWayMessages:
        """Send the request that opens a stream to the server, and perhaps one back."""
        ...
