"""All HTTP transports against servers that behave, misbehave and go away."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

import aiohttp
import pytest
import urllib3

from idlgen.runtime.errors import (
    DeadlineExceeded,
    ResourceExhausted,
    RpcError,
    Unavailable,
)
from idlgen.runtime.transports import Reply, Request
from idlgen.runtime.transports.asynchronous import AiohttpTransport
from idlgen.runtime.transports.blocking import Urllib3Transport
from idlgen.runtime.transports.endpoint import parse_endpoint
from tests.runtime.http_transports import (
    ASYNC,
    LIMIT,
    SYNC,
    async_transport,
    sync_transport,
)

SHORT = 0.3
AMPLE = 30.0
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
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
        threading.Thread(target=self._accept, daemon=True).start()

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
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
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


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"


@KINDS
@pytest.mark.parametrize(
    ("behave", "error", "timeout"),
    [
        pytest.param(closing_without_a_word, Unavailable, AMPLE, id="closes at once"),
        pytest.param(sending(b""), Unavailable, AMPLE, id="no answer"),
        pytest.param(sending(b"HTTP/1"), Unavailable, AMPLE, id="half a line"),
        pytest.param(sending(LONG + b"{"), Unavailable, AMPLE, id="half a body"),
        pytest.param(
            sending(CHUNKED + b"5\r\n{}"), Unavailable, AMPLE, id="half a chunk"
        ),
        pytest.param(
            sending(CHUNKED + b"2\r\n{}\r\n"), Unavailable, AMPLE, id="no end"
        ),
        pytest.param(sending(b"SSH-2.0-x\r\n\r\n"), Unavailable, AMPLE, id="not HTTP"),
        pytest.param(stalling(b""), DeadlineExceeded, SHORT, id="stalls at once"),
        pytest.param(
            stalling(OK[:20]), DeadlineExceeded, SHORT, id="stalls in the head"
        ),
        pytest.param(stalling(LONG), DeadlineExceeded, SHORT, id="stalls in the body"),
        pytest.param(
            repeating(LONG, b" ", 0.05), DeadlineExceeded, SHORT, id="trickles"
        ),
        pytest.param(
            sending(LONG.replace(b"500", b"1001") + b" " * 1001),
            ResourceExhausted,
            AMPLE,
            id="too large",
        ),
        pytest.param(
            repeating(CHUNKED, b"5\r\n12345\r\n", 0),
            ResourceExhausted,
            AMPLE,
            id="endless",
        ),
        pytest.param(
            sending(
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
                + gzip.compress(b" " * 1001)
            ),
            ResourceExhausted,
            AMPLE,
            id="too large once inflated",
        ),
    ],
)
def test_a_broken_exchange_is_an_error_of_its_status(
    kind: str,
    behave: Callable[[Server, socket.socket], None],
    error: type[RpcError],
    timeout: float,
) -> None:
    with serving(behave) as server:
        with pytest.raises(error) as caught:
            exchange(kind, server.url, timeout=timeout)
        assert server.url in caught.value.message
        assert len(server.requests) <= 1


@KINDS
def test_a_refused_connection_is_unavailable(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(Unavailable):
        exchange(kind, f"127.0.0.1:{port}")


@KINDS
@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        pytest.param(
            OK,
            Reply(
                status=200,
                headers={"content-type": "application/json", "content-length": "2"},
                body=b"{}",
            ),
            id="plain",
        ),
        pytest.param(
            CHUNKED + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
            Reply(status=200, headers={"transfer-encoding": "chunked"}, body=b"{}"),
            id="chunked",
        ),
        pytest.param(
            b"HTTP/1.1 500 Oops\r\nX-A: 1\r\n\r\n<p>",
            Reply(status=500, headers={"x-a": "1"}, body=b"<p>"),
            id="error, ended by the close",
        ),
        pytest.param(
            b"HTTP/1.1 204 No Content\r\n\r\n",
            Reply(status=204, headers={}, body=b""),
            id="nothing",
        ),
        pytest.param(
            b"HTTP/1.1 307 Go\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n",
            Reply(
                status=307,
                headers={"location": "/other", "content-length": "0"},
                body=b"",
            ),
            id="redirect",
        ),
    ],
)
def test_whatever_comes_back_is_returned_as_it_is(
    kind: str, answer: bytes, reply: Reply
) -> None:
    with serving(sending(answer)) as server:
        assert exchange(kind, server.url) == reply
        assert len(server.requests) == 1


@KINDS
def test_the_request_is_one_post_with_the_given_headers(kind: str) -> None:
    with serving(sending(OK)) as server:
        exchange(kind, server.url + "?a=1", headers={"x-trace": "7", "user-agent": "u"})
        (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"post /rpc?a=1 http/1.1"
    assert {b"x-trace: 7", b"user-agent: u", b"content-length: 3"} <= set(lines)
    assert body == b"[1]"


@KINDS
def test_a_proxy_is_asked_for_the_whole_url_and_told_who_asks(kind: str) -> None:
    with serving(sending(OK)) as proxy:
        address = f"http://ada:s%40crete@127.0.0.1:{proxy.port}"
        reply = exchange(kind, "http://users.invalid:81/rpc", proxy=address)
        (request,) = proxy.requests
    assert reply.body == b"{}"
    lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert lines[0] == b"POST http://users.invalid:81/rpc HTTP/1.1"
    assert b"Proxy-Authorization: Basic YWRhOnNAY3JldGU=" in lines


@KINDS
def test_a_proxy_out_of_reach_is_unavailable_and_its_password_stays_secret(
    kind: str,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = f"http://ada:s3cret@127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(Unavailable) as caught:
        exchange(kind, "http://users.invalid/rpc", proxy=address)
    assert "s3cret" not in caught.value.message


def once_a_connection(server: Server, connection: socket.socket) -> None:
    """Answer one request as if the connection were kept, then close it."""
    sending(OK)(server, connection)


@pytest.mark.parametrize("kind", ["urllib3", "httpx2"])
def test_a_kept_connection_that_was_closed_while_idle_is_replaced(kind: str) -> None:
    with (
        serving(once_a_connection) as server,
        sync_transport(kind, server.url) as transport,
    ):
        for _ in range(3):
            assert transport.exchange(posting(b"1")).body == b"{}"
            assert server.ends.acquire(timeout=AMPLE)
        assert len(server.requests) == 3


@pytest.mark.parametrize("kind", ["async aiohttp", "async httpx2"])
def test_a_kept_connection_that_was_closed_behind_a_busy_loop_is_replaced(
    kind: str,
) -> None:
    async def run(server: Server) -> None:
        async with async_transport(kind, server.url) as transport:
            for _ in range(3):
                assert (await transport.exchange(posting(b"1"))).body == b"{}"
                # Blocks the loop until the close waits at its socket, unread.
                assert server.ends.acquire(timeout=AMPLE)

    with serving(once_a_connection) as server:
        asyncio.run(run(server))
        assert len(server.requests) == 3


def answering_once_then_dropping(server: Server, connection: socket.socket) -> None:
    """Answer the first request of a connection; read the second and close."""
    with connection.makefile("rb") as stream:
        server.read_request(stream)
        connection.sendall(OK)
        server.read_request(stream)


@SYNC_KINDS
def test_a_request_that_may_have_been_read_is_not_repeated_sync(kind: str) -> None:
    with (
        serving(answering_once_then_dropping) as server,
        sync_transport(kind, server.url) as transport,
    ):
        transport.exchange(posting(b"1"))
        with pytest.raises(Unavailable):
            transport.exchange(posting(b"2"))
        assert len(server.requests) == 2


@ASYNC_KINDS
def test_a_request_that_may_have_been_read_is_not_repeated_async(kind: str) -> None:
    async def run(server: Server) -> None:
        async with async_transport(kind, server.url) as transport:
            await transport.exchange(posting(b"1"))
            with pytest.raises(Unavailable):
                await transport.exchange(posting(b"2"))

    with serving(answering_once_then_dropping) as server:
        asyncio.run(run(server))
        assert len(server.requests) == 2


@SYNC_KINDS
def test_eight_threads_share_one_transport(kind: str) -> None:
    with (
        serving(echoing) as server,
        sync_transport(kind, server.url) as transport,
        ThreadPoolExecutor(8) as threads,
    ):
        bodies = [b"%d" % number for number in range(80)]
        replies = threads.map(
            lambda body: transport.exchange(posting(body)).body, bodies
        )
        assert [reply.partition(b":")[2] for reply in replies] == bodies
        # pyreqwest opens another while it waits for one, and takes which comes first.
        assert server.connections <= (40 if kind == "pyreqwest" else 8)


@ASYNC_KINDS
def test_the_tasks_of_a_loop_share_one_transport(kind: str) -> None:
    async def run(server: Server) -> list[bytes]:
        async with async_transport(kind, server.url) as transport:
            calls = [transport.exchange(posting(b"%d" % n)) for n in range(40)]
            replies = await asyncio.gather(*calls)
        return [reply.body.partition(b":")[2] for reply in replies]

    with serving(echoing) as server:
        assert asyncio.run(run(server)) == [b"%d" % n for n in range(40)]


@ASYNC_KINDS
def test_another_event_loop_is_refused(kind: str) -> None:
    with (
        serving(echoing) as server,
        asyncio.Runner() as first,
        asyncio.Runner() as second,
    ):
        opened = async_transport(kind, server.url)
        transport = first.run(opened.__aenter__())

        async def use() -> None:
            await transport.exchange(posting(b"1"))

        first.run(use())
        with pytest.raises(RuntimeError, match="event loop that first used it"):
            second.run(use())
        first.run(opened.__aexit__(None, None, None))


@SYNC_KINDS
def test_close_closes_the_connections_and_refuses_later_calls_sync(kind: str) -> None:
    with serving(echoing) as server:
        with sync_transport(kind, server.url) as transport:
            transport.exchange(posting(b"1"))
            transport.close()
            with pytest.raises(RuntimeError, match="this client is closed"):
                transport.exchange(posting(b"1"))
        assert server.ends.acquire(timeout=AMPLE)


@ASYNC_KINDS
def test_close_closes_the_connections_and_refuses_later_calls_async(kind: str) -> None:
    async def run(server: Server) -> None:
        async with async_transport(kind, server.url) as transport:
            await transport.exchange(posting(b"1"))
            await transport.aclose()
            with pytest.raises(RuntimeError, match="this client is closed"):
                await transport.exchange(posting(b"1"))

    with serving(echoing) as server:
        asyncio.run(run(server))
        assert server.ends.acquire(timeout=AMPLE)


def test_a_pool_of_the_callers_is_used_and_left_open() -> None:
    with serving(echoing) as server, urllib3.PoolManager() as pool:
        transport = Urllib3Transport(
            parse_endpoint(server.url), max_response_bytes=LIMIT, pool=pool
        )
        assert transport.exchange(posting(b"a")).body == b"1:a"
        transport.close()
        assert pool.request("POST", server.url, body=b"b").data == b"1:b"


def test_a_session_of_the_callers_is_used_and_left_open() -> None:
    async def run(server: Server) -> None:
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            transport = AiohttpTransport(
                parse_endpoint(server.url), max_response_bytes=LIMIT, session=session
            )
            assert (await transport.exchange(posting(b"a"))).body == b"1:a"
            await transport.aclose()
            async with session.post(server.url, data=b"b") as response:
                assert await response.read() == b"1:b"

    with serving(echoing) as server:
        asyncio.run(run(server))


def test_a_closed_session_of_the_callers_is_said_to_be_closed() -> None:
    async def run(server: Server) -> None:
        session = aiohttp.ClientSession()
        await session.close()
        transport = AiohttpTransport(
            parse_endpoint(server.url), max_response_bytes=LIMIT, session=session
        )
        with pytest.raises(RuntimeError, match="closed"):
            await transport.exchange(posting(b"a"))

    with serving(echoing) as server:
        asyncio.run(run(server))


FORKING = """
import os, sys
from idlgen.runtime.transports.blocking import Urllib3Transport
from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.request import Request
import urllib3
pool = urllib3.PoolManager() if sys.argv[2] == "own pool" else None
transport = Urllib3Transport(parse_endpoint(sys.argv[1]), max_response_bytes=99, pool=pool)

