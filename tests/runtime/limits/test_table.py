"""Each limit of a server: what its callers see, over HTTP and over WebSocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import pytest

from idlgen.runtime import asgi_app
from idlgen.runtime.server import refused_body
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.refused_body import drop_rest
from idlgen.runtime.validation import problems
from idlgen.runtime.validation.members import TOO_LARGE, scan
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.user import types
from tests.runtime.limits.wires import PATIENCE, Http, WebSocket, call, code, connected

RESOURCE_EXHAUSTED = -32008
INVALID_REQUEST = -32600
PARSE_ERROR = -32700
LARGE = call(1, method="A" * 1000)
BATCH = [call(n) for n in range(3)]


class Waiting(Accounts):
    """Accounts that count who asks for users, and answer when all are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Semaphore(0)
        self.at_work = 0
        self.most = 0
        self.go = asyncio.Event()

    async def get_user_by_id(self, id: int) -> types.User:
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        self.asked.release()
        try:
            await self.go.wait()
        finally:
            self.at_work -= 1
        return user(id)


def run(talk: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(talk, PATIENCE))


@pytest.mark.parametrize(
    ("limit", "message", "over_http", "over_websocket"),
    [
        ({"max_body": 1000}, LARGE, 413, 1009),
        ({"max_body": 2000}, LARGE, -32601, -32601),
        ({"max_batch": 2}, BATCH, INVALID_REQUEST, INVALID_REQUEST),
        ({"max_batch": 3}, BATCH, [0, 0, 0], [0, 0, 0]),
        # What counts over HTTP is only how many there are in all.
        ({"max_calls": 2}, BATCH, [0, 0, 0], [RESOURCE_EXHAUSTED] * 3),
        ({"max_calls": 3}, BATCH, [0, 0, 0], [0, 0, 0]),
        (
            {"max_concurrent": 2},
            BATCH,
            [0, 0, RESOURCE_EXHAUSTED],
            [0, 0, RESOURCE_EXHAUSTED],
        ),
        # One after the other, no more than one is at work.
        ({"max_concurrent": 1, "batch_concurrency": 1}, BATCH, [0] * 3, [0] * 3),
    ],
)
def test_a_message_beyond_a_limit(
    limit: dict[str, Any],
    message: Any,
    over_http: Any,
    over_websocket: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refused_body, "SILENCE", 0.01)

    async def talk() -> None:
        for wire, expected in (("http", over_http), ("websocket", over_websocket)):
            accounts = Waiting()
            peer = await connected(asgi_app(accounts, **limit), wire)
            asking = asyncio.ensure_future(peer.ask(message))
            if isinstance(expected, list):
                side_by_side = limit.get("batch_concurrency", 16)
                for _ in range(min(expected.count(0), side_by_side)):
                    await accounts.asked.acquire()
            accounts.go.set()
            (answer,) = await asking
            seen = answer if isinstance(answer, int) else code(answer)
            assert seen == expected, wire

    run(talk())


@pytest.mark.parametrize("wire", ["http", "websocket"])
def test_calls_beyond_max_concurrent_are_told_to_come_again(wire: str) -> None:
    async def talk() -> None:
        accounts = Waiting()
        app = asgi_app(accounts, max_concurrent=2)
        first, second = await connected(app, wire), await connected(app, "http")
        asking = asyncio.ensure_future(first.ask(call(1), call(2)))
        for _ in range(2):
            await accounts.asked.acquire()
        assert await second.ask(call(3)) == [
            {
                "jsonrpc": "2.0",
                "error": {
                    "code": RESOURCE_EXHAUSTED,
                    "message": "the server has 2 calls at work, as many as it takes",
                    "data": {
                        "status": "resource_exhausted",
                        "fields": {"retry_after": "PT1S"},
                    },
                },
                "id": 3,
            }
        ]
        assert await second.ask(call(3, id=None)) != [204]
        notification = {k: v for k, v in call(3).items() if k != "id"}
        assert await second.ask(notification) == [204]
        accounts.go.set()
        assert [code(answer) for answer in await asking] == [0, 0]
        # Their places are free again.
        assert [code(it) for it in await first.ask(call(4), call(5))] == [0, 0]
        assert accounts.most == 2

    run(talk())


