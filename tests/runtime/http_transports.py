"""Every transport over HTTP, made alike: the own ones, and the adapters of other libraries.

Those whose name begins with `async` are of an event loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from typing import Any

import httpx2
from pyreqwest.proxy import ProxyBuilder

from idlgen.runtime.options import DEFAULT_MAX_RESPONSE_BYTES
from idlgen.runtime.transports.asynchronous import AiohttpTransport
from idlgen.runtime.transports.blocking import Urllib3Transport
from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.httpx2 import AsyncHttpx2Transport, Httpx2Transport
from idlgen.runtime.transports.pyreqwest import (
    AsyncPyreqwestTransport,
    PyreqwestTransport,
)

SYNC = ("urllib3", "httpx2", "pyreqwest")
ASYNC = ("async aiohttp", "async httpx2", "async pyreqwest")
LIMIT = 1000


@contextmanager
def sync_transport(
    kind: str, url: str, limit: int = LIMIT, proxy: str | None = None
) -> Iterator[Any]:
    """Make a transport, and close it."""
    client: AbstractContextManager[Any] = nullcontext()
    if kind == "httpx2":
        client = httpx2.Client(proxy=proxy, trust_env=False)
    with client as opened:
        if kind == "httpx2":
            transport: Any = Httpx2Transport(url, opened, max_response_bytes=limit)
        elif kind == "pyreqwest":
            transport = PyreqwestTransport(
                url, max_response_bytes=limit, configure=proxied(proxy)
            )
        else:
            transport = Urllib3Transport(
                parse_endpoint(url), max_response_bytes=limit, proxy=proxy
            )
        try:
            yield transport
        finally:
            transport.close()


@asynccontextmanager
async def async_transport(
    kind: str, url: str, limit: int = LIMIT, proxy: str | None = None
) -> AsyncIterator[Any]:
    """Make a transport for the loop that runs, and close it."""
    client: AbstractAsyncContextManager[Any] = nullcontext()
    if kind == "async httpx2":
        client = httpx2.AsyncClient(proxy=proxy, trust_env=False)
    async with client as opened:
        if kind == "async httpx2":
            transport: Any = AsyncHttpx2Transport(url, opened, max_response_bytes=limit)
        elif kind == "async pyreqwest":
            transport = AsyncPyreqwestTransport(
                url, max_response_bytes=limit, configure=proxied(proxy)
            )
        else:
            transport = AiohttpTransport(
                parse_endpoint(url), max_response_bytes=limit, proxy=proxy
            )
        try:
            yield transport
        finally:
            await transport.aclose()


@contextmanager
def sync_client(
    kind: str,
    made: Callable[..., Any],
    url: str,
    *,
    max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
    **options: Any,
) -> Iterator[Any]:
    """Make a client over the transport, and close it."""
    with (
        sync_transport(kind, url, max_response_bytes) as transport,
        made(transport=transport, **options) as client,
    ):
        yield client


@asynccontextmanager
async def async_client(
    kind: str,
    made: Callable[..., Any],
    url: str,
    *,
    max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
    **options: Any,
) -> AsyncIterator[Any]:
    """Make a client over the transport for the loop that runs, and close it."""
    async with (
        async_transport(kind, url, max_response_bytes) as transport,
        made(transport=transport, **options) as client,
    ):
        yield client


def proxied(proxy: str | None) -> Any:
    """Return what configures a builder of pyreqwest to use this proxy, or none."""
    if proxy is None:
        return lambda builder: builder.no_proxy()
    return lambda builder: builder.proxy(ProxyBuilder.all(proxy))
