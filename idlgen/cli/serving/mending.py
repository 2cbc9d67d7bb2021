"""What stands in for an app whose code cannot be loaded, until it is mended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeAlias

from idlgen.runtime.server.handshake import refuse
from idlgen.runtime.server.http import refusal
from idlgen.runtime.server.scope import Receive, Scope, Send

Refusing: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

REFUSED = refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "the code of this server cannot be loaded; its console says why",
)


async def refuse_all(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 503 to whatever comes, as ASGI 3 says.

    Without it the socket, which stays open between two loads, would let callers wait.
    """
    match scope["type"]:
        case "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        case "websocket":
            await receive()
            await refuse(scope, send, REFUSED)
        case _:
            start = {"status": REFUSED.status, "headers": REFUSED.headers}
            await send({"type": "http.response.start", **start})
            await send({"type": "http.response.body", "body": REFUSED.body})
