"""Which WebSockets an app accepts, and what it says to others."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from idlgen.runtime import asgi_app
from tests.runtime.contract.accounts import Accounts
from tests.runtime.websocket_clients import Client


def opened(app: Any, **how: Any) -> list[dict[str, Any]]:
    """Return what an app sends to a client that connects, and then leaves."""

    async def opening() -> list[dict[str, Any]]:
        client = Client(app, **how)
        await client.leave()
        return [client.sent.get_nowait() for _ in range(client.sent.qsize())]

    return asyncio.run(opening())


ACCEPTED = [{"type": "websocket.accept", "subprotocol": None}]
CLOSED = [{"type": "websocket.close", "code": 1000}]


@pytest.mark.parametrize(
    ("host", "origin", "accepted"),
    [
        ("h", None, True),
        ("h", "http://h", True),
        ("h", "https://h", True),
        ("H:80", "http://h", True),
        ("h:443", "https://h", True),
        ("h:8000", "http://h:8000", True),
        ("[::1]:8000", "http://[::1]:8000", True),
        ("h", "https://ours.example", True),
        ("h", "https://ours.example.evil", False),
        ("h", "http://ours.example", False),
        ("h", "http://h.evil", False),
        ("h", "http://evil", False),
        ("h:8000", "http://h:8001", False),
        ("h", "https://h:80", False),
        ("h", "http://h@evil", False),
        ("h", "null", False),
        ("", "", False),
        ("h", "file://h", False),
        ("h", "http://[", False),
    ],
)
def test_pages_of_other_sites_may_not_connect(
    host: str, origin: str | None, accepted: bool
) -> None:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    app = asgi_app(Accounts(), origins=["https://ours.example"])
    assert opened(app, headers=headers) == (ACCEPTED if accepted else CLOSED)


def test_all_pages_may_connect_where_that_is_said() -> None:
    app = asgi_app(Accounts(), origins=["*"])
    assert opened(app, headers={"origin": "http://evil"}) == ACCEPTED


@pytest.mark.parametrize(
    ("headers", "path", "status", "body"),
    [
        ({}, "/other", 404, b"calls are served at /rpc\n"),
        (
            {"origin": "http://evil"},
            "/rpc",
            403,
            b"pages of this origin may not connect\n",
        ),
    ],
)
def test_a_refusal_says_why_where_the_server_can_send_it(
    headers: dict[str, str], path: str, status: int, body: bytes
) -> None:
    app = asgi_app(Accounts())
    extensions: dict[str, Any] = {"websocket.http.response": {}}
    start, end = opened(app, headers=headers, path=path, extensions=extensions)
    assert start["type"] == "websocket.http.response.start"
    assert start["status"] == status
    assert end == {"type": "websocket.http.response.body", "body": body}
    assert opened(app, headers=headers, path=path) == CLOSED


def test_a_refusal_that_cannot_be_sent_any_more_troubles_nobody() -> None:
    async def refused() -> None:
        scope = {"type": "websocket", "path": "/other", "headers": []}
        await asgi_app(Accounts())(scope, receive, send)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)
        raise RuntimeError("the server ends, and has answered the handshake itself")

    sent: list[Any] = []
    asyncio.run(refused())
    assert sent == CLOSED


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        ((), None),
        (("idlgen.1",), "idlgen.1"),
        (("graphql-ws", "idlgen.1"), "idlgen.1"),
        (("idlgen.2",), None),
    ],
)
def test_the_subprotocol_is_agreed_where_it_is_offered(
    offered: tuple[str, ...], agreed: str | None
) -> None:
    (accepted,) = opened(asgi_app(Accounts()), subprotocols=offered)
    assert accepted == {"type": "websocket.accept", "subprotocol": agreed}
