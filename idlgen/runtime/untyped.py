"""Clients without generated code: any method by its name, plain data in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from idlgen.runtime.client import AsyncServiceClient, ServiceClient

if TYPE_CHECKING:
    from idlgen.runtime.calling import Params
    from idlgen.runtime.scalars import JsonValue
    from idlgen.runtime.streams import AsyncResultStream, ResultStream


class Client(ServiceClient):
    """Calls any method of a JSON-RPC server: ``Client(url).call("add", 2, 3)``.

    It has the options, rules and errors of typed clients; an error that a schema
    declares arrives as the class of its status. Options of a single call are those of a
    view: ``client.with_options(timeout=1).call(...)``.
    """

    def call(self, method: str, /, *args: Any, **params: Any) -> Any:
        """Return the result of `method` as plain data.

        Params are given by position or by keyword, as the server wants them.

        Raises:
            TypeError: both are given; JSON-RPC has one or the other.
            RpcError: as typed calls.
        """
        return self._idl_channel.untyped(method, _params(args, params))

    def stream(
        self, method: str, /, *args: Any, **params: Any
    ) -> ResultStream[JsonValue]:
        """Return what calls `method` when it is entered, and gives the items then.

        ``with client.stream("Feed.watch", topic="news") as items:``; the items are
        plain data. A method that takes a stream needs generated code.

        Raises:
            TypeError: as `call`.
        """
        return self._idl_channel.untyped_stream(method, _params(args, params))

    def notify(self, method: str, /, *args: Any, **params: Any) -> None:
        """Send a call that has no answer; an error of the method is never known.

        Raises:
            TypeError: as `call`.
            RpcError: the server did not take the notification.
        """
        return self._idl_channel.notify(method, _params(args, params))


class AsyncClient(AsyncServiceClient):
    """The same for an event loop: ``await AsyncClient(url).call("add", 2, 3)``."""

    async def call(self, method: str, /, *args: Any, **params: Any) -> Any:
        """Return the result of `method` as plain data; raises as `Client.call`."""
        return await self._idl_channel.untyped(method, _params(args, params))

    def stream(
        self, method: str, /, *args: Any, **params: Any
    ) -> AsyncResultStream[JsonValue]:
        """Return the same of a stream: ``async with client.stream("Feed.watch")``."""
        return self._idl_channel.untyped_stream(method, _params(args, params))

    async def notify(self, method: str, /, *args: Any, **params: Any) -> None:
        """Send a call that has no answer; raises as `Client.notify`."""
        return await self._idl_channel.notify(method, _params(args, params))


def _params(args: tuple[Any, ...], params: dict[str, Any]) -> Params:
    if args and params:
        raise TypeError("give params by position or by keyword, not both")
    return params or args
