"""The WebSocket transports against servers that behave, misbehave and go away."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import Any

import pytest
from websockets.asyncio.server import Server as Listening, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as Handshake, Response

from idlgen.runtime.errors import (
    DeadlineExceeded,
    Internal,
    PermissionDenied,
    ResourceExhausted,
    RpcError,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from idlgen.runtime.retries import Retrier, Try
from idlgen.runtime.transports import Reply, Request, websocket
from idlgen.runtime.transports.backoff import backoff
from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.loop_thread import LoopThread
from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
from idlgen.runtime.transports.websocket_blocking import WebSocketTransport
from tests.runtime.contract.served import open_files

AMPLE = 60.0
SHORT = 0.2
LIMIT = 10_000

Behaviour = Callable[["Server", ServerConnection], Awaitable[None]]


class Server:
    """A server whose every connection is handled by `behave(server, connection)`.

    `received` holds the messages that came; `connections` how many were opened.
    """

    def __init__(self, behave: Behaviour, **options: Any) -> None:
        self.received: list[Any] = []
        self.handshakes: list[dict[str, str]] = []
        self.connections = 0
        self.live = 0
        self.url = ""
        self.changed = threading.Condition()
        self._behave = behave
        self._options = options
        self._thread = LoopThread("tests-server")
        self._listening = self._run(self._listen())

    def close(self) -> None:
        self._run(self._stop())
        self._thread.stop()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until what the server saw fulfils the condition."""
        with self.changed:
            assert self.changed.wait_for(condition, AMPLE)

    def saw(self, message: Any) -> None:
        with self.changed:
            self.received.append(json.loads(message))
            self.changed.notify_all()

    def _run(self, work: Any) -> Any:
        return self._thread.begin(work).result(AMPLE)

    async def _listen(self) -> Listening:
        listening = await serve(self._handle, "127.0.0.1", 0, **self._options)
        port = next(iter(listening.sockets)).getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}/rpc"
        return listening

    async def _stop(self) -> None:
        self._listening.close()
        await self._listening.wait_closed()

    async def _handle(self, connection: ServerConnection) -> None:
        with self.changed:
            self.connections += 1
            self.live += 1
            self.changed.notify_all()
        assert connection.request is not None
        self.handshakes.append(
            {
                name.lower(): value
                for name, value in connection.request.headers.raw_items()
            }
        )
        try:
            await self._behave(self, connection)
            await connection.close()
        except ConnectionClosed:
            await connection.wait_closed()
        finally:
            self.live -= 1


@contextmanager
def serving(behave: Behaviour, **options: Any) -> Iterator[Server]:
    server = Server(behave, **options)
    try:
        yield server
    finally:
        server.close()


def answer(request: Any) -> str:
    return json.dumps(
        {"jsonrpc": "2.0", "result": request["method"], "id": request["id"]}
    )


async def answering(server: Server, connection: ServerConnection) -> None:
    """Answer each call with the name of its method."""
    async for message in connection:
        server.saw(message)
        request = json.loads(message)
        if "id" in request:
            await connection.send(answer(request))


async def silent(server: Server, connection: ServerConnection) -> None:
    """Read, and answer nothing."""
    async for message in connection:
        server.saw(message)


def saying(*messages: str | bytes) -> Behaviour:
    """Read one request, say these, then only read."""

    async def behave(server: Server, connection: ServerConnection) -> None:
        server.saw(await connection.recv())
        for message in messages:
            await connection.send(message)
        await silent(server, connection)

    return behave


def saying_in_pieces(*pieces: str) -> Behaviour:
    """Read one request, say one message in these pieces, then only read."""

    async def behave(server: Server, connection: ServerConnection) -> None:
        server.saw(await connection.recv())
        await connection.send(pieces)
        await silent(server, connection)

    return behave


def closing(code: int) -> Behaviour:
    """Read one request, close."""

    async def behave(server: Server, connection: ServerConnection) -> None:
        server.saw(await connection.recv())
        await connection.close(code)

    return behave


