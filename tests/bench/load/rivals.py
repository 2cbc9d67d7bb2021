"""One method on servers of other libraries, as their manuals show it, and a bare echo.

Those that leave HTTP to their user get the least there is around them.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from examples.user_service import HONG
from tests.bench.load.requests import METHOD, TOKEN

JSON = (b"content-type", b"application/json")
Message = MutableMapping[str, Any]


class User(BaseModel):
    """The user as pydantic has it."""

    id: int
    name: str
    email: str
    nickname: str | None = None
    roles: list[str]
    created_at: datetime


class Params(BaseModel):
    """The body of a request to FastAPI."""

    id: int


USER = User(
    id=HONG.id,
    name=HONG.name,
    email=HONG.email,
    roles=[role.value for role in HONG.roles],
    created_at=HONG.created_at,
)


def echo(answer: bytes) -> Any:
    """Return an app that reads all that comes, and always answers the same."""

    async def app(scope: Message, receive: Any, send: Any) -> None:
        await served(scope, receive, send, answered)

    async def answered(_: bytes) -> bytes:
        return answer

    return app


def fastapi() -> Any:
    from fastapi import FastAPI

    app = FastAPI()

    @app.post("/rpc")
    async def get_user_by_id(params: Params) -> User:
        return USER

    return app


def fastapi_asking() -> Any:
    """The same, of callers who show a bearer token, as those of idlgen must."""
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.security import HTTPBearer

    app = FastAPI()
    digest = sha256(TOKEN.encode()).digest()
    shown = Depends(HTTPBearer())

    async def caller(credentials: Any = shown) -> str:
        given = sha256(credentials.credentials.encode()).digest()
        if not hmac.compare_digest(given, digest):
            raise HTTPException(401)
        return "bench"

    @app.post("/rpc", dependencies=[Depends(caller)])
    async def get_user_by_id(params: Params) -> User:
        return USER

    return app


def fastapi_jsonrpc() -> Any:
    import fastapi_jsonrpc
    from fastapi import Body

    app: Any = fastapi_jsonrpc.API()
    entrypoint = fastapi_jsonrpc.Entrypoint("/rpc")

    @entrypoint.method(name=METHOD)
    async def get_user_by_id(id: int = Body(...)) -> User:
        return USER

    app.bind_entrypoint(entrypoint)
    return app


def pjrpc() -> Any:
    from pjrpc.server import AsyncDispatcher, MethodRegistry

    methods = MethodRegistry()

    @methods.add(METHOD)
    async def get_user_by_id(id: int) -> Any:
        return USER.model_dump(mode="json")

    dispatcher: Any = AsyncDispatcher()
    dispatcher.add_methods(methods)

    async def answered(body: bytes) -> bytes:
        text, _ = await dispatcher.dispatch(body.decode(), context=None)
        return str(text).encode()

    async def app(scope: Message, receive: Any, send: Any) -> None:
        await served(scope, receive, send, answered)

    return app


def jsonrpcserver() -> Any:
    from jsonrpcserver import Success, async_dispatch

    async def get_user_by_id(id: int) -> Any:
        return Success(USER.model_dump(mode="json"))

    methods = {METHOD: get_user_by_id}

    async def answered(body: bytes) -> bytes:
        text = await async_dispatch(body.decode(), methods, serializer=json.dumps)
        return str(text).encode()

    async def app(scope: Message, receive: Any, send: Any) -> None:
        await served(scope, receive, send, answered)

    return app


async def served(
    scope: Message, receive: Any, send: Any, answer: Callable[[bytes], Awaitable[bytes]]
) -> None:
    """Read the whole body and answer it; the least that an app can be."""
    if scope["type"] != "http":
        raise ValueError("only HTTP is served")
    body = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message["more_body"]:
            break
    content = await answer(body)
    length = (b"content-length", b"%d" % len(content))
    start = {"type": "http.response.start", "status": 200, "headers": [JSON, length]}
    await send(start)
    await send({"type": "http.response.body", "body": content})
