"""The streams that clients hand out: what a result streams, item by item.

A call that streams begins where its `with` block is entered and ends with the block. One
that the block leaves before its end is given up, which cancels its handler.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

if TYPE_CHECKING:
    from idlgen.runtime.items import AsyncItems, Items

T_co = TypeVar("T_co", covariant=True)


class ResultStream(Generic[T_co]):
    """What a method streams, once the call is made: ``with users.watch() as events:``.

    The block gives an iterator of the items. It is used once.
    """

    def __init__(self, open_: Callable[[], Items[T_co]]) -> None:
        self._open: Callable[[], Items[T_co]] | None = open_
        self._items: Items[T_co] | None = None

    def __enter__(self) -> Iterator[T_co]:
        """Make the call.

        Raises:
            RpcError: as other calls, for what the server says before the first item;
                iterating raises what it says later.
            RuntimeError: the stream was used before, or the client is closed.
        """
        open_, self._open = self._open, None
        if open_ is None:
            raise _used()
        self._items = open_()
        return self._items

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._items is not None:
            self._items.close()

    if not TYPE_CHECKING:

        def __iter__(self) -> NoReturn:
            raise _not_entered("with")


class AsyncResultStream(Generic[T_co]):
    """The same for an event loop: ``async with users.watch() as events:``."""

    def __init__(self, open_: Callable[[], Awaitable[AsyncItems[T_co]]]) -> None:
        self._open: Callable[[], Awaitable[AsyncItems[T_co]]] | None = open_
        self._items: AsyncItems[T_co] | None = None

    async def __aenter__(self) -> AsyncIterator[T_co]:
        """Make the call; raises as `ResultStream.__enter__`."""
        open_, self._open = self._open, None
        if open_ is None:
            raise _used()
        self._items = await open_()
        return self._items

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._items is not None:
            await self._items.aclose()

    if not TYPE_CHECKING:

        def __aiter__(self) -> NoReturn:
            raise _not_entered("async with")

        def __await__(self) -> NoReturn:
            raise _not_entered("async with")


def _used() -> RuntimeError:
    return RuntimeError("a stream is used once: call the method again")


def _not_entered(statement: str) -> TypeError:
    return TypeError(
        "a stream is a context manager that gives the items: "
        f"`{statement} client.method() as items:`"
    )