async def aborting(server: Server, connection: ServerConnection) -> None:
    """Read one request, break the connection."""
    server.saw(await connection.recv())
    connection.transport.abort()


def writing(data: bytes, *, then_abort: bool = False) -> Behaviour:
    """Read one request, write raw bytes, then only read."""

    async def behave(server: Server, connection: ServerConnection) -> None:
        server.saw(await connection.recv())
        connection.transport.write(data)
        if then_abort:
            connection.transport.close()
        await silent(server, connection)

    return behave


def first(behave: Behaviour, then: Behaviour = answering) -> Behaviour:
    """Handle the first connection by one behaviour, all others by another."""

    async def chosen(server: Server, connection: ServerConnection) -> None:
        await (behave if server.connections == 1 else then)(server, connection)

    return chosen


def request(
    id: int | None = 1,
    method: str = "m",
    *,
    timeout: float | None = AMPLE,
    padding: int = 0,
    **headers: str,
) -> Request:
    member = "" if id is None else f',"id":{id}'
    text = f'{{"jsonrpc":"2.0","method":"{method}"{member}}}'
    return Request(
        ids=() if id is None else (id,),
        body=text.encode() + b" " * padding,
        headers=headers,
        timeout=timeout,
    )


def make(url: str, **options: Any) -> AsyncWebSocketTransport:
    return AsyncWebSocketTransport(
        parse_endpoint(url),
        headers=options.pop("headers", {}),
        max_response_bytes=LIMIT,
        **options,
    )


def talk(
    server: Server,
    conversation: Callable[[AsyncWebSocketTransport], Awaitable[None]],
    **options: Any,
) -> None:
    """Run the conversation over a transport; nothing of it may be left."""

    async def talking() -> None:
        transport = make(server.url, **options)
        async with asyncio.timeout(AMPLE):
            await conversation(transport)
        await transport.aclose()
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(talking())


async def until(condition: Callable[[], bool]) -> None:
    """Let other tasks and threads run until the condition holds; `talk` is patient."""
    for _ in count():
        if condition():
            return
        await asyncio.sleep(0)


def result(reply: Reply) -> Any:
    return json.loads(reply.body)["result"]


KINDS = pytest.mark.parametrize("kind", ["sync", "async"])


def exchange(kind: str, url: str, sent: Request | None = None, **options: Any) -> Reply:
    """Send one request over a transport of the kind made for it."""
    sent = request() if sent is None else sent
    if kind == "sync":
        transport = WebSocketTransport(partial(make, url, **options))
        try:
            return transport.exchange(sent)
        finally:
            transport.close()

    async def run() -> Reply:
        transport = make(url, **options)
        try:
            return await transport.exchange(sent)
        finally:
            await transport.aclose()

    return asyncio.run(run())


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


def outcome_of(call: Callable[[], object]) -> BaseException:
    """Return what the call raised."""
    with pytest.raises(RpcError) as caught:
        call()
    return caught.value


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
        with pytest.raises(DeadlineExceeded):
            await transport.exchange(request(1, "hold", timeout=SHORT))
        calling = asyncio.ensure_future(transport.exchange(request(2, "hold")))
        await asyncio.to_thread(server.wait_for, lambda: len(server.received) == 3)
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


@KINDS
def test_a_refused_connection_is_unavailable_and_tried_again(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(Unavailable):
        exchange(kind, f"ws://127.0.0.1:{port}")

    async def run() -> None:
        transport = make(f"ws://127.0.0.1:{port}")
        for _ in range(3):
            with pytest.raises(Unavailable):
                await transport.exchange(request())
        listening = await serve(partial(answering, quiet), "127.0.0.1", port)
        assert result(await transport.exchange(request())) == "m"
        await transport.aclose()
        listening.close()
        await listening.wait_closed()

    quiet = Server(silent)
    asyncio.run(run())
    quiet.close()


def test_calls_that_wait_for_one_connection_get_errors_of_their_own() -> None:
    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as unused:
            port = unused.getsockname()[1]
        transport = make(f"ws://127.0.0.1:{port}")
        calls = [transport.exchange(request(n)) for n in range(5)]
        errors = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(error) for error in errors] == [Unavailable] * 5
        assert len({id(error) for error in errors}) == 5
        await transport.aclose()

    asyncio.run(run())


