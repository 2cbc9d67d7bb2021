"""The sync face of a stream that lives on an event loop in another thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from idlgen.runtime.transports import failures
from idlgen.runtime.transports.streaming import AsyncTwoWayMessages

T = TypeVar("T")


def on_loop(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    """Have the work done on `loop`, which another thread runs, and wait for it.

    Raises:
        RuntimeError: the loop has ended, or ends meanwhile: the client is closed.
    """
    if loop.is_closed():
        work.close()
        raise failures.closed()
    doing = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return doing.result()
    except CancelledError as error:
        raise failures.closed() from error
    finally:
        doing.cancel()


class ThreadedStream:
    """Waits, in any thread but the loop's, for what `messages` does on `loop`."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, messages: AsyncTwoWayMessages
    ) -> None:
        self._loop = loop
        self._messages = messages

    def receive(self) -> Sequence[bytes]:
        """Return the messages that have come; see `Messages.receive`."""
        return on_loop(self._loop, self._messages.receive())

    def send(self, message: bytes) -> bool:
        """Send a message; see `TwoWayMessages.send`."""
        return on_loop(self._loop, self._messages.send(message))

    def close(self, *, is_whole: bool) -> None:
        """End the stream, which has ended with its loop where that has."""
        if not self._loop.is_closed():
            on_loop(self._loop, self._messages.aclose(is_whole=is_whole))
