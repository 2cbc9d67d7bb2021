"""WebSockets that show what goes over them: their handshake, and every message."""

from __future__ import annotations

from typing import Any

from idlgen.cli.calling.wire import RECEIVED, SENT, Wire
from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
from idlgen.runtime.transports.websocket_socket import Socket


def watch_websockets(wire: Wire) -> None:
    """Have all connections that this process opens from now on shown."""

    class Watched(Socket):
        async def handshake(self, *args: Any, **kwargs: Any) -> None:
            try:
                await super().handshake(*args, **kwargs)
            finally:
                if self.request is not None:
                    line = f"GET {self.request.path}"
                    wire.head(SENT, line, self.request.headers.raw_items(), b"")
                if self.response is not None:
                    line = f"{self.response.status_code} {self.response.reason_phrase}"
                    wire.head(RECEIVED, line, self.response.headers.raw_items(), b"")

        def post(self, text: bytes) -> None:
            wire.message(SENT, text)
            super().post(text)

        def _hand_over(self, message: bytes) -> None:
            wire.message(RECEIVED, message)
            super()._hand_over(message)

    AsyncWebSocketTransport.socket_class = Watched
