"""Each limit of an app, reached over a real socket: what its clients see, and others not."""

from __future__ import annotations

import http.client
import json
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from idlgen.runtime import asgi_app
from tests.runtime.contract.newsroom import Newsroom
from tests.runtime.contract.serving import serving
from tests.runtime.limits.test_table import (
    BATCH,
    INVALID_REQUEST,
    LARGE,
    PARSE_ERROR,
    RESOURCE_EXHAUSTED,
    Waiting,
)
from tests.runtime.limits.wires import call, code

PATIENCE = 60
"""Seconds after which a test fails instead of hanging."""
CREDIT = 64
LONG = {"jsonrpc": "2.0", "method": "Feed.watch", "params": ["x", 10_000_000], "id": 1}


class Done(Waiting):
    """Accounts that answer at once."""

    def __init__(self) -> None:
        super().__init__()
        self.go.set()


def nested(levels: int) -> str:
    value = "[" * levels + "]" * levels
    return f'{{"jsonrpc":"2.0","method":"nope","params":{{"a":{value}}},"id":1}}'


def posted(port: int, body: str) -> Any:
    """Return the answer, or the status where that is not 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(
            "POST", "/rpc", body.encode(), {"content-type": "application/json"}
        )
        response = connection.getresponse()
        read = response.read()
    finally:
        connection.close()
    return json.loads(read) if response.status == 200 else response.status


@contextmanager
def connected(port: int, *subprotocols: str) -> Iterator[ClientConnection]:
    offered = [Subprotocol(name) for name in subprotocols] or None
    url = f"ws://127.0.0.1:{port}/rpc"
    with connect(url, subprotocols=offered, max_size=None) as peer:
        yield peer


def said(port: int, text: str) -> Any:
    """Return the answer over a WebSocket, or the code with which it was closed."""
    with connected(port) as peer:
        peer.send(text)
        try:
            return json.loads(peer.recv(PATIENCE))
        except ConnectionClosed as closed:
            return closed.rcvd and closed.rcvd.code


@pytest.mark.parametrize(
    ("limit", "message", "over_http", "over_websocket"),
    [
        ({"max_body": 1000}, json.dumps(LARGE), 413, 1009),
        ({"max_batch": 2}, json.dumps(BATCH), INVALID_REQUEST, INVALID_REQUEST),
        ({"max_calls": 2}, json.dumps(BATCH), [0, 0, 0], [RESOURCE_EXHAUSTED] * 3),
        ({}, nested(100_000), PARSE_ERROR, PARSE_ERROR),
        ({}, nested(500), -32601, -32601),
    ],
    ids=["body", "batch", "calls", "depth", "less depth"],
)
def test_a_message_beyond_a_limit(
    limit: dict[str, Any], message: str, over_http: Any, over_websocket: Any
) -> None:
    with serving(asgi_app(Done(), **limit)) as port:
        for way, expected in ((posted, over_http), (said, over_websocket)):
            answer = way(port, message)
            assert (answer if isinstance(answer, int) else code(answer)) == expected
            # The server goes on.
            assert code(way(port, json.dumps(call(1)))) == 0


def test_calls_beyond_max_concurrent() -> None:
    accounts = Waiting()
    with (
        serving(asgi_app(accounts, max_concurrent=1)) as port,
        connected(port) as first,
    ):
        first.send(json.dumps(call(1)))
        # It is read before the second, whose answer therefore comes first.
        first.send(json.dumps(call(2)))
        refused = json.loads(first.recv(PATIENCE))
        assert (refused["id"], code(refused)) == (2, RESOURCE_EXHAUSTED)
        assert code(posted(port, json.dumps(call(3)))) == RESOURCE_EXHAUSTED
        first.close()


def test_websockets_beyond_max_connections(caplog: pytest.LogCaptureFixture) -> None:
    app = asgi_app(Done(), max_connections=1)
    with serving(app, log_config=None) as port:
        with connected(port) as first:
            with pytest.raises(InvalidStatus) as refused:
                connect(f"ws://127.0.0.1:{port}/rpc")
            assert refused.value.response.status_code == 503
            first.send(json.dumps(call(1)))
            assert code(json.loads(first.recv(PATIENCE))) == 0
        with pytest.raises(InvalidStatus) as refused:
            connect(f"ws://127.0.0.1:{port}/elsewhere")
        assert refused.value.response.status_code == 404
    assert [it for it in caplog.records if it.levelno >= logging.ERROR] == []


def test_a_body_that_does_not_come() -> None:
    with (
        serving(asgi_app(Done(), read_timeout=0.05)) as port,
        socket.create_connection(("127.0.0.1", port), PATIENCE) as peer,
    ):
        head = "POST /rpc HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n"
        peer.sendall(f"{head}content-length: 9\r\n\r\n{{".encode())
        answer = b""
        while part := peer.recv(65536):
            answer += part
        assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_stream_that_is_not_read_waits_with_credit() -> None:
    with serving(asgi_app(Newsroom())) as port, connected(port, "idlgen.1") as peer:
        peer.send(json.dumps(LONG))
        for number in range(CREDIT):
            item = json.loads(peer.recv(PATIENCE))
            assert item["params"]["item"]["value"] == number
        peer.send('{"jsonrpc":"2.0","method":"$/cancel","params":{"id":1}}')
        assert "error" in json.loads(peer.recv(PATIENCE))
