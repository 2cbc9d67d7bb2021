"""Fakes that answer with a schema's examples, and clients without a socket."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, overload

from msgspec import Raw, Struct

from idlgen.runtime.client import AsyncServiceClient, ServiceClient
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Unimplemented
from idlgen.runtime.method_codec import method_codec
from idlgen.runtime.server.dispatcher import Dispatcher
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
    """An example of the schema: the JSON of a method's params and of its result."""

    __slots__ = ("method", "name", "params", "returns")

    def __init__(
        self, method: Method[Result_co], *, name: str, params: str, returns: str
    ) -> None:
        self.method = method
        self.name = name
        self.params = params
        self.returns = returns


class RecordedCall(NamedTuple):
    """A call that a fake answered: the method's full name and its params."""

    method: str
    params: Struct


class FakeService:
    """The base of generated fakes: it answers with examples and records its calls.

    A class that derives from a fake may define some of the handlers itself.
    """

    _idl_examples: ClassVar[tuple[CannedCall[Any], ...]] = ()

    def __init__(self) -> None:
        self.calls: list[RecordedCall] = []

    def _idl_answer(self, method: Method[T], params: Struct) -> T:
        """Record the call; return the result of the example whose params are these.

        Where none has them it is the method's first example.

        Raises:
            Unimplemented: the schema has no example of the method.
        """
        self.calls.append(RecordedCall(method.name, params))
        codec = method_codec(method)
        examples = [
            example for example in self._idl_examples if example.method is method
        ]
        if not examples:
            raise Unimplemented(
                f"{method.name} has no example to answer with: add one under "
                f"`examples` of {method.short_name} in the schema"
            )
        for example in examples:
            if codec.has_params(example.params.encode(), params):
                return codec.decode_result(Raw(example.returns.encode()))
        return codec.decode_result(Raw(examples[0].returns.encode()))
