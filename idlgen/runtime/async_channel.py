"""What async clients hand their calls to: `Channel`, which tells the rules, awaited."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from msgspec import Struct

from idlgen.runtime.calling import Calling, Params
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import RpcError, received
from idlgen.runtime.options import AsyncViewOptions, CallOptions
from idlgen.runtime.outcome import outcome
from idlgen.runtime.retries import Try
from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.streams import AsyncResultStream
from idlgen.runtime.transports import AsyncTransport, Reply, Request

if TYPE_CHECKING:
    from idlgen.runtime.pagination import AsyncPaged

T = TypeVar("T")


class AsyncChannel:
    """Calls over an async transport."""

    def __init__(self, transport: AsyncTransport, calling: Calling) -> None:
        self.transport = transport
        self.calling = calling

    async def make(self, request: Request, read: Callable[[Request, Reply], T]) -> T:
        """Make the request, and return what `read` makes of its answer."""
        attempts = self.calling.attempts
        tried = Try(self.calling.retrier, request.retries, request.timeout)
        ready = request
        while True:
            try:
                if attempts.are_plain:
                    result = read(ready, await self.transport.exchange(ready))
                else:
                    async with attempts.attempt(ready, tried) as sent:
                        result = read(sent, await self.transport.exchange(sent))
            except RpcError as error:
                if not await tried.again_async(error):
                    raise
                ready = tried.in_time(request)
            else:
                tried.succeeded()
                return result

    async def unary(
        self, method: Method[T], params: Struct, options: CallOptions | None = None
    ) -> T:
        """Call `method` and return its result; raises as `Channel.unary`.

        RuntimeError is also raised in another event loop than that of the first call.
        """
        try:
            request = self.calling.begin(method, params, options)
            return await self.make(request, partial(self.calling.result, method))
        except RpcError as error:
            received(error)
            raise

    def stream(
        self, method: Method[T], params: Struct, options: CallOptions | None = None
    ) -> AsyncResultStream[T]:
        """Return what calls `method` when it is entered, and gives the items then."""
        from idlgen.runtime.async_stream_calls import open_items

        return AsyncResultStream(
            lambda: open_items(self.calling, self.transport, method, params, options)
        )

    def two_way_stream(
        self,
        method: Method[T],
        params: Struct,
        items: AsyncIterable[object] | Iterable[object],
        options: CallOptions | None = None,
    ) -> AsyncResultStream[T]:
        """Return the same of a call with a stream of `items`, which a task sends."""
        from idlgen.runtime.async_stream_calls import open_two_way

        return AsyncResultStream(
            lambda: open_two_way(
                self.calling, self.transport, method, params, items, options
            )
        )

    async def client_stream(
        self,
        method: Method[T],
        params: Struct,
        items: AsyncIterable[object] | Iterable[object],
        options: CallOptions | None = None,
    ) -> T:
        """Call `method` with a stream of `items`; raises as `Channel.client_stream`."""
        from idlgen.runtime.async_stream_calls import send_stream

        return await send_stream(
            self.calling, self.transport, method, params, items, options
        )

    def paged(
        self, method: Method[T], params: Struct, options: CallOptions | None = None
    ) -> AsyncPaged[Any, T]:
        """Return an iterator over the items of all pages; raises as `Channel.paged`."""
        from idlgen.runtime.page_calls import paged_async

        return paged_async(self, method, params, options)

    async def untyped(self, name: str, params: Params) -> JsonValue:
        """Call the method `name` and return its result as plain data."""
        with outcome:
            request = self.calling.begin_untyped(name, params)
            return await self.make(request, self.calling.untyped_result)

    def untyped_stream(self, name: str, params: Params) -> AsyncResultStream[JsonValue]:
        """Return what calls the method `name` when it is entered; see `stream`."""
        from idlgen.runtime.async_stream_calls import open_untyped_items

        return AsyncResultStream(
            lambda: open_untyped_items(self.calling, self.transport, name, params)
        )

    async def notify(self, name: str, params: Params) -> None:
        """Send a notification and wait until the server has taken it, not done it."""
        with outcome:
            request = self.calling.begin_notification(name, params)
            await self.make(request, self.calling.taken)

    def with_defaults(self, **changes: Unpack[AsyncViewOptions]) -> AsyncChannel:
        """Return a channel over the same transport, with these added to the defaults."""
        calling = self.calling.with_defaults(**changes)
        return AsyncChannel(self.transport, calling)

    async def aclose(self) -> None:
        """Close the transport, which all views share."""
        await self.transport.aclose()
