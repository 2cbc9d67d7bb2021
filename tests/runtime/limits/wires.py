"""One message to an app, by either wire, without a socket: what comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

PATIENCE = 60
"""Seconds after which a test fails instead of hanging."""
JSON = {"content-type": "application/json"}


def call(user_id: int, **members: Any) -> dict[str, Any]:
    """Return a call of `getUserById`."""
    method = "UserService.getUserById"
    request = {"jsonrpc": "2.0", "method": method, "params": [user_id], "id": user_id}
    return {**request, **members}


def code(answer: Any) -> Any:
    """Return the code of an answer's error, or of each answer; 0 is a result."""
    if isinstance(answer, list):
        return [code(each) for each in answer]
    return answer["error"]["code"] if "error" in answer else 0


class Http:
    """POST for each message, to `/rpc` where nothing else is said."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.headers: dict[str, str] = {}

    async def ask(self, *messages: Any) -> list[Any]:
        """Return the answers side by side, or the status where one is not 200."""
        return list(await asyncio.gather(*(self._ask(each) for each in messages)))

    async def _ask(self, message: Any) -> Any:
        status, body = await self.request(json.dumps(message).encode())
        return json.loads(body) if status == 200 else status

    async def request(
        self,
        *chunks: bytes,
        method: str = "POST",
        path: str = "/rpc",
        is_whole: bool = True,
        **scope: Any,
    ) -> tuple[int, str]:
        """Send a request; a body that is not whole never goes on. Keep the headers."""
        pending = list(chunks)
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not pending:
                await asyncio.Event().wait()
            more = len(pending) > 1 or not is_whole
            return {"type": "http.request", "body": pending.pop(0), "more_body": more}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        full = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": _raw(JSON.items()),
            **scope,
        }
        await self._app(full, receive, send)
        start, *rest = sent
        self.headers = {n.decode(): v.decode() for n, v in start["headers"]}
        return start["status"], b"".join(each["body"] for each in rest).decode()


class WebSocket:
    """One connection to `/rpc`."""

    def __init__(self, app: Any) -> None:
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._said.put_nowait({"type": "websocket.connect"})
        scope = {
            "type": "websocket",
            "path": "/rpc",
            "headers": _raw([("host", "h")]),
            "subprotocols": ["idlgen.1"],
            "extensions": {"websocket.http.response": {}},
        }
        self._serving = asyncio.ensure_future(
            app(scope, self._said.get, self._heard.put)
        )

    async def opened(self) -> int:
        """Return 101 once it is open, or the status of the refusal."""
        message = await self._heard.get()
        return 101 if message["type"] == "websocket.accept" else message["status"]

    def say(self, message: Any) -> None:
        """Send a message as JSON."""
        text = json.dumps(message)
        self._said.put_nowait({"type": "websocket.receive", "text": text})

    async def hear(self) -> Any:
        """Return the next message, or the code with which the connection closes."""
        message = await self._heard.get()
        if message["type"] == "websocket.close":
            return message["code"]
        return json.loads(message["text"])

    async def ask(self, *messages: Any) -> list[Any]:
        """Return what comes for the messages, in the order of their ids."""
        for message in messages:
            self.say(message)
        heard = [await self.hear() for _ in messages]
        return sorted(heard, key=lambda it: it["id"] if isinstance(it, dict) else 0)

    async def leave(self) -> None:
        """End the connection from this side."""
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1005})
        await self._serving


async def connected(app: Any, wire: str) -> Http | WebSocket:
    """Return an open connection by the wire of that name."""
    if wire == "http":
        return Http(app)
    socket = WebSocket(app)
    assert await socket.opened() == 101
    return socket


def _raw(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]
