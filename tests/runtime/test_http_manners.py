"""What a server does for pages of other origins, and with packed bodies."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
import zlib
from http.client import HTTPConnection
from typing import Any

import pytest

from idlgen.runtime import asgi_app
from idlgen.runtime.server.compression import takes_gzip
from tests.runtime.contract.accounts import Accounts
from tests.runtime.contract.serving import serving
from tests.runtime.contract.specified import Specified
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)

PING = b'{"jsonrpc":"2.0","method":"UserService.ping","id":1}'
PONG = b'{"jsonrpc":"2.0","result":null,"id":1}'
JSON = {"content-type": "application/json"}
PACKED = {**JSON, "content-encoding": "gzip"}
APP = "https://app.example"
ASKING = {
    "origin": APP,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,x-tenant",
}


class Response:
    """What an app sent, put together."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        start, *rest = messages
        self.status: int = start["status"]
        self.headers = {
            name.decode(): value.decode() for name, value in start["headers"]
        }
        assert len(self.headers) == len(start["headers"])
        self.body = b"".join(message["body"] for message in rest)


def post(
    app: Any, body: bytes, headers: dict[str, str], method: str = "POST"
) -> Response:
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        pending = [{"type": "http.request", "body": body}]

        async def receive() -> dict[str, Any]:
            if not pending:
                await asyncio.Event().wait()
            return pending.pop()

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": "/rpc",
            "headers": [(n.encode(), v.encode()) for n, v in headers.items()],
        }
        await app(scope, receive, send)

    asyncio.run(run())
    return Response(sent)


def test_pages_of_other_origins_may_not_call_unless_that_is_said() -> None:
    app = asgi_app(Accounts())
    asked = post(app, b"", ASKING, "OPTIONS")
    assert (asked.status, asked.headers["allow"]) == (405, "POST")
    answered = post(app, PING, {**JSON, "origin": APP})
    for response in (asked, answered):
        assert not [name for name in response.headers if "access-control" in name]
        assert "vary" not in response.headers


def test_a_browser_is_told_what_a_page_of_a_known_origin_may_send() -> None:
    app = asgi_app(Accounts(), origins=["https://other.example", APP])
    response = post(app, b"", ASKING, "OPTIONS")
    assert (response.status, response.body) == (204, b"")
    assert response.headers == {
        "access-control-allow-origin": APP,
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "authorization,content-type,x-tenant",
        "access-control-max-age": "600",
        "vary": "origin",
    }


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (PING, JSON, 200),
        (PING.replace(b',"id":1', b""), JSON, 204),
        (b"nope", JSON, 200),
        (PING, {"content-type": "text/plain"}, 415),
    ],
)
def test_every_response_says_that_a_page_of_a_known_origin_may_read_it(
    body: bytes, headers: dict[str, str], status: int
) -> None:
    app = asgi_app(Accounts(), origins=[APP])
    response = post(app, body, {**headers, "origin": APP})
    assert response.status == status
    assert response.headers["access-control-allow-origin"] == APP
    assert response.headers["vary"] == "origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example.evil.example",
        "https://sub.app.example",
        "HTTPS://APP.EXAMPLE",
        "null",
        "*",
        "",
    ],
)
def test_pages_of_all_others_are_told_nothing(origin: str) -> None:
    app = asgi_app(Accounts(), origins=[APP])
    asked = post(app, b"", {**ASKING, "origin": origin}, "OPTIONS")
    assert asked.status == 405
    answered = post(app, PING, {**JSON, "origin": origin})
    for response in (asked, answered):
        assert "access-control-allow-origin" not in response.headers
        assert response.headers["vary"] == "origin"


def test_any_page_may_call_where_that_is_said() -> None:
    app = asgi_app(Accounts(), origins=["*"])
    asked = post(app, b"", {**ASKING, "origin": "https://any.example"}, "OPTIONS")
    answered = post(app, PING, {**JSON, "origin": "https://any.example"})
    assert (asked.status, answered.body) == (204, PONG)
    for response in (asked, answered):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "vary" not in response.headers


def test_what_is_no_question_of_a_browser_is_a_method_that_is_not_served() -> None:
    app = asgi_app(Accounts(), origins=[APP])
    plain = post(app, b"", {"origin": APP}, "OPTIONS")
    assert (plain.status, plain.headers["allow"]) == (405, "POST")
    assert post(app, b"", ASKING, "GET").status == 405


def test_headers_that_are_no_text_are_not_said_back() -> None:
    app = asgi_app(Accounts(), origins=[APP])
    asking = {**ASKING, "access-control-request-headers": "x-é"}
    response = post(app, b"", asking, "OPTIONS")
    assert "access-control-allow-headers" not in response.headers


