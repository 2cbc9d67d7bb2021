"""A thread with an event loop, on which sync clients have async work done."""

from __future__ import annotations

import asyncio
import threading


class LoopThread(threading.Thread):
    """Runs an event loop until it is stopped; it does not survive a fork."""

    loop: asyncio.AbstractEventLoop
    _stopping: asyncio.Event

    def __init__(self, name: str) -> None:
        """Start the thread; it keeps no process alive."""
        super().__init__(name=name, daemon=True)
        self._ready = threading.Event()
        self.start()
        self._ready.wait()

    def run(self) -> None:
        """Live until `stop`."""
        asyncio.run(self._live())

    def stop(self) -> None:
        """Cancel what runs on the loop, end it and wait for the thread."""
        self.loop.call_soon_threadsafe(self.end)
        self.join()

    def end(self) -> None:
        """Do so from the loop itself, and wait for nothing."""
        self._stopping.set()

    async def _live(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._ready.set()
        await self._stopping.wait()
