"""Connections of `idlgen serve` that say nothing, or never end what they say."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect

from idlgen.cli.options_of_servers import ServerLimits
from idlgen.cli.serving import listening
from idlgen.cli.serving.draining import DrainingServer
from idlgen.cli.serving.timed import HEAD_TIMEOUT, MAX_HEAD, Timed
from idlgen.cli.serving.timed_h11 import TimedH11
from idlgen.cli.serving.timed_httptools import TimedHttpTools
from idlgen.runtime import asgi_app
from tests.hurry import lengthening
from tests.runtime.contract.accounts import Accounts

PATIENCE = 60
"""Seconds after which a test fails instead of hanging."""
SOON = 0.2
BODY = b'{"jsonrpc":"2.0","method":"UserService.ping","id":1}'
HEAD = (
    b"POST /rpc HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\n\r\n" % len(BODY)
)
HALF = HEAD[:-10]
NOT_HTTP = b"HTTP/1.1 400 Bad Request"
PROTOCOLS: list[type[Timed]] = [TimedH11, TimedHttpTools]


@contextmanager
def serving(protocol: type[Timed], idle: int = 10_000, **limits: Any) -> Iterator[int]:
    """Serve with the timeouts; yield the port."""
    started = threading.Event()

    class Announcing(DrainingServer):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            started.set()

    config = uvicorn.Config(
        asgi_app(Accounts()),
        host="127.0.0.1",
        port=0,
        http=protocol,
        timeout_keep_alive=idle,
        log_level="error",
        **limits,
    )
    server = Announcing(config, grace=PATIENCE)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert started.wait(PATIENCE)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(params=PROTOCOLS, ids=["h11", "httptools"])
def protocol(request: pytest.FixtureRequest) -> type[Timed]:
    kind: type[Timed] = request.param
    return kind


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as peer:
        yield peer


def read_answer(peer: socket.socket) -> bytes:
    """Return the bytes of one answer with a result.

    Raises:
        ConnectionError: the server closed before.
    """
    read = b""
    while not read.endswith(b"}"):
        part = peer.recv(65536)
        if not part:
            raise ConnectionResetError
        read += part
    return read


def read_to_end(peer: socket.socket) -> bytes:
    """Return what comes until the server closes, which it may do by a reset."""
    read = b""
    try:
        while part := peer.recv(65536):
            read += part
    except ConnectionResetError:
        pass
    return read


def pour(peer: socket.socket) -> None:
    """Send more than a server should ever take."""
    for _ in range(1000):
        peer.sendall(b"x" * 65536)


@pytest.mark.parametrize(
    "said",
    [b"", b"P", HALF, b"\r\n", b"POST /rpc HTTP/1.1\r\nhost: "],
)
def test_a_head_that_does_not_end_ends_the_connection(
    protocol: type[Timed], said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "head_timeout", SOON)
    with serving(protocol) as port, connected(port) as peer:
        peer.sendall(said)
        # h11 says 400 to an empty line, httptools waits for what follows.
        assert read_to_end(peer).partition(b"\r\n")[0] in (b"", NOT_HTTP)


@pytest.mark.parametrize("said", [b"P", HALF, b"\r\n"])
def test_so_does_one_after_an_answer(
    protocol: type[Timed], said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(protocol) as port, connected(port) as peer:
        peer.sendall(HEAD + BODY)
        assert b" 200 " in read_answer(peer)
        monkeypatch.setattr(protocol, "head_timeout", SOON)
        peer.sendall(said)
        # h11 says 400 to an empty line, httptools waits for what follows.
        assert read_to_end(peer).partition(b"\r\n")[0] in (b"", NOT_HTTP)


def test_a_head_that_drips_has_no_more_time(
    protocol: type[Timed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "head_timeout", SOON)
    with serving(protocol) as port, connected(port) as peer:
        peer.sendall(b"POST /rpc HTTP/1.1\r\n")
        peer.settimeout(SOON / 4)
        # Each byte comes before the time of the one before would be over.
        for _ in range(int(PATIENCE / SOON)):
            try:
                peer.sendall(b"x")
                if peer.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
        pytest.fail("the connection is still open")


def test_an_idle_connection_is_closed(protocol: type[Timed]) -> None:
    with serving(protocol, idle=1) as port, connected(port) as peer:
        peer.sendall(HEAD + BODY)
        assert b" 200 " in read_answer(peer)
        assert read_to_end(peer) == b""


def test_a_head_without_end_is_not_kept(
    protocol: type[Timed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "head_timeout", 10_000)
    with serving(protocol) as port, connected(port) as peer:
        peer.sendall(b"POST /rpc HTTP/1.1\r\nx: ")
        with pytest.raises(ConnectionError):
            pour(peer)


def test_what_is_in_time_is_served(
    protocol: type[Timed], monkeypatch: pytest.MonkeyPatch
) -> None:
    for seconds in lengthening(SOON):
        monkeypatch.setattr(protocol, "head_timeout", seconds)
        with serving(protocol) as port:
            try:
                talk_slowly(port)
                talk_slowly_by_websocket(port)
            except (ConnectionError, InvalidHandshake):
                # This side was not in time.
                continue
            break


def talk_slowly(port: int) -> None:
    """Say a head in pieces, and its body later than heads may come."""
    with connected(port) as peer, connected(port) as timer:
        peer.sendall(HALF)
        peer.sendall(HEAD[-10:] + BODY[:5])
        # The server closes this one when the time for heads is over.
        assert read_to_end(timer) == b""
        peer.sendall(BODY[5:])
        assert b" 200 " in read_answer(peer)


def talk_slowly_by_websocket(port: int) -> None:
    """Call over a WebSocket that has said nothing for longer than a head may take."""
    with connect(f"ws://127.0.0.1:{port}/rpc") as websocket:
        with connected(port) as timer:
            assert read_to_end(timer) == b""
        websocket.send(BODY)
        assert websocket.recv(PATIENCE) == '{"jsonrpc":"2.0","result":null,"id":1}'


def test_connections_beyond_the_limit_are_answered_503(
    protocol: type[Timed],
) -> None:
    with serving(protocol, limit_concurrency=2) as port, connected(port) as first:
        first.sendall(HEAD + BODY)
        assert b" 200 " in read_answer(first)
        with connected(port) as second:
            second.sendall(HEAD + BODY)
            assert b" 503 " in second.recv(65536)


def test_serve_uses_them_with_its_limits() -> None:
    limits = ServerLimits(idle_timeout=7.5, grace=3, max_connections=12)
    config = listening.configuration(asgi_app(Accounts()), "error", limits)
    config.load()
    assert config.http_protocol_class is TimedHttpTools
    assert (config.timeout_keep_alive, config.limit_concurrency) == (8, 12)
    assert (HEAD_TIMEOUT, MAX_HEAD) == (10.0, 65536)
