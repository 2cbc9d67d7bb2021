"""What ends work before its time, set up only where the work comes to wait.

Most handlers end, or wait for the first time, within microseconds. Until then nothing
else runs on the loop: neither a timer nor a task that watches the client could act.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Generator
from types import TracebackType, coroutine
from typing import Any, TypeVar

T = TypeVar("T")
Subject = TypeVar("Subject")


class Interruption(ABC):
    """A block of a task that ends where `interrupt` is called meanwhile.

    What the block then raises is the task's cancellation, or `interrupted` at the
    block's end. Blocks nest, and a cancellation from elsewhere goes on: cancellations
    are counted as `asyncio.timeout` counts them.
    """

    _task: asyncio.Task[Any]
    _cancelling: int
    _has_come = False

    @abstractmethod
    def arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """See to it that `interrupt` is called when the time has come."""

    @abstractmethod
    def disarm(self) -> None:
        """See to it that it is not called any more."""

    @abstractmethod
    def interrupted(self) -> Exception:
        """Return what is raised in place of the cancellation."""

    def interrupt(self) -> None:
        """Cancel what the block does."""
        self._has_come = True
        self._task.cancel()

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("calls are served in tasks of asyncio")
        self._task = task
        self._cancelling = task.cancelling()
        self.arm(loop)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.disarm()
        if not self._has_come or self._task.uncancel() > self._cancelling:
            return
        if isinstance(error, asyncio.CancelledError):
            raise self.interrupted() from error


async def interruptible(
    work: Coroutine[Any, Any, T],
    kind: Callable[[Subject], Interruption],
    subject: Subject,
) -> T:
    """Return the result of `work`.

    When it waits for the first time, the interruption that `kind` makes of `subject` is
    entered. All of it runs in the task that awaits this, as if that awaited `work` itself.
    """
    try:
        awaited = work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    return await continued(work, awaited, kind(subject))


@coroutine
def continued(
    work: Coroutine[Any, Any, T], awaited: Any, interruption: Interruption
) -> Generator[Any, Any, T]:
    """Return the result of `work`, which waits for what it has `awaited` first.

    The rest of `interruptible`, for those who spare a coroutine for the first step.
    """
    try:
        with interruption:
            while True:
                # What asyncio's futures do in `await`: hand on what comes, either way.
                try:
                    sent = yield awaited
                except BaseException as error:
                    awaited = work.throw(error)
                else:
                    awaited = work.send(sent)
    except StopIteration as end:
        result: T = end.value
        return result
