"""The sync face of a stream that lives on an event loop in another thread."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import suppress

from idlgen.runtime.transports.loop_thread import LoopThread
from idlgen.runtime.transports.streaming import AsyncTwoWayMessages


class ThreadedStream:
    """Waits, in any thread but the loop's, for what `messages` does on the loop."""

    def __init__(self, thread: LoopThread, messages: AsyncTwoWayMessages) -> None:
        self._thread = thread
        self._messages = messages

    def receive(self) -> Sequence[bytes]:
        """Return the messages that have come; see `Messages.receive`."""
        return self._thread.wait_for(self._messages.receive())

    def send(self, message: bytes) -> bool:
        """Send a message; see `TwoWayMessages.send`."""
        return self._thread.wait_for(self._messages.send(message))

    def close(self, *, is_whole: bool) -> None:
        """End the stream, which has ended with its loop where that has."""
        try:
            closing = self._thread.begin(self._messages.aclose(is_whole=is_whole))
        except RuntimeError:
            return
        with suppress(CancelledError):
            closing.result()
