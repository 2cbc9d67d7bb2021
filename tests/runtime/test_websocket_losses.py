"""WebSocket connections that are lost: what was sent is not sent twice, and others follow."""

from __future__ import annotations

import asyncio
import json
import threading
from functools import partial

import pytest
from websockets.asyncio.server import ServerConnection

from idlgen.runtime.errors import (
    Internal,
    ResourceExhausted,
    RpcError,
    Unavailable,
)
from idlgen.runtime.retries import Retrier, Try
from idlgen.runtime.transports import Reply, websocket
from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
from idlgen.runtime.transports.websocket_blocking import WebSocketTransport
from tests.runtime.contract.served import open_files
from tests.runtime.socket_servers import (
    AMPLE,
    KINDS,
    LIMIT,
    Behaviour,
    Server,
    aborting,
    answer,
    closing,
    exchange,
    first,
    make,
    outcome_of,
    request,
    result,
    saying,
    saying_in_pieces,
    serving,
    talk,
    until,
    writing,
)


@KINDS
@pytest.mark.parametrize(
    ("behave", "error"),
    [
        pytest.param(aborting, Unavailable, id="breaks"),
        pytest.param(closing(1000), Unavailable, id="closes"),
        pytest.param(closing(1001), Unavailable, id="goes away"),
        pytest.param(closing(1011), Unavailable, id="fails"),
        pytest.param(closing(1012), Unavailable, id="restarts"),
        pytest.param(closing(1009), ResourceExhausted, id="finds it too large"),
        pytest.param(saying("nope"), Internal, id="no JSON"),
        pytest.param(saying(b"\xff\xfe"), Internal, id="no text"),
        pytest.param(saying("[" * 5000), Internal, id="brackets"),
        pytest.param(saying("17"), Internal, id="a number"),
        pytest.param(saying(" " * (LIMIT + 1)), ResourceExhausted, id="too large"),
        pytest.param(
            saying_in_pieces(" " * 6000, " " * 6000),
            ResourceExhausted,
            id="too large in pieces",
        ),
        pytest.param(writing(b"\x81\x02\xff\xff"), Internal, id="text, no UTF-8"),
        pytest.param(writing(b"\xff\xff\xff\xff"), Unavailable, id="no frame"),
        pytest.param(writing(b"\x81\x85masked"), Unavailable, id="masked"),
        pytest.param(
            writing(b"\x81\x7d{half", then_abort=True), Unavailable, id="half a message"
        ),
    ],
)
def test_a_lost_connection_is_a_typed_error_and_the_next_call_has_another(
    kind: str, behave: Behaviour, error: type[RpcError]
) -> None:
    with serving(first(behave)) as server:
        if kind == "sync":
            transport = WebSocketTransport(partial(make, server.url))
            lost = outcome_of(lambda: transport.exchange(request()))
            assert result(transport.exchange(request(2))) == "m"
            transport.close()
        else:
            errors: list[BaseException] = []

            async def conversation(transport: AsyncWebSocketTransport) -> None:
                try:
                    await transport.exchange(request())
                except RpcError as raised:
                    errors.append(raised)
                assert result(await transport.exchange(request(2))) == "m"

            talk(server, conversation)
            (lost,) = errors
        assert type(lost) is error
        assert server.url in str(lost)
        assert server.connections == 2
        assert [each["id"] for each in server.received] == [1, 2]


def test_a_peer_that_says_goodbye_and_stays_is_left_at_once() -> None:
    go = threading.Event()

    async def staying(server: Server, connection: ServerConnection) -> None:
        server.saw(await connection.recv())
        connection.transport.pause_reading()
        connection.transport.write(b"\x88\x02\x03\xe9")
        await asyncio.to_thread(go.wait, AMPLE)
        connection.transport.abort()

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        with pytest.raises(Unavailable, match="1001"):
            # Less than the pings, which would find it out too.
            await transport.exchange(request(timeout=10.0))
        go.set()

    with serving(staying) as server:
        talk(server, conversation)


@KINDS
def test_what_was_sent_is_not_sent_again(kind: str) -> None:
    with serving(first(aborting)) as server:
        with pytest.raises(Unavailable):
            exchange(kind, server.url, request(7))
        assert [each["id"] for each in server.received] == [7]


def test_a_call_that_its_client_makes_again_goes_over_another_connection() -> None:
    async def conversation(transport: AsyncWebSocketTransport) -> None:
        async def attempt(tried: Try) -> Reply:
            return await transport.exchange(tried.in_time(request(7)))

        reply = await Retrier().call_async(attempt, retries=1, timeout=AMPLE)
        assert result(reply) == "m"

    with serving(first(aborting)) as server:
        talk(server, conversation)
        assert [each["id"] for each in server.received] == [7, 7]
        assert server.connections == 2


def test_a_connection_that_ended_while_idle_is_replaced_unnoticed() -> None:
    async def once(server: Server, connection: ServerConnection) -> None:
        request = json.loads(await connection.recv())
        await connection.send(answer(request))
        await connection.close()
        server.saw('"closed"')

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        for number in range(1, 4):
            assert result(await transport.exchange(request(number))) == "m"
            # Blocks the loop until the close waits at its socket, unread.
            server.wait_for(partial(has_closed, number))

    def has_closed(times: int) -> bool:
        return len(server.received) == times

    # The server's close waits for ours; it gives up soon, and the test is as quick.
    with serving(once, close_timeout=0.1) as server:
        talk(server, conversation)
        assert server.connections == 3


def test_a_peer_that_vanished_is_found_out_by_pings() -> None:
    frozen = threading.Event()

    async def freezing(server: Server, connection: ServerConnection) -> None:
        server.saw(await connection.recv())
        # Not even pongs come from a loop that stands still.
        frozen.wait(AMPLE)

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        with pytest.raises(Unavailable):
            await transport.exchange(request())
        frozen.set()

    with serving(freezing) as server:
        talk(server, conversation, ping_interval=0.1)


def test_nothing_is_left_of_many_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is measured is what is left, not the pauses.
    monkeypatch.setattr(websocket, "backoff", lambda _: 0)
    faults = [
        aborting,
        closing(1011),
        saying("nope"),
        saying(" " * (LIMIT + 1)),
        writing(b"\xff\xff\xff\xff"),
    ]

    async def in_turn(server: Server, connection: ServerConnection) -> None:
        await faults[server.connections % len(faults)](server, connection)

    async def conversation(transport: AsyncWebSocketTransport) -> None:
        async def fail(times: int) -> None:
            for number in range(times):
                with pytest.raises(RpcError):
                    await transport.exchange(request(number))
            await until(lambda: not server.live)

        def held() -> tuple[int, int, int]:
            return len(asyncio.all_tasks()), threading.active_count(), open_files()

        def is_no_more_than(few: tuple[int, int, int]) -> bool:
            return all(now <= was for now, was in zip(held(), few, strict=True))

        await fail(20)
        few = held()
        await fail(180)
        # A socket may be closed a moment after its handler has ended.
        await until(partial(is_no_more_than, few))

    with serving(in_turn) as server:
        talk(server, conversation)
