"""The same as `stream_calls` for an event loop; all raise as there."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from contextlib import aclosing
from functools import partial
from typing import TypeVar

from msgspec import Struct

from idlgen.runtime.calling import Calling, Params
from idlgen.runtime.descriptors import Method
from idlgen.runtime.items import AsyncItems
from idlgen.runtime.options import CallOptions
from idlgen.runtime.outcome import outcome
from idlgen.runtime.protocols.jsonrpc.streaming import StreamReader
from idlgen.runtime.retries import Try
from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.sending import AsyncSending, Outgoing
from idlgen.runtime.transports import AsyncTransport, failures
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import (
    AsyncStreamTransport,
    AsyncTwoWayTransport,
)

T = TypeVar("T")


async def open_items(
    calling: Calling,
    transport: AsyncTransport,
    method: Method[T],
    params: Struct,
    options: CallOptions | None,
) -> AsyncItems[T]:
    """Call `method` and return the items that its result streams."""
    with outcome:
        request = calling.begin_stream(method, params, options)
        reading = partial(calling.reader, method)
        return await _opened(calling, transport, reading, request)


async def open_untyped_items(
    calling: Calling, transport: AsyncTransport, name: str, params: Params
) -> AsyncItems[JsonValue]:
    """Call the method `name` and return the items as plain data; as `open_items`."""
    with outcome:
        request = calling.begin_untyped_stream(name, params)
        reading = partial(calling.untyped_reader, name)
        return await _opened(calling, transport, reading, request)


async def _opened(
    calling: Calling,
    transport: AsyncTransport,
    reading: Callable[[Request], StreamReader[T]],
    request: Request,
) -> AsyncItems[T]:
    if not isinstance(transport, AsyncStreamTransport):
        raise failures.cannot_stream(transport, "open_stream")
    opening = partial(_open_items, calling, transport, reading, request)
    return await calling.retrier.call_async(opening, request.retries, request.timeout)


async def _open_items(
    calling: Calling,
    transport: AsyncStreamTransport,
    reading: Callable[[Request], StreamReader[T]],
    request: Request,
    tried: Try,
) -> AsyncItems[T]:
    request = tried.in_time(request)
    reader = reading(request)
    attempt = calling.attempts.attempt(request, tried, streams=True)
    ready = await attempt.enter(may_wait=True)
    try:
        messages = await transport.open_stream(ready)
        if isinstance(messages, Reply):
            calling.read_whole(reader, messages)
            return AsyncItems(reader, None, attempt=attempt)
    except BaseException as error:
        await attempt.leave(error)
        raise
    return AsyncItems(reader, messages, attempt=attempt)


async def open_two_way(
    calling: Calling,
    transport: AsyncTransport,
    method: Method[T],
    params: Struct,
    items: AsyncIterable[object] | Iterable[object],
    options: CallOptions | None,
) -> AsyncItems[T]:
    """Call `method` with a stream of `items`, which a task sends."""
    with outcome:
        request, two_way = _begun(calling, transport, method, params, options)
        attempt = calling.attempts.attempt(request, streams=True)
        ready = await attempt.enter(may_wait=True)
        try:
            messages = await two_way.open_two_way(ready)
        except BaseException as error:
            await attempt.leave(error)
            raise
        sending = AsyncSending(Outgoing(method, ready.ids[0]), messages, items)
        return AsyncItems(calling.reader(method, ready), messages, sending, attempt)


async def send_stream(
    calling: Calling,
    transport: AsyncTransport,
    method: Method[T],
    params: Struct,
    items: AsyncIterable[object] | Iterable[object],
    options: CallOptions | None,
) -> T:
    """Call `method` with a stream of `items` and return its result."""
    with outcome:
        request, two_way = _begun(calling, transport, method, params, options)
        async with calling.attempts.attempt(request, streams=True) as ready:
            messages = await two_way.open_two_way(ready)
            sending = AsyncSending(Outgoing(method, ready.ids[0]), messages, items)
            reader = calling.reader(method, ready)
            async with aclosing(AsyncItems(reader, messages, sending)) as answers:
                async for _ in answers:
                    pass
            return calling.streamed_result(method, reader)


def _begun(
    calling: Calling,
    transport: AsyncTransport,
    method: Method[T],
    params: Struct,
    options: CallOptions | None,
) -> tuple[Request, AsyncTwoWayTransport]:
    """Return the request to be sent, and what can carry it."""
    request = calling.begin_stream(method, params, options)
    if not isinstance(transport, AsyncTwoWayTransport):
        raise failures.cannot_stream(transport, "open_two_way")
    return request, transport
