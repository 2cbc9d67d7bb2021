"""Opening WebSockets: refusals, stalls, pauses between tries, and proxies."""

from __future__ import annotations

import asyncio
import socket
import threading
from functools import partial
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request as Handshake, Response

from idlgen.runtime.errors import (
    DeadlineExceeded,
    Internal,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from idlgen.runtime.transports.backoff import backoff
from tests.ports import own_port
from tests.runtime.socket_servers import (
    KINDS,
    SHORT,
    Server,
    answering,
    exchange,
    make,
    request,
    result,
    serving,
    silent,
)


@KINDS
def test_a_refused_connection_is_unavailable_and_tried_again(kind: str) -> None:
    async def run(port: int) -> None:
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
    with own_port() as port:
        with pytest.raises(Unavailable):
            exchange(kind, f"ws://127.0.0.1:{port}")
        asyncio.run(run(port))
    quiet.close()


def test_calls_that_wait_for_one_connection_get_errors_of_their_own() -> None:
    async def run(port: int) -> None:
        transport = make(f"ws://127.0.0.1:{port}")
        calls = [transport.exchange(request(n)) for n in range(5)]
        errors = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(error) for error in errors] == [Unavailable] * 5
        assert len({id(error) for error in errors}) == 5
        await transport.aclose()

    with own_port() as port:
        asyncio.run(run(port))


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
    with own_port() as port:
        address = f"ada:s3cret@127.0.0.1:{port}"
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
