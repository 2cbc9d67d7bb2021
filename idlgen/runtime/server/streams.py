"""What a server sees of streams: what carries them, and what a client streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Generic, Protocol, TypeVar

from msgspec import Raw

from idlgen.runtime.errors import Cancelled, InvalidArgument
from idlgen.runtime.protocols.jsonrpc.failures import told
from idlgen.runtime.refusals import Refused

T_co = TypeVar("T_co", covariant=True)


class StreamPort(Protocol):
    """What carries the streams of one call, from its request to its answer."""

    @property
    def takes_items(self) -> bool:
        """Whether the client can stream."""
        ...

    def begin(self) -> None:
        """Hear that the call streams; its handler is about to run."""
        ...

    async def send(self, message: bytes) -> None:
        """Send a message, and wait while the client has enough of them."""
        ...

    async def receive(self) -> Sequence[Raw]:
        """Wait and return the items that the client sent, none after the last one."""
        ...


class ParamStream(Generic[T_co]):
    """The items that a client streams, for ``async for``, or ``for`` in a thread.

    An item that does not fit its type is raised as `InvalidArgument`. In a thread the
    end of a call that was given up is raised as `Cancelled`: no item will come, but the
    client did not say that there is none.
    """

    def __init__(self, port: StreamPort, decode: Callable[[Raw], T_co]) -> None:
        self._port = port
        self._decode = decode
        self._loop = asyncio.get_running_loop()
        self._call = asyncio.current_task()
        self._items: Iterator[Raw] = iter(())
        self._has_ended = False

    def __aiter__(self) -> AsyncIterator[T_co]:
        return self

    async def __anext__(self) -> T_co:
        item = await self._next()
        if item is None:
            raise StopAsyncIteration
        return self._decoded(item)

    def __iter__(self) -> Iterator[T_co]:
        return self

    def __next__(self) -> T_co:
        item = next(self._items, None)
        if item is None:
            item = self._awaited()
        if item is None:
            raise StopIteration
        return self._decoded(item)

    def _awaited(self) -> Raw | None:
        if _is_running(self._loop):
            # To wait here would stop the loop, and with it whatever could bring an item.
            raise TypeError("an `async def` handler reads its stream by `async for`")
        waiting = self._next_while_called()
        try:
            return asyncio.run_coroutine_threadsafe(waiting, self._loop).result()
        except (CancelledError, RuntimeError) as error:
            # The call was given up, or the whole loop has ended.
            waiting.close()
            raise Cancelled("the call that streams was given up") from error

    async def _next_while_called(self) -> Raw | None:
        """Return the next item; nobody else would end the wait of a thread."""
        call, waiting = self._call, asyncio.current_task()
        if call is None or waiting is None or call.done():
            raise asyncio.CancelledError

        def give_up(_: object) -> None:
            waiting.cancel()

        call.add_done_callback(give_up)
        try:
            item = await self._next()
        finally:
            call.remove_done_callback(give_up)
        if item is None and call.done():
            raise asyncio.CancelledError
        return item

    async def _next(self) -> Raw | None:
        """Return the next item, None after the last one."""
        item = next(self._items, None)
        if item is None and not self._has_ended:
            self._items = iter(await self._port.receive())
            item = next(self._items, None)
            self._has_ended = item is None
        return item

    def _decoded(self, item: Raw) -> T_co:
        try:
            return self._decode(item)
        except Refused as error:
            text = told("an item of the stream does not fit", error.problems)
            raise InvalidArgument(text, problems=error.problems) from None


def _is_running(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether this is the loop's own thread."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
