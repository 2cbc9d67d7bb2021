"""The connections of HTTP transports: kept, shared, replaced and closed."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import aiohttp
import pytest
import urllib3

from idlgen.runtime.errors import Unavailable
from idlgen.runtime.transports.asynchronous import CALLS, AiohttpTransport
from idlgen.runtime.transports.blocking import Urllib3Transport
from idlgen.runtime.transports.endpoint import parse_endpoint
from tests.runtime.http_servers import (
    AMPLE,
    ASYNC_KINDS,
    OK,
    SYNC_KINDS,
    Server,
    echoing,
    posting,
    sending,
    serving,
)
from tests.runtime.http_transports import LIMIT, async_transport, sync_transport
from tests.runtime.streaming import Caller, calling


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


def hinting_first(server: Server, connection: socket.socket) -> None:
    """Answer the first request of all late, behind a hint that ends nothing."""
    with connection.makefile("rb") as stream:
        is_first = server.connections == 1
        server.read_request(stream)
        if is_first:
            connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            server.read_request(stream)
        connection.sendall(OK.replace(b"{}", b"[]") if is_first else OK)


@pytest.mark.parametrize("kind", ["urllib3"])
def test_an_answer_that_comes_behind_a_hint_is_not_that_of_the_next_call(
    kind: str,
) -> None:
    with (
        serving(hinting_first) as server,
        sync_transport(kind, server.url) as transport,
    ):
        assert transport.exchange(posting(b"1")).status == 103
        assert transport.exchange(posting(b"2")).body == b"{}"


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


def test_streams_that_are_open_keep_no_call_waiting() -> None:
    async def run(feed: Caller) -> None:
        async with AsyncExitStack() as streams:
            opening = [feed.client.watch("silent") for _ in range(CALLS)]
            await asyncio.gather(*map(streams.enter_async_context, opening))
            assert await feed.client.count("four") == 4

    with calling("http", "async") as feed:
        feed.wait(run(feed))
