"""WebSocket servers that behave, misbehave and go away, and transports that talk to them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

import pytest
from websockets.asyncio.server import Server as Listening, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from idlgen.runtime.errors import (
    RpcError,
)
from idlgen.runtime.transports import Reply, Request
from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.loop_thread import LoopThread
from idlgen.runtime.transports.websocket import AsyncWebSocketTransport
from idlgen.runtime.transports.websocket_blocking import WebSocketTransport

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


def outcome_of(call: Callable[[], object]) -> BaseException:
    """Return what the call raised."""
    with pytest.raises(RpcError) as caught:
        call()
    return caught.value
