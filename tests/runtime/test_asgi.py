"""The ASGI app: HTTP's manners, mounting, disconnects, and a real server."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Mount, Route, Router

from idlgen.runtime import asgi_app, current_call
from idlgen.runtime.server import refused_body
from idlgen.runtime.server.refused_body import drop_rest
from tests.runtime.contract.accounts import Accounts
from tests.runtime.contract.serving import PATIENCE, serving
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)
from tests.runtime.contract.user.errors import UserNotFound
from tests.runtime.contract.user.server import UserServiceUnimplemented

PING = b'{"jsonrpc":"2.0","method":"UserService.ping","id":1}'
PONG = b'{"jsonrpc":"2.0","result":null,"id":1}'
JSON = {"content-type": "application/json"}


class Response:
    """What an app sent, put together."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        start, *rest = messages
        assert start["type"] == "http.response.start"
        self.status: int = start["status"]
        self.headers = {
            name.decode(): value.decode() for name, value in start["headers"]
        }
        self.body = b"".join(message["body"] for message in rest)


def post(
    app: Any,
    *chunks: bytes,
    method: str = "POST",
    path: str = "/rpc",
    headers: dict[str, str] | None = None,
    **scope: Any,
) -> Response:
    """Send one request and return its response; more chunks than needed stay unread.

    A header that holds a line feed is sent as two.
    """
    pending = [
        {"type": "http.request", "body": chunk, "more_body": place < len(chunks)}
        for place, chunk in enumerate(chunks, start=1)
    ]
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        never = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if not pending:
                await never.wait()
            return pending.pop(0)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        given = JSON if headers is None else headers
        full = {
            "type": "http",
            "method": method,
            "path": path,
            "root_path": "",
            "query_string": b"",
            "headers": [
                (name.encode(), line.encode())
                for name, text in given.items()
                for line in text.splitlines()
            ],
            **scope,
        }
        await app(full, receive, send)

    asyncio.run(run())
    return Response(sent)


@pytest.mark.parametrize("path", ["/rpc", "/"])
def test_a_call_is_answered(path: str) -> None:
    response = post(asgi_app(Accounts()), PING, path=path)
    assert response.status == 200
    assert response.body == PONG
    assert response.headers == {
        "content-type": "application/json",
        "content-length": "38",
    }


def test_a_body_may_come_in_pieces() -> None:
    assert post(asgi_app(Accounts()), PING[:9], b"", PING[9:]).body == PONG


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; charset=UTF-8",
        'application/json; charset="utf-8"; x=y',
        "application/json-rpc+json",
        "application/vnd.acme+json",
    ],
)
def test_json_is_taken_under_its_names(content_type: str) -> None:
    response = post(asgi_app(Accounts()), PING, headers={"content-type": content_type})
    assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/jsonp"},
        {"content-type": "text/x+json"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_other_content_is_415(headers: dict[str, str]) -> None:
    accounts = Accounts()
    assert post(asgi_app(accounts), PING, headers=headers).status == 415
    assert accounts.pings == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_405_and_told_what_is_allowed(method: str) -> None:
    response = post(asgi_app(Accounts()), b"", method=method, headers={})
    assert response.status == 405
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/rpc/", "/rp", "/rpc/x", "//", "/api/rpc"])
def test_other_paths_are_404(path: str) -> None:
    assert post(asgi_app(Accounts()), PING, path=path).status == 404


def test_the_path_can_be_chosen() -> None:
    app = asgi_app(Accounts(), path="/v1/calls")
    assert post(app, PING, path="/v1/calls").status == 200
    assert post(app, PING, path="/rpc").status == 404


def test_a_notification_is_204_without_a_body() -> None:
    accounts = Accounts()
    notification = b'{"jsonrpc":"2.0","method":"UserService.ping"}'
    response = post(asgi_app(accounts), notification)
    assert (response.status, response.body, response.headers) == (204, b"", {})
    assert accounts.pings == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"nope", -32700),
        (b"[]", -32600),
        (b'{"jsonrpc":"2.0","method":"nope","id":1}', -32601),
        (
            b'{"jsonrpc":"2.0","method":"UserService.getUserById","id":1}',
            -32602,
        ),
        (
            b'{"jsonrpc":"2.0","method":"UserService.getUserById","params":[500],"id":1}',
            -32603,
        ),
        (
            b'{"jsonrpc":"2.0","method":"UserService.getUserById","params":[404],"id":1}',
            -32005,
        ),
    ],
)
def test_every_answer_of_json_rpc_is_200(body: bytes, code: int) -> None:
    response = post(asgi_app(Accounts()), body)
    assert response.status == 200
    assert json.loads(response.body)["error"]["code"] == code


def test_a_body_that_says_it_is_too_large_is_not_taken() -> None:
    app = asgi_app(Accounts(), max_body=100)
    length = {**JSON, "content-length": "101"}
    response = post(app, b" " * 101, headers=length)
    assert response.status == 413
    assert response.headers["connection"] == "close"
    assert response.body == b"a request has at most 100 bytes\n"
    assert post(app, PING, headers={**JSON, "content-length": "100"}).status == 200
    huge = {**JSON, "content-length": "9" * 5_000}
    assert post(app, b" " * 1601, b"unread", headers=huge).status == 413


