"""Making a call that streams: from its params to the items, sync and async."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct

from idlgen.runtime.calling import Calling, outcome
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Unimplemented
from idlgen.runtime.options import CallOptions
from idlgen.runtime.streams import AsyncItems, Items
from idlgen.runtime.transports import AsyncTransport, Transport
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.streaming import AsyncStreamTransport, StreamTransport

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
            raise _cannot_stream(transport)
        reader = calling.reader(method, request)
        messages = transport.open_stream(request, sends=False)
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
            raise _cannot_stream(transport)
        reader = calling.reader(method, request)
        messages = await transport.open_stream(request, sends=False)
        if isinstance(messages, Reply):
            calling.read_whole(reader, messages)
            return AsyncItems(reader, None)
        return AsyncItems(reader, messages)


def _cannot_stream(transport: Transport | AsyncTransport) -> Unimplemented:
    name = type(transport).__qualname__
    return Unimplemented(f"{name} cannot stream: it has no `open_stream`")