@pytest.mark.parametrize("attempt", [1, 2, 7, 8, 5000])
def test_the_pause_before_a_connection_is_random_up_to_a_limit(attempt: int) -> None:
    longest = {1: 0.1, 2: 0.2}.get(attempt, 5.0)
    pauses = [backoff(attempt) for _ in range(2000)]
    assert 0 <= min(pauses) < longest * 0.1
    assert longest * 0.9 < max(pauses) <= longest


def test_there_is_no_pause_before_the_first_try() -> None:
    with pytest.raises(ValueError, match="the first repetition is 1, not 0"):
        backoff(0)


@KINDS
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, Internal),
        (307, Exception),
        (401, Unauthenticated),
        (403, PermissionDenied),
        (404, Unimplemented),
        (429, ResourceExhausted),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
def test_a_refused_handshake_is_an_error_of_its_status(
    kind: str, status: int, error: type[Exception]
) -> None:
    asked: list[str] = []

    def refuse(connection: ServerConnection, handshake: Handshake) -> Response:
        asked.append(handshake.path)
        response = connection.respond(HTTPStatus(status), "because\n")
        response.headers["Location"] = "/elsewhere"
        return response

    with serving(answering, process_request=refuse) as server:
        with pytest.raises(error) as caught:
            exchange(kind, server.url, request())
        assert asked == ["/rpc"]
        assert str(status) in str(caught.value)
        assert "because" in str(caught.value.__notes__)


