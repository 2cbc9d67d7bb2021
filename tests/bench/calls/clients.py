"""A client of the bench: `python -m tests.bench.calls.clients NAME PORT STUBS N`.

Makes N calls, or receives N messages of one stream, after some to warm up; prints the
seconds that they took. Each result is decoded and looked at.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, TypeAlias

from generated_examples.user.client import AsyncUserServiceClient, UserServiceClient
from idlgen.runtime.transports import AsyncTransport
from tests.bench.calls import bare, stubs
from tests.bench.calls.by_hand import Event
from tests.runtime.contract.feed.client import AsyncFeedClient
from tests.runtime.contract.feed.types import EventPosted

IN_FLIGHT = 64
PATIENCE = 120
"""Seconds after which a client gives up."""

Run: TypeAlias = Callable[[int], Awaitable[None]]
"""Makes so many calls, or receives so many messages."""


@asynccontextmanager
async def idlgen_calls(scheme: str, port: str, _: str) -> AsyncIterator[Run]:
    async with AsyncUserServiceClient(f"{scheme}://127.0.0.1:{port}") as users:

        async def call() -> int:
            return (await users.get_user_by_id(1)).id

        yield partial(in_flight, call)


@asynccontextmanager
async def pyreqwest_calls(port: str, _: str) -> AsyncIterator[Run]:
    from idlgen.runtime.transports.pyreqwest import AsyncPyreqwestTransport

    async with transport_calls(AsyncPyreqwestTransport(f"127.0.0.1:{port}")) as run:
        yield run


@asynccontextmanager
async def httpx2_calls(port: str, _: str) -> AsyncIterator[Run]:
    import httpx2

    from idlgen.runtime.transports.httpx2 import AsyncHttpx2Transport

    async with (
        httpx2.AsyncClient() as client,
        transport_calls(AsyncHttpx2Transport(f"127.0.0.1:{port}", client)) as run,
    ):
        yield run


@asynccontextmanager
async def transport_calls(transport: AsyncTransport) -> AsyncIterator[Run]:
    async with AsyncUserServiceClient(transport=transport) as users:

        async def call() -> int:
            return (await users.get_user_by_id(1)).id

        yield partial(in_flight, call)


@asynccontextmanager
async def idlgen_sync_calls(port: str, _: str) -> AsyncIterator[Run]:
    with UserServiceClient(f"http://127.0.0.1:{port}") as users:

        async def run(n: int) -> None:
            for _ in range(n):
                expect(users.get_user_by_id(1).id, 1)

        yield run


@asynccontextmanager
async def idlgen_stream(scheme: str, port: str, _: str) -> AsyncIterator[Run]:
    async with AsyncFeedClient(f"{scheme}://127.0.0.1:{port}") as feed:

        async def run(n: int) -> None:
            last = -1
            async with feed.watch("news", limit=n) as events:
                async for event in events:
                    if isinstance(event, EventPosted):
                        last = event.value.id
            expect(last, n - 1)

        yield run


@asynccontextmanager
async def grpc_calls(port: str, folder: str) -> AsyncIterator[Run]:
    import grpc

    messages, services = stubs.load(folder)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = services.CallsStub(channel)

        async def call() -> Any:
            return (await stub.GetUserById(messages.GetUserByIdRequest(id=1))).id

        yield partial(in_flight, call)


@asynccontextmanager
async def grpc_stream(port: str, folder: str) -> AsyncIterator[Run]:
    import grpc

    messages, services = stubs.load(folder)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = services.CallsStub(channel)

        async def run(n: int) -> None:
            last = -1
            async for event in stub.Watch(messages.WatchRequest(topic="n", limit=n)):
                if event.WhichOneof("event") == "posted":
                    last = event.posted.id
            expect(last, n - 1)

        yield run


@asynccontextmanager
async def websockets_calls(port: str, _: str) -> AsyncIterator[Run]:
    async with bare.socket_caller(port) as call:
        yield partial(in_flight, call)


@asynccontextmanager
async def aiohttp_calls(port: str, _: str) -> AsyncIterator[Run]:
    async with bare.http_caller(port) as call:
        yield partial(in_flight, call)


@asynccontextmanager
async def urllib3_calls(port: str, _: str) -> AsyncIterator[Run]:
    with bare.blocking_caller(port) as call:

        async def run(n: int) -> None:
            for _ in range(n):
                expect(call(), 1)

        yield run


@asynccontextmanager
async def bare_stream(
    events: Callable[[str, int], AsyncIterator[Event]], port: str, _: str
) -> AsyncIterator[Run]:
    async def run(n: int) -> None:
        last = -1
        async for event in events(port, n):
            if isinstance(event, EventPosted):
                last = event.value.id
        expect(last, n - 1)

    yield run


async def in_flight(call: Callable[[], Awaitable[int]], n: int) -> None:
    """Make `n` calls, `IN_FLIGHT` of them at any time."""
    numbers = iter(range(n))

    async def work() -> None:
        for _ in numbers:
            expect(await call(), 1)

    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))


def expect(value: int, wanted: int) -> None:
    """Refuse to time what does not work."""
    if value != wanted:
        raise ValueError(f"received {value} where {wanted} was due")


async def timed(opened: AbstractAsyncContextManager[Run], n: int) -> float:
    """Return the seconds that `n` take once a tenth of them went before."""
    async with opened as run:
        await run(max(n // 10, 1))
        started = time.perf_counter()
        await run(n)
        return time.perf_counter() - started


CLIENTS: dict[str, Callable[[str, str], AbstractAsyncContextManager[Run]]] = {
    "WebSocket, idlgen": partial(idlgen_calls, "ws"),
    "WebSocket, websockets by hand": websockets_calls,
    "HTTP, idlgen": partial(idlgen_calls, "http"),
    "HTTP, idlgen over pyreqwest": pyreqwest_calls,
    "HTTP, idlgen over httpx2": httpx2_calls,
    "HTTP, aiohttp by hand": aiohttp_calls,
    "grpc.aio": grpc_calls,
    "one at a time, idlgen": idlgen_sync_calls,
    "one at a time, urllib3 by hand": urllib3_calls,
    "stream, WebSocket, idlgen": partial(idlgen_stream, "ws"),
    "stream, websockets by hand": partial(bare_stream, bare.socket_events),
    "stream, SSE, idlgen": partial(idlgen_stream, "http"),
    "stream, SSE, aiohttp by hand": partial(bare_stream, bare.http_events),
    "stream, grpc.aio": grpc_stream,
}

if __name__ == "__main__":
    name, its_port, its_stubs, number = sys.argv[1:]
    # A client that waits for what never comes must not stop the bench.
    work = timed(CLIENTS[name](its_port, its_stubs), int(number))
    print(asyncio.run(asyncio.wait_for(work, PATIENCE)))
