"""WebSockets of a server that is told to end."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine
from typing import Any

from idlgen.runtime import asgi_app
from tests.runtime.contract.accounts import Accounts
from tests.runtime.websocket_clients import PATIENCE, PING, Client, Slow, until


def shutting_down(app: Any) -> Coroutine[Any, Any, None]:
    messages = [{"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, str]:
        return messages.pop()

    async def send(message: Any) -> None:
        assert message == {"type": "lifespan.shutdown.complete"}

    stopping: Coroutine[Any, Any, None] = app({"type": "lifespan"}, receive, send)
    return stopping


def test_a_server_that_stops_answers_what_is_in_flight_and_refuses_the_rest() -> None:
    async def talking() -> None:
        slow = Slow()
        app = asgi_app(slow)
        busy, idle = Client(app), Client(app)
        for client in (busy, idle):
            assert (await client.sent.get())["type"] == "websocket.accept"
        busy.call(2, 1)
        await until(lambda: slow.running == {2})
        stopping = asyncio.ensure_future(shutting_down(app))
        assert await idle.sent.get() == {"type": "websocket.close", "code": 1001}
        busy.say(PING % 2)
        refused = await busy.hear()
        assert (refused["id"], refused["error"]["code"]) == (2, -32014)
        slow.go.set()
        assert "result" in await busy.hear()
        assert await busy.sent.get() == {"type": "websocket.close", "code": 1001}
        await stopping
        await busy.leave()
        await idle.leave()
        assert slow.cancelled == []

    asyncio.run(asyncio.wait_for(talking(), PATIENCE))


def test_who_goes_at_once_does_not_keep_a_server_from_ending() -> None:
    messages = [{"type": "websocket.disconnect"}, {"type": "websocket.connect"}]

    async def receive() -> dict[str, str]:
        return messages.pop()

    async def send(message: Any) -> None:
        pass

    async def ending() -> None:
        app = asgi_app(Accounts())
        scope = {"type": "websocket", "path": "/rpc", "headers": []}
        serving = asyncio.ensure_future(app(scope, receive, send))
        # It has come and gone, and its tasks are about to end.
        await until(lambda: not messages)
        assert await asyncio.wait_for(app.drain(math.inf), PATIENCE)
        await serving

    asyncio.run(ending())
