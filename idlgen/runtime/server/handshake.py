"""Who may open a WebSocket: a browser opens one for any page, and sends its cookies."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from idlgen.runtime.server.http import Response
from idlgen.runtime.server.scope import Scope, Send

ANY = "*"
RESPONSE = "websocket.http.response"
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def may_connect(headers: Mapping[str, str], origins: Collection[str]) -> bool:
    """Return whether the page that opens the connection may do so (RFC 6455, 10.2).

    A page says where it is from in the header Origin; programs do not send it. Its host
    must be the one that it calls, or its origin one of `origins`. The scheme is not
    compared: TLS may end at a proxy.
    """
    origin = headers.get("origin")
    if origin is None or ANY in origins or origin in origins:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    port = _DEFAULT_PORTS.get(parts.scheme)
    if port is None:
        return False
    host = headers.get("host", "").lower()
    return parts.netloc.lower().removesuffix(port) == host.removesuffix(port)


async def refuse(scope: Scope, send: Send, response: Response) -> None:
    """Refuse the handshake with the response; servers that cannot send one answer 403."""
    # A server that ends may have refused it by itself, or the client may have gone.
    with suppress(Exception):
        for message in _refusal(scope, response):
            await send(message)
        # uvicorn 0.54 takes a refusal for a fault of the app, and logs it as an error,
        # unless it has seen the end of the connection before the app returns.
        await asyncio.sleep(0)


def _refusal(scope: Scope, response: Response) -> list[dict[str, Any]]:
    if RESPONSE not in (scope.get("extensions") or {}):
        return [{"type": "websocket.close", "code": 1000}]
    return [
        {
            "type": f"{RESPONSE}.start",
            "status": response.status,
            "headers": response.headers,
        },
        {"type": f"{RESPONSE}.body", "body": response.body},
    ]
