"""The WebSocket face of the ASGI app, message by message, without a socket."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from idlgen.runtime import asgi_app, current_call
from idlgen.runtime.server.answers import MAX_UNSENT
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


def test_answers_come_as_they_are_ready() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.call(2, 1)
        client.say(PING % '"p"')
        client.call(404, 3)
        assert [(await client.hear())["id"] for _ in range(2)] == ["p", 3]
        slow.go.set()
        answer = await client.hear()
        assert (answer["id"], answer["result"]["id"]) == (1, 2)

    run(talk)


def test_text_and_binary_are_read_and_text_is_written() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        for id in ("0", "null", '""', "9007199254740993"):
            for text in (PING % id, (PING % id).encode()):
                client.say(text)
                message = await client.sent.get()
                assert message["text"] == PONG % id

    assert run(talk).pings == 8


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", -32700),
        ("nope", -32700),
        (b"\xff\xfe", -32700),
        (
            '{"jsonrpc":"2.0","method":"UserService.ping","id":1}'.encode("utf-16"),
            -32700,
        ),
        ("[" * 100_000, -32700),
        ("1", -32600),
        ("[]", -32600),
        ('{"jsonrpc":"2.0","method":1,"id":1}', -32600),
        ('{"jsonrpc":"2.0","method":"$/unheard","id":1}', -32601),
        ('{"jsonrpc":"2.0","method":"nope","id":1}', -32601),
    ],
)
def test_what_is_no_request_is_answered_and_the_connection_lives(
    message: str | bytes, code: int
) -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.say(message)
        assert (await client.hear())["error"]["code"] == code
        client.say(PING % 2)
        assert (await client.hear())["id"] == 2

    run(talk)


def test_a_batch_is_answered_by_one_message_beside_others() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.say(f"[{call(2, 1)},{PING % 2}]")
        client.say(PING % 3)
        assert (await client.hear())["id"] == 3
        slow.go.set()
        assert [answer["id"] for answer in await client.hear()] == [1, 2]

    run(talk)


def test_notifications_are_silent_even_where_they_are_wrong() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.say('{"jsonrpc":"2.0","method":"UserService.ping"}')
        client.say('{"jsonrpc":"2.0","method":"nope"}')
        client.say('[{"jsonrpc":"2.0","method":"nope"}]')
        client.say(PING % 1)
        assert (await client.hear())["id"] == 1

    assert run(talk).pings == 2


def test_a_cancelled_call_ends_and_is_answered_so() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.call(1, 7)
        client.call(3, "7")
        await until(lambda: slow.running == {1, 3})
        client.say(cancel(7))
        answer = await client.hear()
        assert (answer["id"], answer["error"]["code"]) == (7, -32001)
        assert slow.cancelled == [1]
        assert slow.running == {3}

    assert run(talk).cancelled == [1, 3]


def test_a_call_that_is_cancelled_before_it_begins_is_answered_too() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.call(1, 7)
        client.say(cancel(7))
        client.say(f"[{call(1, 8)},{call(1, 9)}]")
        client.say(cancel(8))
        client.say(cancel(9))
        first, batch = await client.hear(), await client.hear()
        assert (first["id"], first["error"]["code"]) == (7, -32001)
        assert [entry["error"]["code"] for entry in batch] == [-32001, -32001]
        client.say(PING % 7)
        assert "result" in await client.hear()

    assert run(talk).seen == []


def test_a_handler_that_ends_well_though_cancelled_has_its_result_sent() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        slow.stubborn = True
        client.call(1, 7)
        await until(lambda: slow.running == {1})
        client.say(cancel(7))
        assert (await client.hear())["result"]["id"] == 1

    run(talk)


def test_an_id_in_flight_is_refused_and_free_again_later() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.call(2, 1)
        client.say(PING % 1)
        answer = await client.hear()
        assert (answer["id"], answer["error"]["code"]) == (1, -32600)
        slow.go.set()
        assert "result" in await client.hear()
        client.say(PING % 1)
        assert "result" in await client.hear()

    run(talk)


def test_a_client_that_leaves_cancels_its_handlers() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        for id in (1, 3, 5):
            client.call(id, id)
        await until(lambda: len(slow.running) == 3)

    assert sorted(run(talk).cancelled) == [1, 3, 5]


def test_calls_in_flight_are_limited() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        for id in range(3):
            client.call(2, id)
        answer = await client.hear()
        assert (answer["id"], answer["error"]["code"]) == (2, -32008)
        slow.go.set()
        assert [(await client.hear())["id"] for _ in range(2)] == [0, 1]
        client.call(2, 3)
        assert (await client.hear())["id"] == 3

    run(talk, max_calls=2)


def test_calls_that_end_at_once_are_in_nobodys_way() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        for id in range(300):
            client.say(PING % id)
        assert [(await client.hear()).get("result", "-") for _ in range(300)] == (
            [None] * 300
        )

    assert run(talk, max_calls=2).pings == 300


def test_too_large_a_message_ends_the_connection_when_all_is_answered() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.call(1, 1)
        client.say(PING % 2)
        client.say((PING % 3) + " " * 1000)
        assert (await client.hear())["id"] == 2
        assert await client.sent.get() == {"type": "websocket.close", "code": 1009}
        await client.serving

    slow = run(talk, max_body=1000)
    assert (slow.cancelled, slow.pings) == ([1], 1)


def test_a_client_that_does_not_read_is_not_read_either() -> None:
    sent = 30_000
    answer = (
        '{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}'
    )

    async def talk(client: Client, slow: Slow) -> None:
        client.reads.clear()
        for _ in range(sent):
            client.say("nope")
        tasks = len(asyncio.all_tasks())
        before = -1
        while before != client.unread:
            before = client.unread
            for _ in range(10):
                await asyncio.sleep(0)
        # As many as have answers of 1 MiB together, and the one that was too much.
        assert sent - client.unread == MAX_UNSENT // len(answer) + 1
        assert len(asyncio.all_tasks()) == tasks
        client.reads.set()
        for _ in range(sent):
            assert (await client.sent.get())["text"] == answer

    run(talk)


def test_a_client_that_leaves_without_having_read_is_let_go() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.call(1, 1)
        client.reads.clear()
        for _ in range(30_000):
            client.say("nope")
        await until(lambda: slow.running == {1} and client.unread < 20_000)
        client.is_gone = True
        client.reads.set()

    assert run(talk).cancelled == [1]


def test_headers_of_the_handshake_hold_for_all_calls_and_meta_wins() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        slow.go.set()
        client.call(2, 1)
        await client.hear()
        meta = {"authorization": "b", "timeout_ms": 9000, "headers": {"X-A": "2"}}
        client.call(2, 2, meta=meta)
        await client.hear()

    handshake = {
        "authorization": "a",
        "x-a": "1",
        "idempotency-key": "k",
        "idlgen-timeout-ms": "1",
    }
    slow = run(talk, headers=handshake)
    names = ("authorization", "x-a", "idempotency-key")
    seen = [[headers.get(name) for name in names] for headers, _ in slow.seen]
    assert seen == [["a", "1", None], ["b", "2", None]]


def test_a_call_beyond_its_deadline_is_answered_so() -> None:
    async def talk(client: Client, slow: Slow) -> None:
        client.call(1, 1, meta={"timeout_ms": 1})
        assert (await client.hear())["error"]["code"] == -32004

    assert run(talk).cancelled == [1]


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


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="`max_calls` is at least 1, not 0"):
        asgi_app(Accounts(), max_calls=0)
