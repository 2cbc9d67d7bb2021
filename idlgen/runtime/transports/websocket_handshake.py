"""How connections to one WebSocket endpoint are made, and why one was not."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from ssl import SSLContext

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from idlgen.runtime.errors import RpcError, Unavailable
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.endpoint import Endpoint
from idlgen.runtime.transports.reply import Reply, refusal
from idlgen.runtime.transports.websocket_link import Link
from idlgen.runtime.transports.websocket_socket import PATIENCE, Socket

LOGGER = logging.getLogger("idlgen.websocket")
# Below, `websockets` writes heads and messages: credentials, and what is sensitive.
LOGGER.setLevel(logging.INFO)
SUBPROTOCOL = Subprotocol("idlgen.1")
OPEN_TIMEOUT = 10.0


class Handshake:
    """What a client says and wants where it opens a connection."""

    def __init__(
        self,
        endpoint: Endpoint,
        headers: Mapping[str, str],
        limit: int,
        proxy: str | None,
        ssl: SSLContext | None,
        ping_interval: float,
    ) -> None:
        """See `AsyncWebSocketTransport`; a message has at most `limit` bytes."""
        self._url = endpoint.url
        self._headers = dict(headers)
        self._limit = limit
        self._proxy = proxy
        # What `websockets` wants: true for its own context, nothing without TLS.
        self._ssl = (ssl or True) if endpoint.scheme == "wss" else None
        self._ping_interval = ping_interval

    async def open(self, socket_class: type[Socket]) -> Link:
        """Return a new connection.

        Raises:
            InvalidHandshake, OSError, EOFError: see `failure`.
        """
        socket = await _Connect(
            self._url,
            additional_headers=self._headers,
            user_agent_header=None,
            subprotocols=[SUBPROTOCOL],
            compression=None,
            ssl=self._ssl,
            proxy=self._proxy,
            max_size=self._limit,
            open_timeout=OPEN_TIMEOUT,
            close_timeout=PATIENCE,
            ping_interval=self._ping_interval,
            ping_timeout=self._ping_interval,
            create_connection=socket_class,
            logger=LOGGER,
        )
        assert isinstance(socket, Socket)
        return Link(socket, self._url, self._limit, self._headers)

    def failure(self, error: Exception) -> RpcError:
        """Return what an error of `open` means to the calls that wait."""
        if not isinstance(error, InvalidStatus):
            return failures.unreachable(self._url, error)
        response = error.response
        headers = {name.lower(): text for name, text in response.headers.raw_items()}
        reply = Reply(
            status=response.status_code, headers=headers, body=bytes(response.body)
        )
        # uvicorn answers so what knocks while it ends, and no call has begun yet.
        kind = Unavailable if reply.status == 500 else None
        return refusal(reply, self._url, kind)


class _Connect(connect):
    """Opens a connection, and follows no redirect: credentials would go along."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc
