"""The items of a handler that streams, whatever it gave to iterate over."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from typing import Protocol

logger = logging.getLogger("idlgen.runtime")

_END = object()


class Threads(Protocol):
    """What runs plain functions: `Invoker`."""

    def in_thread(self, call: Callable[[], object]) -> Awaitable[object]:
        """Return what the call returns, in a thread; raises `HandlerFailed`."""
        ...

    def start_in_thread(self, call: Callable[[], object]) -> None:
        """Have the call made in a thread, for which nobody waits."""
        ...


def items_of(result: object, threads: Threads) -> AsyncIterator[object]:
    """Return what iterates over the items of `result`.

    What takes plain `for` is stepped through in `threads`, for it may wait; a list or a
    tuple is there already.

    Raises:
        TypeError: it is nothing to iterate over.
    """
    if isinstance(result, AsyncIterable):
        return aiter(result)
    if isinstance(result, list | tuple):
        return _at_once(result)
    if isinstance(result, Iterable):
        return _Threaded(result, threads)
    name = type(result).__qualname__
    raise TypeError(
        f"a handler that streams gave {name}, which cannot be iterated over"
    )


async def close(items: AsyncIterator[object]) -> None:
    """End the iteration where it is, and log what that raises."""
    aclose = getattr(items, "aclose", None)
    if aclose is None:
        return
    try:
        await aclose()
    except Exception:
        logger.exception("a handler that streams raised as it was closed")


async def _at_once(items: Iterable[object]) -> AsyncIterator[object]:
    for item in items:
        yield item


class _Threaded:
    """Takes each step of a plain iterator in a thread."""

    def __init__(self, items: Iterable[object], threads: Threads) -> None:
        self._iterator = iter(items)
        self._threads = threads
        # A step cannot be interrupted: what closes the iterator waits for it.
        self._stepping = threading.Lock()
        self._is_over = False

    def __aiter__(self) -> AsyncIterator[object]:
        return self

    async def __anext__(self) -> object:
        item = await self._threads.in_thread(self._step)
        if item is _END:
            raise StopAsyncIteration
        return item

    async def aclose(self) -> None:
        """Have the iterator closed, after the step that may be under way."""
        if not self._is_over:
            self._threads.start_in_thread(self._close)

    def _step(self) -> object:
        with self._stepping:
            try:
                return next(self._iterator)
            except StopIteration:
                self._is_over = True
                return _END

    def _close(self) -> None:
        with self._stepping:
            self._is_over = True
            close = getattr(self._iterator, "close", None)
            if close is not None:
                close()
