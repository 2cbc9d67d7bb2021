"""The bases of generated clients: making, closing, and views with other options."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import copy
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar, Unpack

from idlgen.runtime.option_checks import check_names
from idlgen.runtime.options import (
    AsyncClientOptions,
    AsyncViewOptions,
    SyncClientOptions,
    SyncViewOptions,
)

if TYPE_CHECKING:
    from idlgen.runtime.batch import AsyncBatch, Batch
    from idlgen.runtime.pending import RawAnswer

P = ParamSpec("P")
T = TypeVar("T")

SYNC_OPTIONS = SyncClientOptions.__optional_keys__
ASYNC_OPTIONS = AsyncClientOptions.__optional_keys__
VIEW_OPTIONS = SyncViewOptions.__optional_keys__
"""The names of what they may have; views of both kinds have the same."""


class ServiceClient:
    """The base of sync clients; any number of threads may share one.

    What becomes of it in the child of a fork is told in `transports.blocking`.
    Close it, or use it in a ``with`` statement. What is left out of the options is
    described at `ClientOptions`.
    """

    def __init__(
        self, url: str | None = None, **options: Unpack[SyncClientOptions]
    ) -> None:
        """Make a client of the service at `url`; it connects at its first call.

        Without a scheme the URL is ``http://``, without a path it is ``/rpc``. With
        ``ws://`` or ``wss://`` all calls share one WebSocket.

        Raises:
            ValueError: the URL or an option is wrong.
            TypeError: neither a URL nor a transport is given, or both.
            ImportError: urllib3 is not installed, or websockets for a WebSocket.
        """
        # Making a client loads what calls need; importing generated code does not.
        from idlgen.runtime.opening import open_channel

        check_names(type(self).__name__, options, SYNC_OPTIONS)
        self._idl_channel = open_channel(url, **options)

    def with_options(self, **options: Unpack[SyncViewOptions]) -> Self:
        """Return a view of this client whose calls have other defaults.

        `headers` are added to this client's. The view shares the connections: to close
        one of the two is to close both.
        """
        check_names(f"a view of {type(self).__name__}", options, VIEW_OPTIONS)
        view = copy(self)
        view._idl_channel = self._idl_channel.with_defaults(**options)
        return view

    def batch(self) -> Batch:
        """Return a batch: calls that are made together when its block is left.

        ``with users.batch() as b: ada = b.add(users.get_user_by_id, 1)``; after the
        block ``ada.result()`` returns what the call would have, or raises its error.
        Where the block raises nothing is sent; where the batch as a whole fails, the
        block ends with the error. `options` of a call hold for it alone.

        Raises:
            RuntimeError: the client is lenient; such servers know no batches.
        """
        from idlgen.runtime.batch import Batch

        return Batch(self)

    def raw(
        self, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> RawAnswer[T]:
        """Make the call `method(*args, **kwargs)`; return its answer with the headers.

        ``answer = users.raw(users.get_user_by_id, 1)`` has `status` and `headers`, also
        where ``answer.result()`` raises the call's error.

        Raises:
            RpcError: there was no answer, or the method refuses its arguments.
            TypeError: it is a method of another client, or does not make one call.
        """
        from idlgen.runtime.recording import make_raw

        return make_raw(self, method, args, kwargs)

    def close(self) -> None:
        """Close the connections; later calls raise RuntimeError."""
        self._idl_channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncServiceClient:
    """The base of async clients; one belongs to the event loop that first used it.

    `transports.asynchronous` tells why, and what of forks.
    Close it with `aclose`, or use it in an ``async with`` statement.
    """

    def __init__(
        self, url: str | None = None, **options: Unpack[AsyncClientOptions]
    ) -> None:
        """Make a client of the service at `url`; it connects at its first call.

        Needs no running event loop. Raises as `ServiceClient` does, for aiohttp.
        """
        from idlgen.runtime.async_opening import open_channel

        check_names(type(self).__name__, options, ASYNC_OPTIONS)
        self._idl_channel = open_channel(url, **options)

    def with_options(self, **options: Unpack[AsyncViewOptions]) -> Self:
        """Return a view of this client, as `ServiceClient.with_options` does."""
        check_names(f"a view of {type(self).__name__}", options, VIEW_OPTIONS)
        view = copy(self)
        view._idl_channel = self._idl_channel.with_defaults(**options)
        return view

    def batch(self) -> AsyncBatch:
        """Return a batch for an ``async with``, as `ServiceClient.batch` does."""
        from idlgen.runtime.batch import AsyncBatch

        return AsyncBatch(self)

    async def raw(
        self, method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> RawAnswer[T]:
        """Make the call `await method(*args, **kwargs)`, as `ServiceClient.raw` does."""
        from idlgen.runtime.recording import make_raw_async

        return await make_raw_async(self, method, args, kwargs)

    async def aclose(self) -> None:
        """Close the connections; later calls raise RuntimeError."""
        await self._idl_channel.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