@pytest.mark.parametrize(
    "origin",
    [
        "app.example",
        "https://app.example/",
        "https://App.example",
        "null",
        "",
        "ws://a",
    ],
)
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        asgi_app(Accounts(), origins=[APP, origin])


def echo(text: str) -> bytes:
    request = {"jsonrpc": "2.0", "method": "Examples.echo", "params": [text], "id": 1}
    return json.dumps(request).encode()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip"])
def test_packed_requests_are_not_taken_unless_that_is_said(encoding: str) -> None:
    headers = {**JSON, "content-encoding": encoding}
    response = post(asgi_app(Accounts()), gzip.compress(PING), headers)
    assert (response.status, response.headers["accept-encoding"]) == (415, "identity")
    taking = {**headers, "content-encoding": f"x{encoding}"}
    response = post(asgi_app(Accounts(), gzip=True), gzip.compress(PING), taking)
    assert response.status == 415
    assert response.headers["accept-encoding"] == "identity, gzip"


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", " gzip "])
def test_packed_requests_are_taken_where_that_is_said(encoding: str) -> None:
    app = asgi_app(Accounts(), gzip=True)
    headers = {**JSON, "content-encoding": encoding}
    assert post(app, gzip.compress(PING), headers).body == PONG
    assert post(app, PING, JSON).body == PONG


@pytest.mark.parametrize(
    "body",
    [
        PING,
        b"",
        gzip.compress(PING)[:-1],
        gzip.compress(PING) + b"x",
        gzip.compress(PING) * 2,
        zlib.compress(PING),
    ],
    ids=["plain", "empty", "cut off", "with more behind", "twice", "zlib"],
)
def test_what_is_not_packed_as_it_says_is_400(body: bytes) -> None:
    accounts = Accounts()
    assert post(asgi_app(accounts, gzip=True), body, PACKED).status == 400
    assert accounts.pings == 0


def test_a_request_may_unpack_to_the_limit_and_no_further() -> None:
    app = asgi_app(Accounts(), gzip=True, max_body=1000)
    assert post(app, gzip.compress(PING.ljust(1000)), PACKED).body == PONG
    response = post(app, gzip.compress(PING.ljust(1001)), PACKED)
    assert (response.status, "connection" in response.headers) == (413, False)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(200_000_000))
    app = asgi_app(Accounts(), gzip=True)
    tracemalloc.start()
    assert post(app, bomb, PACKED).status == 413
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("accept", "text", "is_packed"),
    [
        ("gzip", "x" * 1024, True),
        ("gzip", "x" * 900, False),
        ("", "x" * 1024, False),
        ("br, deflate", "x" * 1024, False),
    ],
)
def test_answers_are_packed_for_those_who_take_that(
    accept: str, text: str, is_packed: bool
) -> None:
    headers = {**JSON, "accept-encoding": accept}
    app = asgi_app(Specified(), gzip=True)
    response = post(app, echo(text), headers)
    assert response.headers["vary"] == "accept-encoding"
    assert response.headers["content-length"] == str(len(response.body))
    assert response.headers.get("content-encoding") == ("gzip" if is_packed else None)
    body = gzip.decompress(response.body) if is_packed else response.body
    assert json.loads(body)["result"] == text
    plain = post(asgi_app(Specified()), echo(text), headers)
    assert json.loads(plain.body)["result"] == text
    assert "vary" not in plain.headers


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("deflate, gzip;q=1.0, br", True),
        ("*", True),
        ("", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*, gzip;q=0", False),
        ("*;q=0", False),
        ("identity", False),
        ("xgzip", False),
    ],
)
def test_clients_say_whether_they_take_gzip(header: str, taken: bool) -> None:
    assert takes_gzip(header) is taken


def test_both_bargains_hold_under_uvicorn() -> None:
    with serving(asgi_app(Accounts(), gzip=True, origins=[APP])) as port:
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("OPTIONS", "/rpc", headers=ASKING)
        response = connection.getresponse()
        assert (response.status, response.read()) == (204, b"")
        assert response.headers["access-control-allow-origin"] == APP
        connection.request("POST", "/rpc", gzip.compress(PING), PACKED)
        assert connection.getresponse().read() == PONG
        connection.close()
        url = f"http://127.0.0.1:{port}/rpc"

        async def call() -> str | None:
            async with AsyncUserServiceClient(url) as users:
                answer = await users.raw(users.list_users, cursor="c" * 2000)
                assert answer.headers["content-encoding"] == "gzip"
                return answer.result().next

        with UserServiceClient(url) as users:
            assert users.list_users(cursor="c" * 2000).next == "c" * 2000
        assert asyncio.run(call()) == "c" * 2000
