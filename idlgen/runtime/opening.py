"""From a URL and a client's options to the channel that carries its calls."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Unpack

from idlgen.runtime.calling import Calling
from idlgen.runtime.channel import Channel
from idlgen.runtime.options import SyncOptions
from idlgen.runtime.settings import Settings, Way
from idlgen.runtime.transports import Transport
from idlgen.runtime.transports.http_and_websocket import HttpAndWebSocket

if TYPE_CHECKING:
    from urllib3 import PoolManager

    from idlgen.runtime.transports.websocket_blocking import WebSocketTransport


def open_channel(
    url: str | None,
    *,
    transport: Transport | None = None,
    pool: PoolManager | None = None,
    **options: Unpack[SyncOptions],
) -> Channel:
    """Return the channel of a sync client; the options are those of `SyncClientOptions`.

    Raises:
        ValueError: the URL or an option is wrong.
        TypeError: neither a URL nor a transport is given, or two options exclude
            each other.
        ImportError: urllib3 is not installed, or websockets.
    """
    settings = Settings(**options)
    if transport is not None:
        settings.check_transport(transport, url=url, pool=pool)
        return Channel(transport, Calling(settings.defaults))
    way = settings.way(url, pool=pool)
    opened = _websocket(way) if way.endpoint.is_websocket else _http(way, pool)
    return Channel(opened, Calling(way.defaults, way.endpoint.url))


def _http(way: Way, pool: PoolManager | None) -> Transport:
    from idlgen.runtime.transports.blocking import Urllib3Transport

    http = Urllib3Transport(
        way.endpoint,
        max_response_bytes=way.max_response_bytes,
        proxy=way.proxy,
        ssl=way.ssl,
        pool=pool,
    )
    return HttpAndWebSocket(http, partial(_websocket, way.by_websocket))


def _websocket(way: Way) -> WebSocketTransport:
    from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
    from idlgen.runtime.transports.websocket_blocking import WebSocketTransport

    return WebSocketTransport(
        partial(
            AsyncWebSocketTransport,
            way.endpoint,
            headers=way.defaults.sent,
            max_response_bytes=way.max_response_bytes,
            proxy=way.proxy,
            ssl=way.ssl,
        )
    )
