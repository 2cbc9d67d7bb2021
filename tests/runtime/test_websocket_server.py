"""Calls over one WebSocket, as an app serves them: answers, cancellations, limits."""

from __future__ import annotations

import asyncio

import pytest

from idlgen.runtime import asgi_app
from idlgen.runtime.server.answers import MAX_UNSENT
from tests.runtime.contract.accounts import Accounts
from tests.runtime.websocket_clients import (
    PING,
    PONG,
    Client,
    Slow,
    call,
    cancel,
    run,
    until,
)


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


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="`max_calls` is at least 1, not 0"):
        asgi_app(Accounts(), max_calls=0)
