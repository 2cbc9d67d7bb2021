"""Running one handler: on the event loop or in a thread, within its deadline."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

from idlgen.runtime.call import CallContext
from idlgen.runtime.errors import DeadlineExceeded
from idlgen.runtime.server.interruption import Interruption, interruptible
from idlgen.runtime.server.iteration import close, items_of
from idlgen.runtime.server.registry import Bound

logger = logging.getLogger("idlgen.runtime")


class HandlerFailed(Exception):
    """A handler raised; `error` is what."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        super().__init__(str(error))


class TimeIsUp(Exception):
    """The deadline of a call has passed."""


class TimeLimit(Interruption):
    """Ends work with `TimeIsUp` at the deadline of a call, if it has one."""

    _timer: asyncio.TimerHandle | None = None

    def __init__(self, context: CallContext) -> None:
        self._context = context

    def arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the timer."""
        remaining = self._context.remaining
        if remaining is not None:
            self._timer = loop.call_later(remaining, self.interrupt)

    def disarm(self) -> None:
        """Stop it."""
        if self._timer is not None:
            self._timer.cancel()

    def interrupted(self) -> Exception:
        """Return that the time is up."""
        return TimeIsUp()


class Invoker:
    """Calls handlers, those that are not `async def` in a bounded pool of threads."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None

    def close(self) -> None:
        """Let the threads go as their handlers end; a later call starts others."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def invoke(
        self, bound: Bound, keywords: Mapping[str, object], context: CallContext
    ) -> Coroutine[Any, Any, object]:
        """Return what the handler returned.

        Raises:
            HandlerFailed: it raised, whatever it was.
            DeadlineExceeded: the context's deadline passed; a handler on the event loop
                is cancelled, one in a thread goes on and can see it in `current_call`;
                one that has not begun by then never does.
        """
        return self._in_time(bound, context, self._run(bound, keywords))

    async def stream(
        self,
        bound: Bound,
        keywords: Mapping[str, object],
        context: CallContext,
        deliver: Callable[[object], Awaitable[None]],
    ) -> None:
        """Deliver each item of a handler that streams, and end it with this task.

        Raises:
            HandlerFailed, DeadlineExceeded: as `invoke`; what `deliver` raises.
        """
        work = self._iterate(bound, keywords, deliver)
        await self._in_time(bound, context, work)

    async def _in_time(
        self, bound: Bound, context: CallContext, work: Coroutine[Any, Any, object]
    ) -> object:
        if context.remaining == 0:
            work.close()
            raise _late(bound)
        with context.serving():
            try:
                return await interruptible(work, TimeLimit(context))
            except TimeIsUp:
                raise _late(bound) from None
            except HandlerFailed as failure:
                # A call that it made has less time, and may have seen the end first.
                is_late = isinstance(failure.error, DeadlineExceeded)
                if is_late and context.remaining == 0:
                    raise _late(bound) from failure.error
                raise

    async def _iterate(
        self,
        bound: Bound,
        keywords: Mapping[str, object],
        deliver: Callable[[object], Awaitable[None]],
    ) -> None:
        result = await self._run(bound, keywords)
        try:
            items = items_of(result, self)
        except TypeError as error:
            raise HandlerFailed(error) from error
        try:
            while True:
                try:
                    item = await anext(items)
                except StopAsyncIteration:
                    return
                except BaseException as error:
                    if _is_of_handler(error):
                        raise HandlerFailed(error) from error
                    raise
                await deliver(item)
        finally:
            await close(items)

    async def _run(self, bound: Bound, keywords: Mapping[str, object]) -> object:
        accepted = bound.accepted(keywords)
        try:
            if bound.is_generator:
                return bound.handler(**accepted)
            if bound.is_async:
                return await bound.handler(**accepted)
            result = await self.in_thread(partial(bound.handler, **accepted))
            # A plain function may hand on what an `async def` function returned.
            return await result if inspect.isawaitable(result) else result
        except BaseException as error:
            if _is_of_handler(error):
                raise HandlerFailed(error) from error
            raise

    async def in_thread(self, call: Callable[[], object]) -> object:
        """Return what the call returns in a thread of handlers.

        Raises:
            HandlerFailed: the call raised, whatever it was.
        """
        loop = asyncio.get_running_loop()
        # An exception travels as a value: asyncio cannot put a StopIteration into a
        # future, and a SystemExit would end the loop.
        outcome = await loop.run_in_executor(
            self._threads_of_handlers(), copy_context().run, _outcome, call
        )
        if isinstance(outcome, HandlerFailed):
            raise outcome
        return outcome

    def start_in_thread(self, call: Callable[[], object]) -> None:
        """Have the call made in a thread; what it raises is logged."""
        self._threads_of_handlers().submit(copy_context().run, _logged, call)

    def _threads_of_handlers(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, "idlgen-handler")
        return self._pool


def _late(bound: Bound) -> DeadlineExceeded:
    return DeadlineExceeded(f"{bound.method.name} did not end in time")


def _outcome(call: Callable[[], object]) -> object:
    try:
        return call()
    except BaseException as error:
        return HandlerFailed(error)


def _logged(call: Callable[[], object]) -> None:
    try:
        call()
    except Exception:
        logger.exception("a handler that streams raised as it was closed")


def _is_of_handler(error: BaseException) -> bool:
    """Return whether a handler raised it, and not the end of this task."""
    if isinstance(error, asyncio.CancelledError):
        return not _is_cancelled()
    return isinstance(error, Exception | SystemExit) and not isinstance(
        error, HandlerFailed
    )


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
