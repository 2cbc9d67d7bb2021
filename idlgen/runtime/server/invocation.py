"""Running one handler: on the event loop or in a thread, within its deadline."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial

from idlgen.runtime.call import CallContext
from idlgen.runtime.errors import DeadlineExceeded
from idlgen.runtime.server.registry import Bound


class HandlerFailed(Exception):
    """A handler raised; `error` is what."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        super().__init__(str(error))


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

    async def invoke(
        self, bound: Bound, keywords: Mapping[str, object], context: CallContext
    ) -> object:
        """Return what the handler returned.

        Raises:
            HandlerFailed: it raised, whatever it was.
            DeadlineExceeded: the context's deadline passed; a handler on the event loop
                is cancelled, one in a thread goes on and can see it in `current_call`;
                one that has not begun by then never does.
        """
        if context.remaining == 0:
            raise _late(bound)
        with context.serving():
            limit = asyncio.timeout(context.remaining)
            try:
                async with limit:
                    return await self._run(bound, bound.accepted(keywords))
            except TimeoutError:
                if limit.expired():
                    raise _late(bound) from None
                raise

    async def _run(self, bound: Bound, keywords: Mapping[str, object]) -> object:
        try:
            if bound.is_async:
                return await bound.handler(**keywords)
            result = await self._in_thread(partial(bound.handler, **keywords))
            # A plain function may hand on what an `async def` function returned.
            return await result if inspect.isawaitable(result) else result
        except asyncio.CancelledError as error:
            if _is_cancelled():
                raise
            raise HandlerFailed(error) from error
        except HandlerFailed:
            raise
        except (Exception, SystemExit) as error:
            raise HandlerFailed(error) from error

    async def _in_thread(self, call: Callable[[], object]) -> object:
        loop = asyncio.get_running_loop()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, "idlgen-handler")
        # An exception travels as a value: asyncio cannot put a StopIteration into a
        # future, and a SystemExit would end the loop.
        outcome = await loop.run_in_executor(
            self._pool, copy_context().run, _outcome, call
        )
        if isinstance(outcome, HandlerFailed):
            raise outcome
        return outcome


def _late(bound: Bound) -> DeadlineExceeded:
    return DeadlineExceeded(f"{bound.method.name} did not end in time")


def _outcome(call: Callable[[], object]) -> object:
    try:
        return call()
    except BaseException as error:
        return HandlerFailed(error)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
