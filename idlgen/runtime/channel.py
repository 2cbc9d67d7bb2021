"""What generated code hands its calls to: a method's description and params go in.

A channel is a transport, the client's defaults and the protocol between them. Views of
a client are channels that share one transport.

How long a call may take is what was said nearest to it: the call's own option, else the
client's, else the schema's, else 60 seconds. The time covers the call from its first
byte to the last of its answer, and goes along as `Idlgen-Timeout-Ms`, so that a server
can stop work whose answer nobody awaits. A call that a handler makes may take no longer
than is left of the call that it serves: `call.time_left`.

Threads, processes, loops: a `Channel` may be used by any number of threads, and after a
fork by the child, see `transports.blocking`; an `AsyncChannel` (in `async_channel`)
belongs to the event loop that first used it, see `transports.asynchronous`. A sync client
may be called where an event loop runs, for that is how a notebook calls it; the loop
stands still meanwhile, so a handler of an async server should await an async client
instead.

What streams and pages need is loaded by the first of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from msgspec import Struct

from idlgen.runtime.calling import Calling, Params
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import RpcError, received
from idlgen.runtime.options import CallOptions, SyncViewOptions
from idlgen.runtime.outcome import outcome
from idlgen.runtime.retries import Try
from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.streams import ResultStream
from idlgen.runtime.transports import Reply, Request, Transport

if TYPE_CHECKING:
    from idlgen.runtime.pagination import Paged

T = TypeVar("T")


class Channel:
    """Calls over a sync transport."""

    def __init__(self, transport: Transport, calling: Calling) -> None:
        self.transport = transport
        self.calling = calling

    def make(self, request: Request, read: Callable[[Request, Reply], T]) -> T:
        """Make the request, and return what `read` makes of its answer.

        Every call that is answered by one message is made here.
        """
        attempts = self.calling.attempts
        tried = Try(self.calling.retrier, request.retries, request.timeout)
        ready = request
        while True:
            try:
                if attempts.are_plain:
                    result = read(ready, self.transport.exchange(ready))
                else:
                    with attempts.attempt(ready, tried) as sent:
                        result = read(sent, self.transport.exchange(sent))
            except RpcError as error:
                if not tried.again(error):
                    raise
                ready = tried.in_time(request)
            else:
                tried.succeeded()
                return result

    def unary(
        self, method: Method[T], params: Struct, options: CallOptions | None = None
    ) -> T:
        """Call `method` and return its result.

        Raises:
            RpcError: the server's error, as one of the method's error classes or the
                class of its status; InvalidArgument for wrong params, before sending;
                Unavailable, DeadlineExceeded and others of the transport.
            RuntimeError: the client is closed.
        """
        try:
            request = self.calling.begin(method, params, options)
            return self.make(request, partial(self.calling.result, method))
        except RpcError as error:
            received(error)
            raise

    def stream(
        self, method: Method[T], params: Struct, options: CallOptions | None = None
    ) -> ResultStream[T]:
        """Return what calls `method` when it is entered, and gives the items then."""
        from idlgen.runtime.stream_calls import open_items

        return ResultStream(
            lambda: open_items(self.calling, self.transport, method, params, options)
        )

    def two_way_stream(
        self,
        method: Method[T],
        params: Struct,
        items: Iterable[object],
        options: CallOptions | None = None,
    ) -> ResultStream[T]:
        """Return the same of a call with a stream of `items`, which a thread sends."""
        from idlgen.runtime.stream_calls import open_two_way

        return ResultStream(
            lambda: open_two_way(
                self.calling, self.transport, method, params, items, options
            )
        )

    def client_stream(
        self,
        method: Method[T],
        params: Struct,
        items: Iterable[object],
        options: CallOptions | None = None,
    ) -> T:
        """Call `method` with a stream of `items` and return its result.

        Raises:
            RpcError, RuntimeError: as `unary`; what iterating over `items` raises.
        """
        from idlgen.runtime.stream_calls import send_stream

        return send_stream(self.calling, self.transport, method, params, items, options)

    def paged(
        self, method: Method[T], params: Struct, options: CallOptions | None = None
    ) -> Paged[Any, T]:
        """Return an iterator over the items of all pages, each of which is a call.

        Raises:
            ValueError: the options have an idempotency key, which is one call's.
        """
        from idlgen.runtime.page_calls import paged

        return paged(self, method, params, options)

    def untyped(self, name: str, params: Params) -> JsonValue:
        """Call the method `name` and return its result as plain data; raises as `unary`."""
        with outcome:
            request = self.calling.begin_untyped(name, params)
            return self.make(request, self.calling.untyped_result)

    def untyped_stream(self, name: str, params: Params) -> ResultStream[JsonValue]:
        """Return what calls the method `name` when it is entered; see `stream`."""
        from idlgen.runtime.stream_calls import open_untyped_items

        return ResultStream(
            lambda: open_untyped_items(self.calling, self.transport, name, params)
        )

    def notify(self, name: str, params: Params) -> None:
        """Send a notification and wait until the server has taken it, not done it."""
        with outcome:
            request = self.calling.begin_notification(name, params)
            self.make(request, self.calling.taken)

    def with_defaults(self, **changes: Unpack[SyncViewOptions]) -> Channel:
        """Return a channel over the same transport, with these added to the defaults."""
        return Channel(self.transport, self.calling.with_defaults(**changes))

    def close(self) -> None:
        """Close the transport, which all views share."""
        self.transport.close()