def test_a_body_that_turns_out_too_large_is_dropped_but_not_without_end() -> None:
    app = asgi_app(Accounts(), max_body=100)
    assert post(app, PING.ljust(100)).status == 200
    assert post(app, PING.ljust(60), b" " * 41, b"dropped").status == 413
    endless = [b" " * 100] * 40
    received = 0

    async def receive() -> Any:
        nonlocal received
        received += 1
        return {"type": "http.request", "body": endless.pop(), "more_body": True}

    asyncio.run(drop_rest(receive, 100))
    assert received == 16


def test_a_body_that_falls_silent_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refused_body, "SILENCE", 0.01)
    length = {**JSON, "content-length": "101"}
    app = asgi_app(Accounts(), max_body=100)
    assert post(app, headers=length).status == 413


def test_repeated_headers_are_joined() -> None:
    seen: list[str] = []

    class Looking(UserServiceUnimplemented):
        async def ping(self) -> None:
            seen.append(current_call().headers["x-tag"])

    headers = {**JSON, "x-tag": "a\nb"}
    assert post(asgi_app(Looking()), PING, headers=headers).status == 200
    assert seen == ["a, b"]


@pytest.mark.parametrize("when", ["during the body", "during the handler"])
def test_a_client_that_goes_cancels_the_handler(when: str) -> None:
    ended: list[str] = []

    class Waiting(UserServiceUnimplemented):
        async def ping(self) -> None:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("cancelled")

    async def receive() -> dict[str, Any]:
        if when == "during the body":
            return {"type": "http.disconnect"}
        if not started.is_set() and not asked:
            asked.append(True)
            return {"type": "http.request", "body": PING}
        await started.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError(message)

    async def run() -> None:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/rpc",
            "headers": [(b"content-type", b"application/json")],
        }
        await asgi_app(Waiting())(scope, receive, send)

    started = asyncio.Event()
    asked: list[bool] = []
    asyncio.run(run())
    assert ended == ([] if when == "during the body" else ["cancelled"])


def test_a_lifespan_is_served_twice() -> None:
    app = asgi_app(Accounts())
    for _ in range(2):
        sent: list[str] = []
        pending = ["lifespan.startup", "lifespan.shutdown"]

        async def receive(pending: list[str] = pending) -> dict[str, Any]:
            return {"type": pending.pop(0)}

        async def send(message: Any, sent: list[str] = sent) -> None:
            sent.append(message["type"])

        asyncio.run(app({"type": "lifespan"}, receive, send))
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        delete = (
            b'{"jsonrpc":"2.0","method":"UserService.deleteUser","params":[1],"id":1}'
        )
        assert post(app, delete).status == 200


def test_it_answers_wherever_starlette_routes_to_it() -> None:
    app = asgi_app(Accounts())
    router = Router(
        [
            Route("/exact/calls", app),
            Mount("/mounted", app),
            Mount("/outer", routes=[Mount("/inner", app)]),
        ]
    )
    for path in ("/exact/calls", "/mounted/rpc", "/mounted/", "/outer/inner/rpc"):
        assert post(router, PING, path=path).body == PONG, path


def test_fastapi_serves_it_beside_its_own_routes() -> None:
    app = FastAPI()
    app.mount("/api", asgi_app(Accounts()))
    app.router.routes.append(Route("/rpc", asgi_app(Accounts())))
    assert post(app, PING, path="/api/rpc").body == PONG
    assert post(app, PING, path="/rpc").body == PONG
    assert post(app, b"", method="GET", path="/openapi.json").status == 200


def test_another_frameworks_mount_says_so_by_root_path() -> None:
    app = asgi_app(Accounts())
    for path in ("/sub", "/sub/", "/sub/rpc"):
        assert post(app, PING, path=path, root_path="/sub").body == PONG


def test_generated_clients_call_it_under_uvicorn() -> None:
    async def calls(url: str) -> None:
        async with AsyncUserServiceClient(url) as users:
            assert (await users.get_user_by_id(1)).name == "Ada"
            with pytest.raises(UserNotFound) as caught:
                await users.get_user_by_id(404)
            assert caught.value.id == 404

    with serving(asgi_app(Accounts())) as port:
        url = f"http://127.0.0.1:{port}/rpc"
        with UserServiceClient(url) as users:
            assert users.get_user_by_id(1).name == "Ada"
            assert users.delete_user(1) is True
            with pytest.raises(UserNotFound) as caught:
                users.get_user_by_id(404)
            assert caught.value.id == 404
        asyncio.run(calls(url))


def test_manners_hold_under_uvicorn() -> None:
    accounts = Accounts()
    with serving(asgi_app(accounts, max_body=1000)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", "/rpc", PING, JSON)
        assert connection.getresponse().read() == PONG
        notification = PING.replace(b',"id":1', b"")
        connection.request("POST", "/rpc", notification, JSON)
        response = connection.getresponse()
        assert (response.status, response.read()) == (204, b"")
        connection.request("GET", "/rpc")
        response = connection.getresponse()
        assert (response.status, response.headers["allow"]) == (405, "POST")
        response.read()
        connection.request("POST", "/rpc", b" " * 1001, JSON)
        response = connection.getresponse()
        assert (response.status, response.headers["connection"]) == (413, "close")
        connection.close()
    assert accounts.pings == 2


def test_a_closed_connection_cancels_the_handler_under_uvicorn() -> None:
    started = threading.Event()
    ended = threading.Event()

    class Waiting(UserServiceUnimplemented):
        async def ping(self) -> None:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

    with serving(asgi_app(Waiting())) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", "/rpc", PING, JSON)
        assert started.wait(PATIENCE)
        connection.close()
        assert ended.wait(PATIENCE)
