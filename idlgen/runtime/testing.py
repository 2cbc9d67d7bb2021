"""Fakes that answer with a schema's examples, and clients without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, overload

from msgspec import Raw, Struct, json

from idlgen.runtime.client import AsyncServiceClient, ServiceClient
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Unimplemented
from idlgen.runtime.method_codec import method_codec
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.streams import ParamStream
from idlgen.runtime.transports.in_process import (
    AsyncInProcessTransport,
    InProcessTransport,
)

Result_co = TypeVar("Result_co", covariant=True)
T = TypeVar("T")
SyncClient = TypeVar("SyncClient", bound=ServiceClient)
AsyncClient = TypeVar("AsyncClient", bound=AsyncServiceClient)


@overload
def in_process(client: type[SyncClient], *implementations: object) -> SyncClient: ...


@overload
def in_process(client: type[AsyncClient], *implementations: object) -> AsyncClient: ...


def in_process(
    client: type[ServiceClient | AsyncServiceClient], *implementations: object
) -> ServiceClient | AsyncServiceClient:
    """Return a client of the implementations: same bytes and errors, no socket.

    Answers are checked against their types before they are sent, as in `debug`. Close
    the client as any other, best by `with` or `async with`.

    Raises:
        TypeError, ValueError: as `asgi_app`.
    """
    dispatcher = Dispatcher(*implementations, debug=True)
    if issubclass(client, ServiceClient):
        return client(transport=InProcessTransport(dispatcher))
    return client(transport=AsyncInProcessTransport(dispatcher))


class CannedCall(Generic[Result_co]):
    """An example of the schema: the JSON of a method's params and of its result.

    `items` are those of the param that is a stream, as a list; so is `returns` where
    the result is one.
    """

    __slots__ = ("items", "method", "name", "params", "returns")

    def __init__(
        self,
        method: Method[Result_co],
        *,
        name: str,
        params: str,
        returns: str,
        items: str = "[]",
    ) -> None:
        self.method = method
        self.name = name
        self.params = params
        self.items = items
        self.returns = returns


class RecordedCall(NamedTuple):
    """A call that a fake answered: the method's full name and its params."""

    method: str
    params: Struct


class RecordedStream(NamedTuple):
    """The same of a call with a stream, and the items that have come so far."""

    method: str
    params: Struct
    items: list[object]


class FakeService:
    """The base of generated fakes: it answers with examples and records its calls.

    A class that derives from a fake may define some of the handlers itself.
    """

    _idl_examples: ClassVar[tuple[CannedCall[Any], ...]] = ()

    def __init__(self) -> None:
        self.calls: list[RecordedCall | RecordedStream] = []

    def _idl_answer(self, method: Method[T], params: Struct) -> T:
        """Record the call; return the result of the example whose params are these.

        Where none has them it is the method's first example.

        Raises:
            Unimplemented: the schema has no example of the method.
        """
        self.calls.append(RecordedCall(method.name, params))
        example = self._idl_example(method, params)
        return method_codec(method).decode_result(Raw(example.returns.encode()))

    def _idl_stream(self, method: Method[T], params: Struct) -> list[T]:
        """Record the call; return the items of the example, as `_idl_answer` does."""
        self.calls.append(RecordedCall(method.name, params))
        return _items_of(self._idl_example(method, params))

    async def _idl_client_stream(
        self, method: Method[T], params: Struct, items: ParamStream[object]
    ) -> T:
        """Record the call with its items; return the result of the example with them."""
        record = RecordedStream(method.name, params, [])
        self.calls.append(record)
        async for item in items:
            record.items.append(item)
        example = self._idl_example(method, params, record.items)
        return method_codec(method).decode_result(Raw(example.returns.encode()))

    async def _idl_two_way_stream(
        self, method: Method[T], params: Struct, items: ParamStream[object]
    ) -> AsyncIterator[T]:
        """Record the call; yield the items of the example, then record those that come."""
        record = RecordedStream(method.name, params, [])
        self.calls.append(record)
        for item in _items_of(self._idl_example(method, params)):
            yield item
        async for received in items:
            record.items.append(received)

    def _idl_example(
        self, method: Method[T], params: Struct, items: list[object] | None = None
    ) -> CannedCall[T]:
        examples = [
            example for example in self._idl_examples if example.method is method
        ]
        if not examples:
            raise Unimplemented(
                f"{method.name} has no example to answer with: add one under "
                f"`examples` of {method.short_name} in the schema"
            )
        codec = method_codec(method)
        same = [e for e in examples if codec.has_params(e.params.encode(), params)]
        for example in same:
            if items is None or items == _sent(example):
                return example
        return (same or examples)[0]


def _items_of(example: CannedCall[T]) -> list[T]:
    codec = method_codec(example.method)
    return [codec.decode_result(item) for item in _raw_items(example.returns)]


def _sent(example: CannedCall[Any]) -> list[object]:
    codec = method_codec(example.method)
    return [codec.decode_sent_item(item) for item in _raw_items(example.items)]


def _raw_items(text: str) -> list[Raw]:
    return json.decode(text, type=list[Raw])
