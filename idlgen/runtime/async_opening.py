"""The same as `opening` for async clients."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Unpack

from idlgen.runtime.async_channel import AsyncChannel
from idlgen.runtime.calling import Calling
from idlgen.runtime.options import AsyncOptions
from idlgen.runtime.settings import Settings, Way
from idlgen.runtime.transports import AsyncTransport
from idlgen.runtime.transports.http_and_websocket import AsyncHttpAndWebSocket

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from idlgen.runtime.transports.websocket import AsyncWebSocketTransport


def open_channel(
    url: str | None,
    *,
    transport: AsyncTransport | None = None,
    session: ClientSession | None = None,
    **options: Unpack[AsyncOptions],
) -> AsyncChannel:
    """Return the channel of an async client; raises as the sync one, for aiohttp."""
    settings = Settings(**options)
    if transport is not None:
        settings.check_transport(transport, url=url, session=session)
        return AsyncChannel(transport, Calling(settings.defaults))
    way = settings.way(url, session=session)
    opened = _websocket(way) if way.endpoint.is_websocket else _http(way, session)
    return AsyncChannel(opened, Calling(way.defaults, way.endpoint.url))


def _http(way: Way, session: ClientSession | None) -> AsyncTransport:
    from idlgen.runtime.transports.asynchronous import AiohttpTransport

    http = AiohttpTransport(
        way.endpoint,
        max_response_bytes=way.max_response_bytes,
        proxy=way.proxy,
        ssl=way.ssl,
        session=session,
    )
    return AsyncHttpAndWebSocket(http, partial(_websocket, way.by_websocket))


def _websocket(way: Way) -> AsyncWebSocketTransport:
    from idlgen.runtime.transports.websocket import AsyncWebSocketTransport

    return AsyncWebSocketTransport(
        way.endpoint,
        headers=way.defaults.sent,
        max_response_bytes=way.max_response_bytes,
        proxy=way.proxy,
        ssl=way.ssl,
    )
