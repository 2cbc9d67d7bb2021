"""Fakes of services, and clients without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from inspect import isawaitable
from typing import Any, ClassVar, TypeVar, overload

from msgspec import Struct

from idlgen.runtime.auth import ANYONE, Assumed, Principal
from idlgen.runtime.client import AsyncServiceClient, ServiceClient
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import RpcError
from idlgen.runtime.fakes.calls import (
    Calls,
    Handler,
    RecordedCall,
    RecordedStream,
)
from idlgen.runtime.fakes.canned import Canned, CannedCall
from idlgen.runtime.fakes.script import Script, answering, failing
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.streams import ParamStream
from idlgen.runtime.transports.in_process import (
    AsyncInProcessTransport,
    InProcessTransport,
)

__all__ = ["CannedCall", "FakeService", "RecordedCall", "RecordedStream", "in_process"]

T = TypeVar("T")
SyncClient = TypeVar("SyncClient", bound=ServiceClient)
AsyncClient = TypeVar("AsyncClient", bound=AsyncServiceClient)


@overload
def in_process(
    client: type[SyncClient],
    *implementations: object,
    principal: Principal | None = ANYONE,
) -> SyncClient: ...


@overload
def in_process(
    client: type[AsyncClient],
    *implementations: object,
    principal: Principal | None = ANYONE,
) -> AsyncClient: ...


def in_process(
    client: type[ServiceClient | AsyncServiceClient],
    *implementations: object,
    principal: Principal | None = ANYONE,
) -> ServiceClient | AsyncServiceClient:
    """Return a client of the implementations: same bytes and errors, no socket.

    Answers are checked against their types before they are sent, as in `debug`. Who
    calls is the `principal`, whatever the client shows; by default one that has every
    scope. Close the client as any other, best by `with` or `async with`.

    Raises:
        TypeError, ValueError: as `asgi_app`.
    """
    dispatcher = Dispatcher(
        *implementations, debug=True, authenticate=Assumed(principal)
    )
    if issubclass(client, ServiceClient):
        return client(transport=InProcessTransport(dispatcher))
    return client(transport=AsyncInProcessTransport(dispatcher))


class FakeService:
    """The base of generated fakes: it answers and records its calls.

    It answers with the schema's examples, without one with values that are made to fit
    the types and the params. `calls` are those that came, the oldest first. A class
    that derives from a fake may define some of the handlers itself.
    """

    _idl_examples: ClassVar[tuple[CannedCall[Any], ...]] = ()

    def __init__(self) -> None:
        self._idl_script = Script(type(self))
        self.calls = Calls(self._idl_script.find)

    def answer(
        self, method: Handler | str, answer: object, *, times: int | None = None
    ) -> None:
        """Have calls of a method answered otherwise: all, or the next `times`.

        `method` is a handler or its name, `answer` the result (the list of its items
        where it is a stream), or a function that is called with the handler's keywords
        and gives it. What was said of some calls goes before what was said of all, in
        the order in which it was said.

        Raises:
            TypeError, ValueError: there is no such method, or it cannot answer this.
        """
        found = self._idl_script.find(method)
        self._idl_script.add(found, answering(found, answer), times)

    def fail(
        self,
        method: Handler | str,
        error: RpcError,
        *,
        times: int | None = None,
        after: int = 0,
    ) -> None:
        """Have calls of a method fail: all, or the next `times`.

        Where the result is a stream, its first `after` items come before the error.

        Raises:
            TypeError, ValueError: there is no such method, or it does not declare the
                error; those of the 16 statuses need no declaration.
        """
        found = self._idl_script.find(method)
        self._idl_script.add(found, failing(found, error, after), times)

    def _idl_answer(self, method: Method[T], params: Struct) -> T:
        call = RecordedCall(method.name, params)
        self.calls.append(call)
        outcome = self._idl_script.take(method)
        if outcome is None:
            return Canned(method, self._idl_examples).answer(params)
        result: T = outcome.result(call.keywords)
        return result

    def _idl_stream(self, method: Method[T], params: Struct) -> list[T]:
        call = RecordedCall(method.name, params)
        self.calls.append(call)
        items: list[T] = self._idl_items(method, params, call.keywords)
        return items

    async def _idl_client_stream(
        self, method: Method[T], params: Struct, items: ParamStream[object]
    ) -> T:
        record = RecordedStream(method.name, params, [])
        self.calls.append(record)
        async for item in items:
            record.items.append(item)
        outcome = self._idl_script.take(method)
        if outcome is None:
            return Canned(method, self._idl_examples).answer(params, record.items)
        found = outcome.result(_with_items(method, record, record.items))
        result: T = await found if isawaitable(found) else found
        return result

    async def _idl_two_way_stream(
        self, method: Method[T], params: Struct, items: ParamStream[object]
    ) -> AsyncIterator[T]:
        record = RecordedStream(method.name, params, [])
        self.calls.append(record)
        incoming = _recorded(items, record)
        keywords = _with_items(method, record, incoming)
        answers = self._idl_items(method, params, keywords)
        if isinstance(answers, AsyncIterable):
            async for answer in answers:
                yield answer
        else:
            for answer in answers:
                yield answer
        async for _ in incoming:
            pass

    def _idl_items(
        self, method: Method[Any], params: Struct, keywords: Mapping[str, object]
    ) -> Any:
        """Return what to iterate over: a list but where a function gave it."""
        outcome = self._idl_script.take(method)
        if outcome is not None and not outcome.after:
            return outcome.result(keywords)
        items = Canned(method, self._idl_examples).items(params)
        return items if outcome is None else outcome.at_the_end(items)


def _with_items(
    method: Method[Any], record: RecordedStream, items: object
) -> Mapping[str, object]:
    stream = method.stream_param
    return (
        record.keywords if stream is None else {**record.keywords, stream.name: items}
    )


async def _recorded(
    items: ParamStream[object], record: RecordedStream
) -> AsyncIterator[object]:
    async for item in items:
        record.items.append(item)
        yield item
