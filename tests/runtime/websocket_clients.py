"""A client of an app by WebSocket, message by message, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from idlgen.runtime import asgi_app, current_call
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.user import types
from tests.runtime.contract.user.errors import UserNotFound

PATIENCE = 60
"""Seconds after which a test fails instead of hanging."""


class Slow(Accounts):
    """Accounts whose handlers wait: of even ids to be let go, of odd ones for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.running: set[int] = set()
        self.cancelled: list[int] = []
        self.go = asyncio.Event()
        self.stubborn = False
        self.seen: list[tuple[dict[str, str], bool]] = []

    async def get_user_by_id(self, id: int) -> types.User:
        if id == 404:
            raise UserNotFound(id=id)
        call = current_call()
        self.seen.append((dict(call.headers), call.deadline is not None))
        self.running.add(id)
        try:
            if id % 2 == 0:
                await self.go.wait()
            else:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.append(id)
            if not self.stubborn:
                raise
        finally:
            self.running.discard(id)
        return user(id)


class Client:
    """A client's end of a connection to an app."""

    def __init__(
        self,
        app: Any,
        *,
        headers: dict[str, str] | None = None,
        path: str = "/rpc",
        subprotocols: tuple[str, ...] = (),
        extensions: dict[str, Any] | None = None,
    ) -> None:
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.is_gone = False
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.put({"type": "websocket.connect"})
        scope = {
            "type": "websocket",
            "path": path,
            "root_path": "",
            "headers": [
                (name.encode(), value.encode())
                for name, value in {"host": "h", **(headers or {})}.items()
            ],
            "subprotocols": list(subprotocols),
            "extensions": extensions,
        }
        self.serving = asyncio.ensure_future(app(scope, self._receive, self._send))

    def put(self, message: dict[str, Any]) -> None:
        self._messages.put_nowait(message)

    def say(self, text: str | bytes) -> None:
        kind = "text" if isinstance(text, str) else "bytes"
        self.put({"type": "websocket.receive", kind: text})

    def call(self, user_id: int, id: object, **members: Any) -> None:
        self.say(call(user_id, id, **members))

    async def hear(self) -> Any:
        message = await self.sent.get()
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def leave(self) -> None:
        self.put({"type": "websocket.disconnect", "code": 1005})
        await self.serving

    @property
    def unread(self) -> int:
        return self._messages.qsize()

    async def _receive(self) -> dict[str, Any]:
        return await self._messages.get()

    async def _send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        if self.is_gone:
            raise ConnectionError
        self.sent.put_nowait(message)


def call(user_id: int, id: object, **members: Any) -> str:
    request = {
        "jsonrpc": "2.0",
        "method": "UserService.getUserById",
        "params": {"id": user_id},
        "id": id,
        **members,
    }
    return json.dumps(request)


def cancel(id: object) -> str:
    return json.dumps({"jsonrpc": "2.0", "method": "$/cancel", "params": {"id": id}})


PING = '{"jsonrpc":"2.0","method":"UserService.ping","id":%s}'
PONG = '{"jsonrpc":"2.0","result":null,"id":%s}'


def run(
    talk: Callable[[Client, Slow], Awaitable[None]],
    *,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> Slow:
    """Let a client that was accepted talk to an app with the options."""

    async def talking() -> Slow:
        slow = Slow()
        client = Client(asgi_app(slow, **options), headers=headers)
        assert (await client.sent.get())["type"] == "websocket.accept"
        async with asyncio.timeout(PATIENCE):
            await talk(client, slow)
            if not client.serving.done():
                await client.leave()
        assert len(asyncio.all_tasks()) == 1
        return slow

    return asyncio.run(talking())


async def until(condition: Callable[[], bool]) -> None:
    """Let the other tasks run until the condition holds."""
    for _ in range(100_000):
        if condition():
            return
        await asyncio.sleep(0)
    pytest.fail("it never came true")
