"""The streams that clients hand out: what a result streams, item by item.

A call that streams begins where its `with` block is entered and ends with the block. One
that the block leaves before its end is given up, which cancels its handler.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

from idlgen.runtime.errors import RpcError, received
from idlgen.runtime.protocols.jsonrpc.streaming import StreamReader
from idlgen.runtime.sending import AsyncSending, Sending
from idlgen.runtime.transports.streaming import AsyncMessages, Messages

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Items(Generic[T]):
    """The items that one open stream brings, as they are asked for.

    There are no `messages` where the stream has ended already. `sending` is what the
    client streams, where it does.
    """

    def __init__(
        self,
        reader: StreamReader[T],
        messages: Messages | None,
        sending: Sending | None = None,
    ) -> None:
        self.reader = reader
        self._messages = messages
        self._sending = sending
        self._batch: Iterator[T] = iter(())
        self._is_over = False

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        try:
            while True:
                for item in self._batch:
                    return item
                if self._is_over or self.reader.has_ended or self._messages is None:
                    raise StopIteration
                self._batch = self.reader.read(self._messages.receive())
        except RpcError as error:
            self._is_over = True
            if self._sending is not None and self._sending.error is not None:
                raise self._sending.error from None
            received(error)
            raise

    def close(self) -> None:
        """End the stream."""
        self._is_over = True
        if self._messages is not None:
            self._messages.close(is_whole=self.reader.has_ended)


class AsyncItems(Generic[T]):
    """The same for an event loop; one task at a time may ask."""

    def __init__(
        self,
        reader: StreamReader[T],
        messages: AsyncMessages | None,
        sending: AsyncSending | None = None,
    ) -> None:
        self.reader = reader
        self._messages = messages
        self._sending = sending
        self._batch: Iterator[T] = iter(())
        self._is_over = False

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        try:
            while True:
                for item in self._batch:
                    return item
                if self._is_over or self.reader.has_ended or self._messages is None:
                    raise StopAsyncIteration
                self._batch = self.reader.read(await self._messages.receive())
        except RpcError as error:
            self._is_over = True
            if self._sending is not None and self._sending.error is not None:
                raise self._sending.error from None
            received(error)
            raise

    async def aclose(self) -> None:
        """End the stream."""
        self._is_over = True
        if self._sending is not None:
            await self._sending.aclose()
        if self._messages is not None:
            await self._messages.aclose(is_whole=self.reader.has_ended)


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
