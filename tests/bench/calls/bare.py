"""The least that calls with bare libraries and msgspec take: no errors, no deadlines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count

from tests.bench.calls import by_hand
from tests.bench.calls.by_hand import GET_USER, WATCH, Event, Params, Request

HEADERS = {"content-type": "application/json"}


@asynccontextmanager
async def socket_caller(port: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """Call with `websockets`: answers go by their ids to whoever waits."""
    from websockets.asyncio.client import connect

    ids = count(1)
    waiting: dict[int, asyncio.Future[int]] = {}
    loop = asyncio.get_running_loop()
    async with connect(f"ws://127.0.0.1:{port}", compression=None) as connection:

        async def read() -> None:
            async for text in connection:
                answer = by_hand.decode_answer(text)
                waiting.pop(answer.id).set_result(answer.result.id)

        async def call() -> int:
            id = next(ids)
            waiting[id] = loop.create_future()
            answered = waiting[id]
            await connection.send(get_user(id), text=True)
            return await answered

        reading = asyncio.create_task(read())
        yield call
        reading.cancel()


@asynccontextmanager
async def http_caller(port: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """Call with aiohttp."""
    import aiohttp

    ids = count(1)
    url = f"http://127.0.0.1:{port}/rpc"
    async with aiohttp.ClientSession(headers=HEADERS) as session:

        async def call() -> int:
            async with session.post(url, data=get_user(next(ids))) as response:
                answer = by_hand.decode_answer(await response.read())
                return answer.result.id

        yield call


@contextmanager
def blocking_caller(port: str) -> Iterator[Callable[[], int]]:
    """Call with urllib3."""
    import urllib3

    ids = count(1)
    with urllib3.HTTPConnectionPool("127.0.0.1", int(port)) as pool:

        def call() -> int:
            body = get_user(next(ids))
            response = pool.request("POST", "/rpc", body=body, headers=HEADERS)
            return by_hand.decode_answer(response.data).result.id

        yield call


async def socket_events(port: str, n: int) -> AsyncIterator[Event]:
    """Receive `n` items with `websockets`."""
    from websockets.asyncio.client import connect

    async with connect(f"ws://127.0.0.1:{port}", compression=None) as connection:
        await connection.send(watch(n), text=True)
        for _ in range(n):
            text = await connection.recv()
            yield by_hand.decode_item(text).params.item


async def http_events(port: str, n: int) -> AsyncIterator[Event]:
    """Receive `n` items as server-sent events with aiohttp."""
    import aiohttp

    url = f"http://127.0.0.1:{port}/rpc"
    async with (
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.post(url, data=watch(n)) as response,
    ):
        async for line in response.content:
            if line.startswith(b"data: "):
                yield by_hand.decode_item(line[6:]).params.item


def get_user(id: int) -> bytes:
    return by_hand.encode(Request(id, GET_USER, Params(id=1)))


def watch(limit: int) -> bytes:
    return by_hand.encode(Request(1, WATCH, Params(topic="news", limit=limit)))
