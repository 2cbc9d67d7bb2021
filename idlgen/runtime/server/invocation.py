"""Running one handler: on the event loop or in a thread, within its deadline."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

from idlgen.runtime.call import CallContext
from idlgen.runtime.errors import DeadlineExceeded
from idlgen.runtime.server.interruption import Interruption, continued, interruptible
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
    """Calls handlers, those that are not `async def` in a bounded pool of threads.

    `debug` says whether results are decoded again before anybody gets them.
    """

    def __init__(self, threads: int, *, debug: bool) -> None:
        self._threads = threads
        self._debug = debug
        self._pool: ThreadPoolExecutor | None = None

    def close(self) -> None:
        """Let the threads go as their handlers end; a later call starts others."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    async def invoke(
        self, bound: Bound, keywords: Mapping[str, object], context: CallContext
    ) -> bytes:
        """Return the JSON of what the handler returned.

        Raises:
            HandlerFailed: it raised, whatever it was.
            Refused: what it returned does not fit its type.
            DeadlineExceeded: the context's deadline passed; a handler on the event loop
                is cancelled, one in a thread goes on and can see it in `current_call`;
                one that has not begun by then never does.
        """
        deadline = context.deadline
        if deadline is not None and time.monotonic() >= deadline:
            raise _late(bound)
        with context:
            try:
                work = self._begun(bound, keywords)
                try:
                    awaited = work.send(None)
                except StopIteration as end:
                    result = end.value
                else:
                    result = await continued(work, awaited, TimeLimit(context))
            except TimeIsUp:
                raise _late(bound) from None
            except BaseException as error:
                if (failure := _failure(error)) is None:
                    raise
                raise _late_or(failure, bound, context) from failure.error
        return bound.codec.encode_result(result, check=self._debug)

    async def stream(
        self,
        bound: Bound,
        keywords: Mapping[str, object],
        context: CallContext,
        deliver: Callable[[bytes], Awaitable[None]],
    ) -> None:
        """Deliver the JSON of each item of a handler that streams; end it with this task.

        Raises:
            HandlerFailed, Refused, DeadlineExceeded: as `invoke`; what `deliver` raises.
        """
        if context.remaining == 0:
            raise _late(bound)
        with context:
            try:
                work = self._iterate(bound, keywords, deliver)
                await interruptible(work, TimeLimit, context)
            except TimeIsUp:
                raise _late(bound) from None
            except HandlerFailed as failure:
                raise _late_or(failure, bound, context) from failure.error

    async def _iterate(
        self,
        bound: Bound,
        keywords: Mapping[str, object],
        deliver: Callable[[bytes], Awaitable[None]],
    ) -> None:
        encode = bound.codec.encode_result
        try:
            if bound.is_generator:
                result = bound.handler(**bound.accepted(keywords))
            else:
                result = await self._begun(bound, keywords)
            items = items_of(result, self)
        except BaseException as error:
            if (failure := _failure(error)) is None:
                raise
            raise failure from failure.error
        try:
            while True:
                try:
                    item = await anext(items)
                except StopAsyncIteration:
                    return
                except BaseException as error:
                    if (failure := _failure(error)) is None:
                        raise
                    raise failure from failure.error
                await deliver(encode(item, check=self._debug))
        finally:
            await close(items)

    def _begun(
        self, bound: Bound, keywords: Mapping[str, object]
    ) -> Coroutine[Any, Any, object]:
        """Return the work of a handler that is no generator."""
        if bound.keywords is not None:
            keywords = bound.accepted(keywords)
        if bound.is_async:
            work: Coroutine[Any, Any, object] = bound.handler(**keywords)
            return work
        return self._run_in_thread(partial(bound.handler, **keywords))

    async def _run_in_thread(self, call: Callable[[], object]) -> object:
        result = await self.in_thread(call)
        # A plain function may hand on what an `async def` function returned.
        return await result if inspect.isawaitable(result) else result

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


def _late_or(
    failure: HandlerFailed, bound: Bound, context: CallContext
) -> HandlerFailed | DeadlineExceeded:
    """Return the failure, or that the call is late where that is why it failed."""
    # A call that the handler made has less time, and may have seen the end first.
    if isinstance(failure.error, DeadlineExceeded) and context.is_about_over:
        return _late(bound)
    return failure


def _failure(error: BaseException) -> HandlerFailed | None:
    """Return what a handler raised; None for the end of this task, or of the process."""
    if isinstance(error, HandlerFailed):
        return error
    if isinstance(error, asyncio.CancelledError):
        return None if _is_cancelled() else HandlerFailed(error)
    return HandlerFailed(error) if isinstance(error, Exception | SystemExit) else None


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
