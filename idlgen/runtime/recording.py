"""What a method of a client would send: the method is called, and its request kept.

The method runs as ever, on a copy of its client whose channel notes the call instead of
making it. So batches need no generated code of their own, and have the methods' types.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from copy import copy
from functools import partial
from types import MethodType
from typing import Any, NoReturn, TypeVar

from msgspec import Struct

from idlgen.runtime.async_channel import AsyncChannel
from idlgen.runtime.calling import Calling, Params
from idlgen.runtime.channel import Channel
from idlgen.runtime.client import AsyncServiceClient, ServiceClient
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import RpcError
from idlgen.runtime.options import CallOptions
from idlgen.runtime.outcome import outcome
from idlgen.runtime.pending import Call, RawAnswer
from idlgen.runtime.transports import Reply, Request

T = TypeVar("T")

CLIENTS = (ServiceClient, AsyncServiceClient)


def recorded(
    client: ServiceClient | AsyncServiceClient,
    method: Callable[..., object],
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> Call[Any]:
    """Return the call that `method` makes with the arguments, before it is made.

    `method` belongs to `client` or to a view of it; the view's options hold.

    Raises:
        TypeError: it is no method of the client's, or does not make one call.
        RpcError: as the method itself, where it refuses its arguments.
    """
    if not isinstance(method, MethodType):
        raise _no_method(method, type(client).__name__)
    view = _view(client, method.__self__, method.__name__)
    recorder = _recorder(view)
    view._idl_channel = recorder
    with outcome:
        returned = _at_once(method.__func__(view, *args, **kwargs))
    if recorder.calls != [returned]:
        raise TypeError(f"`{method.__name__}` is not one call of the service")
    return recorder.calls[0]


def _no_method(what: object, owner: str) -> TypeError:
    is_shown = what is None or callable(what)
    shown = repr(what) if is_shown else f"a {type(what).__name__}"
    return TypeError(
        f"{shown} is no method of {owner}: give the method itself, uncalled, and then "
        "its arguments"
    )


def make_raw(
    client: ServiceClient,
    method: Callable[..., object],
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> RawAnswer[Any]:
    """Make the call and return its answer; raises as `recorded` and the transport."""
    call = recorded(client, method, args, kwargs)
    answered = _Answered(call)
    with outcome:
        try:
            channel = Channel(client._idl_channel.transport, call.calling)
            channel.make(call.request, answered.read)
        except RpcError as error:
            answered.check_was(error)
        return RawAnswer(call, answered.reply)


async def make_raw_async(
    client: AsyncServiceClient,
    method: Callable[..., object],
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> RawAnswer[Any]:
    """Make the call and return its answer, as `make_raw` does."""
    call = recorded(client, method, args, kwargs)
    answered = _Answered(call)
    with outcome:
        try:
            channel = AsyncChannel(client._idl_channel.transport, call.calling)
            await channel.make(call.request, answered.read)
        except RpcError as error:
            answered.check_was(error)
        return RawAnswer(call, answered.reply)


class _Answered:
    """The answer to a raw call, kept also where it is an error."""

    reply: Reply

    def __init__(self, call: Call[Any]) -> None:
        self._call = call

    def read(self, _request: Request, reply: Reply) -> None:
        """Take the answer; raise its error, so that the attempt counts as failed."""
        self.reply = reply
        self._call.answer(reply)
        self._call.result()

    def check_was(self, error: RpcError) -> None:
        """Raise the error, unless it is the answer's own."""
        if error is not self._call.error:
            raise error


def _view(client: ServiceClient | AsyncServiceClient, owner: object, name: str) -> Any:
    """Return a copy of the method's owner, which is the client or a view of it."""
    mine = type(client).__name__
    if type(owner) is not type(client) or not isinstance(owner, CLIENTS):
        other = type(owner).__name__
        raise TypeError(f"`{name}` is a method of {other}, where one of {mine} is due")
    if owner._idl_channel.transport is not client._idl_channel.transport:
        raise TypeError(f"`{name}` is a method of another {mine}, of other connections")
    return copy(owner)


def _at_once(returned: object) -> object:
    """Return what was returned, or what a coroutine returns that waits for nothing."""
    if not isinstance(returned, Coroutine):
        return returned
    try:
        returned.send(None)
    except StopIteration as end:
        return end.value
    returned.close()
    return None


class _Nowhere:
    """The transport of channels that make no calls."""

    def exchange(self, request: Request) -> NoReturn:
        raise _no_call(request)

    def close(self) -> NoReturn:
        raise _no_call()


class _AsyncNowhere:
    """The same for an event loop."""

    async def exchange(self, request: Request) -> NoReturn:
        raise _no_call(request)

    async def aclose(self) -> NoReturn:
        raise _no_call()


def _no_call(what: object = "closing the client") -> TypeError:
    return TypeError(f"only calls can be put off, not {what}")


class _Recorder(Channel):
    """A channel that notes calls, and returns the note in place of a result."""

    def __init__(self, calling: Calling) -> None:
        super().__init__(_Nowhere(), calling)
        self.calls: list[Call[Any]] = []

    def unary(
        self, method: Method[T], params: Struct, options: CallOptions | None = None
    ) -> Any:
        request = self.calling.begin(method, params, options)
        return self._noted(request, partial(self.calling.result, method))

    def untyped(self, name: str, params: Params) -> Any:
        request = self.calling.begin_untyped(name, params)
        return self._noted(request, self.calling.untyped_result)

    def notify(self, name: str, params: Params) -> Any:
        request = self.calling.begin_notification(name, params)
        return self._noted(request, self.calling.taken)

    def stream(self, *_args: object, **_options: object) -> NoReturn:
        raise _no_call("streams")

    def two_way_stream(self, *_args: object, **_options: object) -> NoReturn:
        raise _no_call("streams")

    def client_stream(self, *_args: object, **_options: object) -> NoReturn:
        raise _no_call("streams")

    def _noted(
        self, request: Request, read: Callable[[Request, Reply], Any]
    ) -> Call[Any]:
        call = Call(self.calling, request, read)
        self.calls.append(call)
        return call


class _AsyncRecorder(AsyncChannel):
    """The same for async clients; nothing is awaited."""

    def __init__(self, calling: Calling) -> None:
        super().__init__(_AsyncNowhere(), calling)
        self.calls: list[Call[Any]] = []

    async def unary(
        self, method: Method[T], params: Struct, options: CallOptions | None = None
    ) -> Any:
        request = self.calling.begin(method, params, options)
        return self._noted(request, partial(self.calling.result, method))

    async def untyped(self, name: str, params: Params) -> Any:
        request = self.calling.begin_untyped(name, params)
        return self._noted(request, self.calling.untyped_result)

    async def notify(self, name: str, params: Params) -> Any:
        request = self.calling.begin_notification(name, params)
        return self._noted(request, self.calling.taken)

    def stream(self, *_args: object, **_options: object) -> NoReturn:
        raise _no_call("streams")

    def two_way_stream(self, *_args: object, **_options: object) -> NoReturn:
        raise _no_call("streams")

    async def client_stream(self, *_args: object, **_options: object) -> NoReturn:
        raise _no_call("streams")

    def _noted(
        self, request: Request, read: Callable[[Request, Reply], Any]
    ) -> Call[Any]:
        call = Call(self.calling, request, read)
        self.calls.append(call)
        return call


def _recorder(owner: ServiceClient | AsyncServiceClient) -> _Recorder | _AsyncRecorder:
    calling = owner._idl_channel.calling
    if isinstance(owner, ServiceClient):
        return _Recorder(calling)
    return _AsyncRecorder(calling)
