"""A thread with an event loop, on which sync clients have async work done."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from idlgen.runtime.transports import failures

T = TypeVar("T")


class LoopThread(threading.Thread):
    """Runs an event loop until it is stopped; it does not survive a fork."""

    _loop: asyncio.AbstractEventLoop
    _stopping: asyncio.Event

    def __init__(self, name: str) -> None:
        """Start the thread; it keeps no process alive."""
        super().__init__(name=name, daemon=True)
        self._ready = threading.Event()
        # What is begun under it is begun before the end, which cancels it.
        self._ending = threading.Lock()
        self._has_ended = False
        self.start()
        self._ready.wait()

    def run(self) -> None:
        """Live until `stop`."""
        asyncio.run(self._live())

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Have the work done; it is cancelled where the loop ends before.

        Raises:
            RuntimeError: the loop has ended, or is the parent process's: the client is
                closed.
        """
        # A lock that was held at a fork is held for ever in the child.
        if self.is_alive():
            with self._ending:
                if not self._has_ended:
                    return asyncio.run_coroutine_threadsafe(work, self._loop)
        work.close()
        raise failures.closed()

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """Have the work done and return what it does, in any thread but this one.

        Raises:
            RuntimeError: the loop has ended, or ends meanwhile: the client is closed.
        """
        doing = self.begin(work)
        try:
            return doing.result()
        except CancelledError as error:
            raise failures.closed() from error
        finally:
            doing.cancel()

    def stop(self) -> None:
        """Cancel what runs on the loop, end it and wait for the thread."""
        with self._ending:
            if not self._has_ended:
                self._has_ended = True
                self._loop.call_soon_threadsafe(self._stopping.set)
        self.join()

    def end(self) -> None:
        """Do so from the loop itself, and wait for nothing."""
        with self._ending:
            self._has_ended = True
            self._stopping.set()

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._ready.set()
        await self._stopping.wait()
