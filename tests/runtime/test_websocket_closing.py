"""WebSocket transports that are closed, forgotten, or taken along by a fork."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
from idlgen.runtime.transports.websocket_blocking import WebSocketTransport
from idlgen.runtime.transports.websocket_link import Link
from tests.runtime.socket_servers import (
    AMPLE,
    Server,
    answering,
    make,
    request,
    serving,
    silent,
)


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
        elsewhere = other._deadlines.loop = asyncio.new_event_loop()
        with pytest.raises(RuntimeError, match="make one client per loop"):
            asyncio.run(exchanging(other))
        elsewhere.close()


def test_closing_ends_a_connection_that_has_just_been_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def close_as_it_is_made(server: Server) -> None:
        transport = make(server.url)
        made = asyncio.Event()
        connect = transport._connect

        async def connected() -> Link:
            link = await connect()
            made.set()
            return link

        monkeypatch.setattr(transport, "_connect", connected)
        calling = asyncio.ensure_future(transport.exchange(request()))
        await made.wait()
        await transport.aclose()
        with pytest.raises(RuntimeError, match="this client is closed"):
            await calling

    with serving(silent) as server:
        asyncio.run(close_as_it_is_made(server))
        assert server.connections == 1


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
