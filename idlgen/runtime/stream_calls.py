"""Making a call that streams: from its params to the items, sync and async."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from contextlib import aclosing, closing
from typing import TypeVar

from msgspec import Struct

from idlgen.runtime.calling import Calling, outcome
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Unimplemented
from idlgen.runtime.items import AsyncItems, Items
from idlgen.runtime.options import CallOptions
from idlgen.runtime.sending import AsyncSending, Outgoing, Sending
from idlgen.runtime.transports import AsyncTransport, Transport
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.streaming import (
    AsyncStreamTransport,
    AsyncTwoWayTransport,
    StreamTransport,
    TwoWayTransport,
)

T = TypeVar("T")


def open_items(
    calling: Calling,
    transport: Transport,
    method: Method[T],
    params: Struct,
    options: CallOptions | None,
) -> Items[T]:
    """Call `method` and return the items that its result streams.

    Raises:
        RpcError: as `Channel.unary`, for what is known before the first item.
    """
    with outcome:
        request = calling.begin_stream(method, params, options)
        if not isinstance(transport, StreamTransport):
            raise _cannot_stream(transport, "open_stream")
        reader = calling.reader(method, request)
        messages = transport.open_stream(request)
        if isinstance(messages, Reply):
            calling.read_whole(reader, messages)
            return Items(reader, None)
        return Items(reader, messages)


async def open_async_items(
    calling: Calling,
    transport: AsyncTransport,
    method: Method[T],
    params: Struct,
    options: CallOptions | None,
) -> AsyncItems[T]:
    """Call `method` and return the items; raises as `open_items`."""
    with outcome:
        request = calling.begin_stream(method, params, options)
        if not isinstance(transport, AsyncStreamTransport):
            raise _cannot_stream(transport, "open_stream")
        reader = calling.reader(method, request)
        messages = await transport.open_stream(request)
        if isinstance(messages, Reply):
            calling.read_whole(reader, messages)
            return AsyncItems(reader, None)
        return AsyncItems(reader, messages)


def open_two_way(
    calling: Calling,
    transport: Transport,
    method: Method[T],
    params: Struct,
    items: Iterable[object],
    options: CallOptions | None,
) -> Items[T]:
    """Call `method` with a stream of `items`, which a thread sends; raises as above."""
    with outcome:
        opened, sending = _opened(calling, transport, method, params, items, options)
        sending.start()
        return opened


def send_stream(
    calling: Calling,
    transport: Transport,
    method: Method[T],
    params: Struct,
    items: Iterable[object],
    options: CallOptions | None,
) -> T:
    """Call `method` with a stream of `items` and return its result.

    Raises:
        RpcError: as `Channel.unary`; what iterating over `items` raises.
    """
    with outcome:
        opened, sending = _opened(calling, transport, method, params, items, options)
        with closing(opened) as answers:
            sending.run()
            for _ in answers:
                pass
        return calling.streamed_result(method, opened.reader)


async def open_async_two_way(
    calling: Calling,
    transport: AsyncTransport,
    method: Method[T],
    params: Struct,
    items: AsyncIterable[object] | Iterable[object],
    options: CallOptions | None,
) -> AsyncItems[T]:
    """Call `method` with a stream of `items`, which a task sends; raises as above."""
    with outcome:
        request = calling.begin_stream(method, params, options)
        if not isinstance(transport, AsyncTwoWayTransport):
            raise _cannot_stream(transport, "open_two_way")
        messages = await transport.open_two_way(request)
        sending = AsyncSending(Outgoing(method, request.ids[0]), messages, items)
        return AsyncItems(calling.reader(method, request), messages, sending)


async def send_async_stream(
    calling: Calling,
    transport: AsyncTransport,
    method: Method[T],
    params: Struct,
    items: AsyncIterable[object] | Iterable[object],
    options: CallOptions | None,
) -> T:
    """Call `method` with a stream of `items` and return its result; as `send_stream`."""
    with outcome:
        opened = await open_async_two_way(
            calling, transport, method, params, items, options
        )
        async with aclosing(opened) as answers:
            async for _ in answers:
                pass
        return calling.streamed_result(method, opened.reader)


def _opened(
    calling: Calling,
    transport: Transport,
    method: Method[T],
    params: Struct,
    items: Iterable[object],
    options: CallOptions | None,
) -> tuple[Items[T], Sending]:
    """Send the request, and return what comes back and what is to be sent."""
    request = calling.begin_stream(method, params, options)
    if not isinstance(transport, TwoWayTransport):
        raise _cannot_stream(transport, "open_two_way")
    messages = transport.open_two_way(request)
    sending = Sending(Outgoing(method, request.ids[0]), messages, items)
    return Items(calling.reader(method, request), messages, sending), sending


def _cannot_stream(transport: Transport | AsyncTransport, lacks: str) -> Unimplemented:
    name = type(transport).__qualname__
    return Unimplemented(f"{name} cannot carry the stream: it has no `{lacks}`")