def test_a_call_that_fails_or_is_given_up_frees_its_place() -> None:
    async def talk() -> None:
        accounts = Waiting()
        app = asgi_app(accounts, max_concurrent=1)
        http = Http(app)
        for number in (404, 500):
            assert code((await http.ask(call(number, method="nope")))[0]) == -32601
        socket = WebSocket(app)
        assert await socket.opened() == 101
        socket.say(call(1))
        await accounts.asked.acquire()
        await socket.leave()
        accounts.go.set()
        assert code((await http.ask(call(2)))[0]) == 0

    run(talk())


def test_a_body_that_does_not_come_is_408() -> None:
    async def talk() -> None:
        app = asgi_app(Accounts(), read_timeout=0.01)
        for chunks in ((), (b"{",)):
            http = Http(app)
            refused = await http.request(*chunks, is_whole=False)
            assert refused == (408, "a request has 0.01 seconds to come\n")
            assert http.headers["connection"] == "close"

    run(talk())


def test_the_rest_of_a_refused_body_is_not_dropped_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refused_body, "PATIENCE", 0.01)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": True}

    run(drop_rest(receive, 100))


def test_websockets_beyond_max_connections_are_503() -> None:
    async def talk() -> None:
        app = asgi_app(Accounts(), max_connections=2)
        first, second, third = (WebSocket(app) for _ in range(3))
        assert await first.opened() == 101
        assert await second.opened() == 101
        assert await third.opened() == 503
        await first.leave()
        assert await WebSocket(app).opened() == 101
        assert await WebSocket(app).opened() == 503

    run(talk())


@pytest.mark.parametrize(
    "limit",
    [
        "max_body",
        "max_batch",
        "batch_concurrency",
        "max_calls",
        "max_connections",
        "max_concurrent",
        "threads",
    ],
)
def test_no_limit_is_below_one(limit: str) -> None:
    none: dict[str, Any] = {limit: 0}
    with pytest.raises(ValueError, match=f"`{limit}` is at least 1, not 0"):
        asgi_app(Accounts(), **none)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_nobody_reads_in_no_time(seconds: float) -> None:
    with pytest.raises(ValueError, match="`read_timeout` is above 0"):
        asgi_app(Accounts(), read_timeout=seconds)


MIB4 = 4 * 1024 * 1024


def filled(start: str, unit: str, end: str) -> bytes:
    """Return a request of almost 4 MiB."""
    head = '{"jsonrpc":"2.0","id":1,"method":"UserService.createUser","params":'
    number = (MIB4 - len(head) - len(start) - len(end) - 1) // len(unit)
    return f"{head}{start}{unit * number}{end}}}".encode()


@pytest.mark.parametrize(
    ("start", "unit", "end"),
    [
        ('{"userData":[', "1,", "1]}"),
        ('{"userData":[', "1.5,", "1]}"),
        (r'{"user\u003aData":[', "1,", "1]}"),
        ('{"userData":[', "{},", "1]}"),
        ('{"userData":[', '{"a":1},', "1]}"),
        ('{"userData":', '{"a":', "1}"),
    ],
)
def test_what_is_refused_is_not_read_again_to_explain_it(
    start: str, unit: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_tree(text: str) -> object:
        raise AssertionError(f"{len(text)} characters are read again")

    monkeypatch.setattr(problems, "read_tree", read_tree)
    body = filled(start, unit, end)
    assert MIB4 - 100 < len(body) <= MIB4
    answer = asyncio.run(Dispatcher(Accounts()).dispatch(body))
    assert answer is not None
    assert json.loads(answer)["error"]["code"] in (-32602, PARSE_ERROR)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("1e308", None),
        ("1e-309", None),
        ("9" * 308, None),
        ("9" * 208 + "e99", None),
        ("0." + "9" * 400, None),
        ("1e309", TOO_LARGE),
        ("1E+309", TOO_LARGE),
        ("-1.5e00309", TOO_LARGE),
        ("9" * 309, TOO_LARGE),
        ("9" * 210 + "e99", TOO_LARGE),
        ("9" * 209 + ".5e+0100", TOO_LARGE),
    ],
)
def test_numbers_that_no_double_holds_are_found(number: str, fault: str | None) -> None:
    assert scan(f'{{"a":[1,2.5,{number}]}}').fault == fault
