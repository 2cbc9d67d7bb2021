"""The bases of generated clients: making, closing, and views with other options."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from types import TracebackType
from typing import Self, Unpack

from idlgen.runtime.options import AsyncClientOptions, SyncClientOptions


class ServiceClient:
    """The base of sync clients; the rules for threads and fork are those of `Channel`.

    Close it, or use it in a ``with`` statement. What is left out of the options is
    described at `ClientOptions`.
    """

    def __init__(
        self, url: str | None = None, **options: Unpack[SyncClientOptions]
    ) -> None:
        """Make a client of the service at `url`; it connects at its first call.

        Without a scheme the URL is ``http://``, without a path it is ``/rpc``.

        Raises:
            ValueError: the URL or an option is wrong.
            TypeError: neither a URL nor a transport is given, or both.
            ImportError: urllib3 is not installed.
        """
        # Making a client loads what calls need; importing generated code does not.
        from idlgen.runtime.opening import open_channel

        self._idl_channel = open_channel(url, **options)

    def with_options(
        self,
        *,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a view of this client whose calls have other defaults.

        `headers` are added to this client's. The view shares the connections: to close
        one of the two is to close both.
        """
        view = copy(self)
        view._idl_channel = self._idl_channel.with_defaults(timeout, headers)
        return view

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
    """The base of async clients; the rules for event loops are those of `AsyncChannel`.

    Close it with `aclose`, or use it in an ``async with`` statement.
    """

    def __init__(
        self, url: str | None = None, **options: Unpack[AsyncClientOptions]
    ) -> None:
        """Make a client of the service at `url`; it connects at its first call.

        Needs no running event loop. Raises as `ServiceClient` does, for aiohttp.
        """
        from idlgen.runtime.opening import open_async_channel

        self._idl_channel = open_async_channel(url, **options)

    def with_options(
        self,
        *,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a view of this client, as `ServiceClient.with_options` does."""
        view = copy(self)
        view._idl_channel = self._idl_channel.with_defaults(timeout, headers)
        return view

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
