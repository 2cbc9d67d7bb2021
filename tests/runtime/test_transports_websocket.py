"""Calls over the WebSocket transports: many at a time, late, cancelled and too large."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from idlgen.runtime.errors import (
    DeadlineExceeded,
    ResourceExhausted,
    Unavailable,
)
from idlgen.runtime.transports import Request
from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
from idlgen.runtime.transports.websocket_blocking import WebSocketTransport
from tests.runtime.socket_servers import (
    AMPLE,
    KINDS,
    SHORT,
    Server,
    answer,
    answering,
    closing,
    exchange,
    first,
    make,
    request,
    result,
    saying,
    serving,
    silent,
    talk,
    until,
    writing,
)


@KINDS
def test_a_call_and_a_notification_arrive_as_they_are(kind: str) -> None:
    with serving(answering) as server:
        reply = exchange(kind, server.url)
        assert (reply.status, reply.is_json, result(reply)) == (200, True, "m")
        taken = exchange(kind, server.url, request(None, "n"))
        assert (taken.status, taken.body) == (204, b"")
        server.wait_for(lambda: len(server.received) == 2)
        assert server.received == [
            {"jsonrpc": "2.0", "method": "m", "id": 1},
            {"jsonrpc": "2.0", "method": "n"},
        ]


@KINDS
def test_the_handshake_offers_the_subprotocol_and_says_who_calls(kind: str) -> None:
    with serving(answering, subprotocols=["idlgen.1"]) as server:
        headers = {"authorization": "Bearer t", "user-agent": "u"}
        sent = request(authorization="Bearer t", idlgen_timeout_ms="5")
        exchange(kind, server.url, sent, headers=headers)
        (handshake,) = server.handshakes
        assert handshake["authorization"] == "Bearer t"
        assert handshake["user-agent"] == "u"
        assert handshake["sec-websocket-protocol"] == "idlgen.1"
        assert "sec-websocket-extensions" not in handshake
        assert "origin" not in handshake
        assert server.received[0]["meta"] == {"headers": {"idlgen_timeout_ms": "5"}}


def test_many_calls_share_a_connection_and_answers_come_in_any_order() -> None:
    async def backwards(server: Server, connection: ServerConnection) -> None:
        requests = [json.loads(await connection.recv()) for _ in range(64)]
        for each in reversed(requests):
            await connection.send(answer(each))
        await silent(server, connection)

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        calls = [transport.exchange(request(n, f"m{n}")) for n in range(64)]
        replies = await asyncio.gather(*calls)
        assert [result(reply) for reply in replies] == [f"m{n}" for n in range(64)]

    with serving(backwards) as server:
        talk(server, conversation)
        assert server.connections == 1


def test_threads_share_a_connection() -> None:
    with serving(answering) as server, ThreadPoolExecutor(8) as threads:
        transport = WebSocketTransport(partial(make, server.url))
        requests = [request(n, f"m{n}") for n in range(80)]
        replies = threads.map(transport.exchange, requests)
        assert [result(reply) for reply in replies] == [f"m{n}" for n in range(80)]
        assert server.connections == 1
        transport.close()


def test_more_calls_than_a_server_takes_wait_for_others_to_end() -> None:
    in_flight: list[int] = []

    async def counting(server: Server, connection: ServerConnection) -> None:
        reading = asyncio.ensure_future(connection.recv())
        while sum(in_flight) < 2500:
            waiting = [json.loads(await reading)]
            reading = asyncio.ensure_future(connection.recv())
            # What answers a ping comes behind all that was sent before.
            pong = asyncio.ensure_future(await connection.ping())
            while not pong.done() or reading.done():
                await asyncio.wait((pong, reading), return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(0)
                if reading.done():
                    waiting.append(json.loads(reading.result()))
                    reading = asyncio.ensure_future(connection.recv())
                    await asyncio.sleep(0)
            in_flight.append(len(waiting))
            for each in waiting:
                await connection.send(answer(each))
        await asyncio.wait((reading,))
        reading.exception()

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        calls = [transport.exchange(request(n)) for n in range(2500)]
        assert {result(reply) for reply in await asyncio.gather(*calls)} == {"m"}

    with serving(counting) as server:
        talk(server, conversation)
    assert max(in_flight) == 1000


def test_a_batch_waits_until_all_of_its_calls_may_be_in_flight() -> None:
    async def holding(server: Server, connection: ServerConnection) -> None:
        waiting = [json.loads(await connection.recv()) for _ in range(500)]
        # What answers a ping comes behind all that was sent before.
        await (await connection.ping())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                waiting.append(json.loads(await connection.recv()))
        for each in waiting:
            await connection.send(answer(each))
        batch = json.loads(await connection.recv())
        assert len(batch) == 600
        await connection.send(f"[{answer(batch[0])}]")
        await connection.wait_closed()

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        calls = [transport.exchange(request(n)) for n in range(500)]
        ids = tuple(range(500, 1100))
        body = b"[%b]" % b",".join(request(n).body for n in ids)
        batch = Request(ids=ids, body=body, headers={}, timeout=AMPLE)
        replies = await asyncio.gather(*calls, transport.exchange(batch))
        assert len(json.loads(replies[-1].body)) == 1

    with serving(holding) as server:
        talk(server, conversation)


def test_fragments_and_binary_are_messages_too() -> None:
    async def in_pieces(server: Server, connection: ServerConnection) -> None:
        async for message in connection:
            text = answer(json.loads(message))
            await connection.send([text[:9], "", text[9:]])
            await connection.send(text.encode())

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        for number in range(3):
            assert result(await transport.exchange(request(number))) == "m"

    with serving(in_pieces) as server:
        talk(server, conversation)


def test_answers_that_nobody_asked_for_are_ignored() -> None:
    strange = [
        '{"jsonrpc":"2.0","result":1,"id":99}',
        '{"jsonrpc":"2.0","result":1,"id":"1"}',
        '{"jsonrpc":"2.0","method":"ask","id":1}',
        '{"jsonrpc":"2.0","method":"$/item","params":{"id":1,"item":2}}',
        "[]",
        "{}",
        '{"jsonrpc":"2.0","result":"m","id":1}',
        '{"jsonrpc":"2.0","result":"twice","id":1}',
    ]
    with serving(first(saying(*strange))) as server:
        assert result(exchange("async", server.url)) == "m"


@KINDS
@pytest.mark.parametrize("data", [b"", b"\x81", b"\x81\x7d{half a message"])
def test_a_peer_that_stalls_lets_the_call_be_late(kind: str, data: bytes) -> None:
    with serving(writing(data)) as server, pytest.raises(DeadlineExceeded):
        exchange(kind, server.url, request(timeout=SHORT))


def cancelled(id: int) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": "$/cancel", "params": {"id": id}}


def test_who_is_late_or_cancelled_tells_the_server_and_others_go_on() -> None:
    async def conversation(transport: AsyncWebSocketTransport) -> None:
        # Once there is a connection, a call is sent before it can be late.
        assert result(await transport.exchange(request(0))) == "m"
        with pytest.raises(DeadlineExceeded):
            await transport.exchange(request(1, "hold", timeout=SHORT))
        calling = asyncio.ensure_future(transport.exchange(request(2, "hold")))
        await asyncio.to_thread(server.wait_for, lambda: len(server.received) == 4)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        batch = Request(
            ids=(3, 4),
            body=b'[{"jsonrpc":"2.0","method":"hold","id":3}]',
            headers={},
            timeout=SHORT,
        )
        with pytest.raises(DeadlineExceeded):
            await transport.exchange(batch)
        assert result(await transport.exchange(request(5))) == "m"

    async def holding(server: Server, connection: ServerConnection) -> None:
        async for message in connection:
            server.saw(message)
            received = server.received[-1]
            if isinstance(received, dict) and received.get("id") == 0:
                await connection.send(answer(received))
            if isinstance(received, dict) and received.get("id") == 5:
                # Of the calls that were given up, an answer comes after all.
                for late in (1, 2, 3, 5):
                    await connection.send(answer({"id": late, "method": "m"}))

    with serving(holding) as server:
        talk(server, conversation)
        assert [each for each in server.received if "params" in each] == [
            cancelled(1),
            cancelled(2),
            cancelled(3),
            cancelled(4),
        ]
        assert server.connections == 1


def test_what_is_too_large_is_refused_at_once() -> None:
    with serving(closing(1009)) as server:
        with pytest.raises(ResourceExhausted):
            exchange("async", server.url, request(7))
        assert len(server.received) == 1


def test_of_the_calls_in_flight_the_largest_was_too_large() -> None:
    async def refusing(server: Server, connection: ServerConnection) -> None:
        for _ in range(3):
            server.saw(await connection.recv())
        await connection.close(1009)

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        sent = [request(1), request(2, padding=500), request(3)]
        small, large, other = await asyncio.gather(
            *map(transport.exchange, sent), return_exceptions=True
        )
        assert isinstance(small, Unavailable)
        assert isinstance(large, ResourceExhausted)
        assert isinstance(other, Unavailable)

    with serving(first(refusing)) as server:
        talk(server, conversation)


def test_a_client_does_not_fill_its_memory_for_a_peer_that_does_not_read() -> None:
    go = threading.Event()

    async def reading_late(server: Server, connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await asyncio.to_thread(go.wait, AMPLE)
        connection.transport.resume_reading()
        await answering(server, connection)

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        calls = [
            asyncio.ensure_future(transport.exchange(request(n, padding=100_000)))
            for n in range(200)
        ]
        await asyncio.to_thread(server.wait_for, lambda: server.connections == 1)
        await until(lambda: transport._link is not None)
        assert transport._link is not None
        socket = transport._link._socket
        await until(lambda: socket.paused)
        for _ in range(1000):
            await asyncio.sleep(0)
        sent = len(transport._link._calls)
        go.set()
        assert len(await asyncio.gather(*calls)) == 200
        # Of 20 MB, most waited with their callers, not in the socket's buffer.
        assert 0 < sent < 150

    with serving(reading_late) as server:
        talk(server, conversation)