def posting(body):
    return Request(ids=(1,), body=body, headers={}, timeout=30.0)

def call(who):
    try:
        text = transport.exchange(posting(who)).body.decode()
    except RuntimeError as error:
        text = f"{type(error).__name__}: {error}"
    print(text, flush=True)

call(b"parent")
child = os.fork()
if child == 0:
    call(b"child")
    call(b"child")
    transport.close()
    os._exit(0)
os.waitpid(child, 0)
call(b"parent")
"""


def run_script(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def test_a_forked_child_opens_connections_of_its_own() -> None:
    with serving(echoing) as server:
        lines = run_script(FORKING, server.url, "").stdout.splitlines()
    assert lines == ["1:parent", "2:child", "2:child", "1:parent"]


def test_a_forked_child_may_not_use_the_callers_pool() -> None:
    with serving(echoing) as server:
        lines = run_script(FORKING, server.url, "own pool").stdout.splitlines()
    assert lines[0] == lines[3] == "1:parent"
    assert lines[1] == lines[2]
    assert lines[1].startswith("RuntimeError: this client was made before the process")


FORGETTING = """
import asyncio, gc, sys, warnings
from idlgen.runtime.transports.asynchronous import AiohttpTransport
from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.request import Request

warnings.simplefilter(sys.argv[2], ResourceWarning)
kept = []

