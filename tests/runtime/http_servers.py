"""HTTP servers that behave, misbehave and go away, and one request to them."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

import pytest

from idlgen.runtime.transports import Reply, Request
from tests.runtime.http_transports import ASYNC, SYNC, async_transport, sync_transport

AMPLE = 30.0
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
KINDS = pytest.mark.parametrize("kind", SYNC + ASYNC)
SYNC_KINDS = pytest.mark.parametrize("kind", SYNC)
ASYNC_KINDS = pytest.mark.parametrize("kind", ASYNC)


class Server:
    """A socket server whose every connection is handled by `behave(server, stream)`.

    `requests` holds the bytes of each request read, `ends` is released once for each
    connection that has ended.
    """

    def __init__(self, behave: Callable[[Server, socket.socket], None]) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.ends = threading.Semaphore(0)
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/rpc"
        self._is_over = False
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def read_request(self, stream: BinaryIO) -> bytes | None:
        """Return the body of the next request, or None at the connection's end."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                return None
            head += line
        length = re.search(rb"(?i)content-length: (\d+)", head)
        body = stream.read(int(length[1])) if length else b""
        self.requests.append(head + body)
        return body

    def close(self) -> None:
        # A listener that is closed under its thread may be that of the next test by
        # the time that the thread accepts: the number of the file is the same.
        self._is_over = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._accepting.join()
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._is_over:
                connection.close()
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(
                target=self._serve, args=(connection,), daemon=True
            ).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            self._behave(self, connection)
        self.ends.release()


@contextmanager
def serving(behave: Callable[[Server, socket.socket], None]) -> Iterator[Server]:
    server = Server(behave)
    try:
        yield server
    finally:
        server.close()


def sending(answer: bytes) -> Callable[[Server, socket.socket], None]:
    """Read one request, send `answer`, close."""

    def behave(server: Server, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            server.read_request(stream)
            connection.sendall(answer)

    return behave


def stalling(start: bytes) -> Callable[[Server, socket.socket], None]:
    """Read one request, send `start`, then nothing until the client goes away."""

    def behave(server: Server, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            server.read_request(stream)
            connection.sendall(start)
            stream.read()

    return behave


def repeating(
    start: bytes, piece: bytes, pause: float
) -> Callable[[Server, socket.socket], None]:
    """Send `start`, then `piece` every `pause` seconds until the client goes away."""

    def behave(server: Server, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            server.read_request(stream)
        connection.sendall(start)
        connection.settimeout(pause or None)
        while True:
            connection.sendall(piece)
            if pause:
                with suppress(TimeoutError):
                    connection.recv(1)
                    return

    return behave


def echoing(server: Server, connection: socket.socket) -> None:
    """Answer each request with its body, behind the number of the connection."""
    number = server.connections
    with connection.makefile("rb") as stream:
        while (body := server.read_request(stream)) is not None:
            answer = b"%d:%b" % (number, body)
            head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer)
            connection.sendall(head + answer)


def closing_without_a_word(server: Server, connection: socket.socket) -> None:
    pass


def posting(
    body: bytes,
    headers: Mapping[str, str] | None = None,
    timeout: float | None = AMPLE,
) -> Request:
    """Return the request of one call."""
    return Request(ids=(1,), body=body, headers=headers or {}, timeout=timeout)


def exchange(
    kind: str,
    url: str,
    *,
    timeout: float | None = AMPLE,
    headers: dict[str, str] | None = None,
    proxy: str | None = None,
) -> Reply:
    """POST ``[1]`` once, with a transport of the kind made for it."""
    request = posting(b"[1]", headers, timeout)
    if kind in SYNC:
        with sync_transport(kind, url, proxy=proxy) as transport:
            return cast(Reply, transport.exchange(request))

    async def run() -> Reply:
        async with async_transport(kind, url, proxy=proxy) as transport:
            return cast(Reply, await transport.exchange(request))

    return asyncio.run(run())
