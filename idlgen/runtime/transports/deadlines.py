"""The deadlines of all that waits in one event loop, kept by one timer.

`asyncio.timeout` sets a timer for each wait and takes it back. Nearly every call is over
long before its deadline: so the one timer is set for the earliest, and moved when it
rings, not when a call ends.
"""

from __future__ import annotations

import asyncio
import heapq
import math
from itertools import count
from types import TracebackType

from msgspec import Struct as Record

from idlgen.runtime.transports import failures

SPARE = 64
"""How many waits that are over may stay listed beside as many as there still are."""


class Deadlines:
    """A list of waits in one event loop, the one whose deadline is next at its head.

    Of those that are listed so many are `running`; the others are over, and stay until
    they are in the way. `loop` is None before the first.
    """

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._listed: list[tuple[float, int, Within]] = []
        self._numbers = count()
        self.running = 0
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = math.inf

    def __len__(self) -> int:
        """How many are listed, those included that are over."""
        return len(self._listed)

    def check_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop that runs, which was the first's or is from now on.

        Raises:
            RuntimeError: it is another.
        """
        loop = asyncio.get_running_loop()
        if self.loop is None:
            self.loop = loop
        elif self.loop is not loop:
            raise failures.other_loop()
        return loop

    def begin(
        self, loop: asyncio.AbstractEventLoop, timeout: float, wait: Within
    ) -> None:
        """List a wait that begins, and ends in so many seconds."""
        end = loop.time() + timeout
        self.running += 1
        heapq.heappush(self._listed, (end, next(self._numbers), wait))
        if end < self._rings_at:
            self._set_timer(loop)
        if len(self._listed) > 2 * self.running + SPARE:
            self._listed = [entry for entry in self._listed if entry[2].is_running]
            heapq.heapify(self._listed)

    def close(self) -> None:
        """Set no timer that nobody waits for."""
        if self._timer is not None and not self.running:
            self._timer.cancel()
            self._rings_at = math.inf

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = self._listed[0][0]
        self._timer = loop.call_at(self._rings_at, self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        self._rings_at = math.inf
        now = loop.time()
        while self._listed and (
            self._listed[0][0] <= now or not self._listed[0][2].is_running
        ):
            heapq.heappop(self._listed)[2].interrupt()
        if self._listed:
            self._set_timer(loop)


class Within(Record, eq=False):
    """A block, for `with`, that ends in `timeout` seconds; None is no limit.

    Raises:
        RuntimeError: when it is entered in another event loop than the first one.
        TimeoutError: when it is left, if that was for the deadline.
    """

    deadlines: Deadlines
    timeout: float | None
    _task: asyncio.Task[object] | None = None
    _cancelling: int = 0
    _is_late: bool = False

    @property
    def is_running(self) -> bool:
        """Whether the block was entered, and not left."""
        return self._task is not None

    def interrupt(self) -> None:
        """Cancel the task if it is in the block still."""
        if self._task is not None:
            self._is_late = True
            self._task.cancel()

    def __enter__(self) -> None:
        loop = self.deadlines.check_loop()
        if self.timeout is None:
            return
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._cancelling = task.cancelling()
        self.deadlines.begin(loop, self.timeout, self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        task = self._task
        if task is None:
            return
        self._task = None
        self.deadlines.running -= 1
        # Somebody else may have cancelled the task too: that is then what counts.
        if (
            self._is_late
            and task.uncancel() <= self._cancelling
            and isinstance(error, asyncio.CancelledError)
        ):
            raise TimeoutError from error