async def main():
    transport = AiohttpTransport(parse_endpoint(sys.argv[1]), max_response_bytes=99)
    await transport.exchange(Request(ids=(1,), body=b"1", headers={}, timeout=30.0))
    if sys.argv[3] == "dropped at once":
        del transport
        gc.collect()
        await asyncio.sleep(0.01)
    elif sys.argv[3] == "outlives its loop":
        kept.append(transport)

asyncio.run(main())
kept.clear()
gc.collect()
"""


@pytest.mark.parametrize(
    "when", ["dropped at once", "dropped with its loop", "outlives its loop"]
)
def test_a_forgotten_async_transport_is_closed_without_noise(when: str) -> None:
    with serving(echoing) as server:
        quiet = run_script(FORGETTING, server.url, "ignore", when)
        assert quiet.stderr == ""
        assert server.ends.acquire(timeout=AMPLE)


def test_a_forgotten_async_transport_gives_one_warning() -> None:
    with serving(echoing) as server:
        loud = run_script(FORGETTING, server.url, "always", "dropped at once")
    assert loud.stderr.count(f"ResourceWarning: unclosed client of {server.url}") == 1
    assert "Unclosed" not in loud.stderr


@KINDS
def test_an_answer_in_time_is_not_late_without_a_timeout(kind: str) -> None:
    with serving(echoing) as server:
        assert exchange(kind, server.url, timeout=None).body == b"1:[1]"
