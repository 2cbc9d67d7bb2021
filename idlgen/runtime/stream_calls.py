"""Making a call that streams: from its params to the items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from typing import TypeVar

from msgspec import Struct

from idlgen.runtime.attempts import at_once
from idlgen.runtime.calling import Calling, Params
from idlgen.runtime.descriptors import Method
from idlgen.runtime.items import Items
from idlgen.runtime.options import CallOptions
from idlgen.runtime.outcome import outcome
from idlgen.runtime.protocols.jsonrpc.streaming import StreamReader
from idlgen.runtime.retries import Try
from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.sending import Outgoing, Sending
from idlgen.runtime.transports import Transport, failures
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request
from idlgen.runtime.transports.streaming import StreamTransport, TwoWayTransport

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
        reading = partial(calling.reader, method)
        return _opened(calling, transport, reading, request)


def open_untyped_items(
    calling: Calling, transport: Transport, name: str, params: Params
) -> Items[JsonValue]:
    """Call the method `name` and return the items as plain data; as `open_items`."""
    with outcome:
        request = calling.begin_untyped_stream(name, params)
        reading = partial(calling.untyped_reader, name)
        return _opened(calling, transport, reading, request)


def _opened(
    calling: Calling,
    transport: Transport,
    reading: Callable[[Request], StreamReader[T]],
    request: Request,
) -> Items[T]:
    if not isinstance(transport, StreamTransport):
        raise failures.cannot_stream(transport, "open_stream")
    opening = partial(_open_items, calling, transport, reading, request)
    return calling.retrier.call(opening, request.retries, request.timeout)


def _open_items(
    calling: Calling,
    transport: StreamTransport,
    reading: Callable[[Request], StreamReader[T]],
    request: Request,
    tried: Try,
) -> Items[T]:
    request = tried.in_time(request)
    reader = reading(request)
    attempt = calling.attempts.attempt(request, tried, streams=True)
    ready = at_once(attempt.enter(may_wait=False))
    try:
        messages = transport.open_stream(ready)
        if isinstance(messages, Reply):
            calling.read_whole(reader, messages)
            return Items(reader, None, attempt=attempt)
    except BaseException as error:
        at_once(attempt.leave(error))
        raise
    return Items(reader, messages, attempt=attempt)


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
        request, two_way = _begun(calling, transport, method, params, options)
        attempt = calling.attempts.attempt(request, streams=True)
        ready = at_once(attempt.enter(may_wait=False))
        try:
            messages = two_way.open_two_way(ready)
        except BaseException as error:
            at_once(attempt.leave(error))
            raise
        sending = Sending(Outgoing(method, ready.ids[0]), messages, items)
        sending.start()
        return Items(calling.reader(method, ready), messages, sending, attempt)


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
        request, two_way = _begun(calling, transport, method, params, options)
        with calling.attempts.attempt(request, streams=True) as ready:
            messages = two_way.open_two_way(ready)
            sending = Sending(Outgoing(method, ready.ids[0]), messages, items)
            reader = calling.reader(method, ready)
            with closing(Items(reader, messages, sending)) as answers:
                sending.run()
                for _ in answers:
                    pass
            return calling.streamed_result(method, reader)


def _begun(
    calling: Calling,
    transport: Transport,
    method: Method[T],
    params: Struct,
    options: CallOptions | None,
) -> tuple[Request, TwoWayTransport]:
    """Return the request to be sent, and what can carry it."""
    request = calling.begin_stream(method, params, options)
    if not isinstance(transport, TwoWayTransport):
        raise failures.cannot_stream(transport, "open_two_way")
    return request, transport