@KINDS
def test_what_is_no_websocket_server_is_unavailable(kind: str) -> None:
    def serve_once(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(b"SSH-2.0-x\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve_once, args=(listener,)).start()
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(Unavailable):
            exchange(kind, url)


@KINDS
def test_a_handshake_that_stalls_lets_the_call_be_late(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(DeadlineExceeded):
            exchange(kind, url, request(timeout=SHORT))


def test_a_password_of_the_url_or_a_proxy_stays_out_of_messages() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = f"ada:s3cret@127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(Unavailable) as caught:
        exchange("async", f"ws://{address}")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(Unavailable) as caught:
        exchange("async", "ws://users.invalid", proxy=f"http://{address}")
    assert "s3cret" not in str(caught.value)


def test_a_proxy_is_asked_to_connect() -> None:
    asked: list[bytes] = []

    def refuse_once(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            asked.append(connection.recv(10_000))
            connection.sendall(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=refuse_once, args=(listener,))
        thread.start()
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(Unavailable):
            exchange("async", "ws://users.invalid:81/rpc", proxy=proxy)
        thread.join()
    assert asked[0].startswith(b"CONNECT users.invalid:81 HTTP/1.1\r\n")


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


def test_another_event_loop_is_refused() -> None:
    with serving(answering) as server:
        transport = make(server.url)

        async def call_and_close() -> None:
            await transport.exchange(request())
            await transport.aclose()

        async def exchanging(transport: AsyncWebSocketTransport) -> None:
            await transport.exchange(request())

        asyncio.run(call_and_close())
        with pytest.raises(RuntimeError, match="this client is closed"):
            asyncio.run(exchanging(transport))
        other = make(server.url)
        other._loop = asyncio.new_event_loop()
        with pytest.raises(RuntimeError, match="make one client per loop"):
            asyncio.run(exchanging(other))
        other._loop.close()


def test_closing_ends_calls_in_flight_and_later_ones_sync() -> None:
    with serving(silent) as server:
        transport = WebSocketTransport(partial(make, server.url))
        with ThreadPoolExecutor(1) as threads:
            calling = threads.submit(transport.exchange, request())
            server.wait_for(lambda: len(server.received) == 1)
            transport.close()
            with pytest.raises(RuntimeError, match="this client is closed"):
                calling.result(AMPLE)
        transport.close()
        with pytest.raises(RuntimeError, match="this client is closed"):
            transport.exchange(request())


def test_closing_ends_calls_in_flight_and_later_ones_async() -> None:
    async def run(server: Server) -> None:
        transport = make(server.url)
        calling = asyncio.ensure_future(transport.exchange(request()))
        await asyncio.to_thread(server.wait_for, lambda: len(server.received) == 1)
        await transport.aclose()
        with pytest.raises(RuntimeError, match="this client is closed"):
            await calling
        with pytest.raises(RuntimeError, match="this client is closed"):
            await transport.exchange(request())
        await transport.aclose()
        assert len(asyncio.all_tasks()) == 1

    with serving(silent) as server:
        asyncio.run(run(server))


def test_closing_ends_a_connection_that_is_being_opened() -> None:
    async def run(listener: socket.socket) -> None:
        transport = make(f"ws://127.0.0.1:{listener.getsockname()[1]}")
        calling = asyncio.ensure_future(transport.exchange(request()))
        accepted, _ = await asyncio.to_thread(listener.accept)
        with accepted:
            await transport.aclose()
            with pytest.raises(RuntimeError, match="this client is closed"):
                await calling
        assert len(asyncio.all_tasks()) == 1

    with socket.create_server(("127.0.0.1", 0)) as listener:
        asyncio.run(run(listener))


def test_a_forgotten_client_warns_and_lets_its_connection_go() -> None:
    async def run() -> None:
        transport = make(server.url)
        await transport.exchange(request())
        with pytest.warns(ResourceWarning, match=re.escape(server.url)):
            del transport
        await asyncio.to_thread(server.wait_for, lambda: "left" in server.received)

    async def noticing(server: Server, connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            await answering(server, connection)
        server.saw('"left"')

    with serving(noticing) as server:
        asyncio.run(run())


def test_a_forgotten_sync_client_lets_its_thread_and_connection_go() -> None:
    async def noticing(server: Server, connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            await answering(server, connection)
        server.saw('"left"')

    with serving(noticing) as server:
        transport = WebSocketTransport(partial(make, server.url))
        transport.exchange(request())
        assert transport._running is not None
        thread = transport._running.thread
        with pytest.warns(ResourceWarning, match="unclosed client"):
            del transport
        server.wait_for(lambda: "left" in server.received)
        thread.join(AMPLE)
        assert not thread.is_alive()


FORK = """
import os, sys
from functools import partial
from idlgen.runtime.transports import Request
from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
from idlgen.runtime.transports.websocket_blocking import WebSocketTransport

transport = WebSocketTransport(partial(
    AsyncWebSocketTransport, parse_endpoint(sys.argv[1]), headers={}, max_response_bytes=9999
))
def call(id, method):
    body = b'{"jsonrpc":"2.0","method":"%b","id":%d}' % (method, id)
    return transport.exchange(Request(ids=(id,), body=body, headers={}, timeout=30)).body
assert b"before" in call(1, b"before")
child = os.fork()
if child == 0:
    os._exit(0 if b"child" in call(2, b"child") else 1)
assert os.waitpid(child, 0)[1] == 0
assert b"parent" in call(3, b"parent")
transport.close()
"""


def test_a_child_process_has_a_connection_of_its_own() -> None:
    with serving(answering) as server:
        subprocess.run([sys.executable, "-c", FORK, server.url], check=True)
        assert server.connections == 2


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
        async def fail(times: int) -> tuple[int, int, int]:
            for number in range(times):
                with pytest.raises(RpcError):
                    await transport.exchange(request(number))
            await until(lambda: not server.live)
            tasks = len(asyncio.all_tasks())
            return tasks, threading.active_count(), open_files()

        few = await fail(20)
        assert await fail(180) == few

    with serving(in_turn) as server:
        talk(server, conversation)
