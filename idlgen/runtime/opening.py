"""From a URL and a client's options to the channel that carries its calls."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from idlgen._version import __version__
from idlgen.runtime.auth_tokens import AsyncToken, Token
from idlgen.runtime.calling import Calling
from idlgen.runtime.channel import AsyncChannel, Channel
from idlgen.runtime.interceptors.chain import checked
from idlgen.runtime.metadata import AUTHORIZATION
from idlgen.runtime.options import (
    DEFAULT_MAX_RESPONSE_BYTES,
    Defaults,
    check_headers,
)
from idlgen.runtime.transports import AsyncTransport, Transport
from idlgen.runtime.transports.endpoint import Endpoint, parse_endpoint
from idlgen.runtime.transports.http_and_websocket import (
    AsyncHttpAndWebSocket,
    HttpAndWebSocket,
)
from idlgen.runtime.transports.proxies import choose_proxy

if TYPE_CHECKING:
    from ssl import SSLContext

    from aiohttp import ClientSession
    from urllib3 import PoolManager

    from idlgen.runtime.interceptors import ClientInterceptor
    from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
    from idlgen.runtime.transports.websocket_blocking import WebSocketTransport

USER_AGENT = "idlgen/{} python/{}.{}.{}".format(__version__, *sys.version_info[:3])


def open_channel(
    url: str | None,
    *,
    transport: Transport | None = None,
    pool: PoolManager | None = None,
    proxy: str | None = None,
    ssl: SSLContext | None = None,
    trust_env: bool = True,
    max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
    timeout: float | None = None,
    headers: Mapping[str, str] | None = None,
    lenient: bool = False,
    user_agent: str | None = None,
    interceptors: Sequence[ClientInterceptor] = (),
    retries: int | None = None,
    token: Token | None = None,
    api_key: Token | None = None,
) -> Channel:
    """Return the channel of a sync client; the options are those of `SyncClientOptions`.

    Raises:
        ValueError: the URL or an option is wrong.
        TypeError: neither a URL nor a transport is given, or two options exclude
            each other.
        ImportError: urllib3 is not installed, or websockets.
    """
    defaults = _defaults(lenient, user_agent, interceptors).replaced(
        timeout, headers, retries, token, api_key
    )
    if transport is not None:
        _refuse_beside_transport(url=url, pool=pool, proxy=proxy, ssl=ssl)
        return Channel(transport, Calling(defaults))
    endpoint = _endpoint(url)
    _check_ssl(endpoint, ssl, pool=pool)
    proxy = _proxy(endpoint, proxy, trust_env, pool=pool)
    defaults = _with_credentials(defaults, endpoint)
    open_websocket = partial(
        _websocket, endpoint.over_websocket(), defaults, max_response_bytes, proxy, ssl
    )
    opened: Transport
    if endpoint.is_websocket:
        _refuse_beside_websocket(pool=pool)
        opened = open_websocket()
    else:
        from idlgen.runtime.transports.blocking import Urllib3Transport

        http = Urllib3Transport(
            endpoint,
            max_response_bytes=max_response_bytes,
            proxy=proxy,
            ssl=ssl,
            pool=pool,
        )
        opened = HttpAndWebSocket(http, open_websocket)
    return Channel(opened, Calling(defaults, endpoint.url))


def open_async_channel(
    url: str | None,
    *,
    transport: AsyncTransport | None = None,
    session: ClientSession | None = None,
    proxy: str | None = None,
    ssl: SSLContext | None = None,
    trust_env: bool = True,
    max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
    timeout: float | None = None,
    headers: Mapping[str, str] | None = None,
    lenient: bool = False,
    user_agent: str | None = None,
    interceptors: Sequence[ClientInterceptor] = (),
    retries: int | None = None,
    token: AsyncToken | None = None,
    api_key: AsyncToken | None = None,
) -> AsyncChannel:
    """Return the channel of an async client; raises as `open_channel` does."""
    defaults = _defaults(lenient, user_agent, interceptors).replaced(
        timeout, headers, retries, token, api_key
    )
    if transport is not None:
        _refuse_beside_transport(url=url, session=session, proxy=proxy, ssl=ssl)
        return AsyncChannel(transport, Calling(defaults))
    endpoint = _endpoint(url)
    _check_ssl(endpoint, ssl, session=session)
    proxy = _proxy(endpoint, proxy, trust_env, session=session)
    defaults = _with_credentials(defaults, endpoint)
    open_websocket = partial(
        _async_websocket,
        endpoint.over_websocket(),
        defaults,
        max_response_bytes,
        proxy,
        ssl,
    )
    opened: AsyncTransport
    if endpoint.is_websocket:
        _refuse_beside_websocket(session=session)
        opened = open_websocket()
    else:
        from idlgen.runtime.transports.asynchronous import AiohttpTransport

        http = AiohttpTransport(
            endpoint,
            max_response_bytes=max_response_bytes,
            proxy=proxy,
            ssl=ssl,
            session=session,
        )
        opened = AsyncHttpAndWebSocket(http, open_websocket)
    return AsyncChannel(opened, Calling(defaults, endpoint.url))


def _websocket(
    endpoint: Endpoint,
    defaults: Defaults,
    max_response_bytes: int,
    proxy: str | None,
    ssl: SSLContext | None,
) -> WebSocketTransport:
    from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
    from idlgen.runtime.transports.websocket_blocking import WebSocketTransport

    return WebSocketTransport(
        partial(
            AsyncWebSocketTransport,
            endpoint,
            headers=defaults.sent,
            max_response_bytes=max_response_bytes,
            proxy=proxy,
            ssl=ssl,
        )
    )


def _async_websocket(
    endpoint: Endpoint,
    defaults: Defaults,
    max_response_bytes: int,
    proxy: str | None,
    ssl: SSLContext | None,
) -> AsyncWebSocketTransport:
    from idlgen.runtime.transports.websocket import AsyncWebSocketTransport

    return AsyncWebSocketTransport(
        endpoint,
        headers=defaults.sent,
        max_response_bytes=max_response_bytes,
        proxy=proxy,
        ssl=ssl,
    )


def _defaults(
    lenient: bool, user_agent: str | None, interceptors: Sequence[ClientInterceptor]
) -> Defaults:
    own = {"user-agent": USER_AGENT if user_agent is None else user_agent}
    return Defaults(
        headers=check_headers(own),
        lenient=lenient,
        interceptors=checked(interceptors),
    )


def _endpoint(url: str | None) -> Endpoint:
    if url is None:
        raise TypeError("a client needs the `url` of a server, or a `transport`")
    return parse_endpoint(url)


def _refuse_beside_transport(**given: object) -> None:
    for name, value in given.items():
        if value is not None:
            raise TypeError(f"`{name}` and `transport` exclude each other")


def _proxy(
    endpoint: Endpoint, proxy: str | None, trust_env: bool, **own: object
) -> str | None:
    """Return the proxy to use, which is none of ours beside a pool or session."""
    for name, value in own.items():
        if value is not None and proxy is not None:
            raise TypeError(f"`proxy` and `{name}` exclude each other: it has its own")
        if value is not None:
            return None
    return choose_proxy(endpoint, proxy, trust_env=trust_env)


def _check_ssl(endpoint: Endpoint, ssl: SSLContext | None, **own: object) -> None:
    """Refuse a context that nothing would look at."""
    if ssl is None:
        return
    for name, value in own.items():
        if value is not None:
            raise TypeError(f"`ssl` and `{name}` exclude each other: it has its own")
    if endpoint.scheme in ("http", "ws"):
        raise ValueError(f"`ssl` is for https:// and wss://, not {endpoint.scheme}://")


def _refuse_beside_websocket(**given: object) -> None:
    for name, value in given.items():
        if value is not None:
            raise TypeError(f"`{name}` is for calls over HTTP, not over WebSocket")


def _with_credentials(defaults: Defaults, endpoint: Endpoint) -> Defaults:
    """Add the URL's user and password, unless there is a token already."""
    known = defaults.sent.keys() | defaults.asked.keys()
    if endpoint.authorization is None or AUTHORIZATION in known:
        return defaults
    credentials = {**defaults.credentials, AUTHORIZATION: endpoint.authorization}
    return structs.replace(defaults, credentials=credentials)
