"""Streams on a WebSocket: credit, peers that know none, and connections that break."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from idlgen.runtime import ResourceExhausted, RpcError, Unavailable, asgi_app
from idlgen.runtime.protocols.jsonrpc.credit import BYTES, ITEMS, Window
from idlgen.runtime.server import websocket
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.feed.types import EventRemoved
from tests.runtime.contract.newsroom import PATIENCE, Newsroom
from tests.runtime.contract.serving import serving
from tests.runtime.streaming import KINDS

IDLGEN = [Subprotocol("idlgen.1")]


def call(method: str, id: Any, **params: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": id})


def notice(method: str, **params: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params})


Talk = Callable[[Any], Awaitable[None]]


def talking(talk: Talk, *, has_credit: bool = True) -> Newsroom:
    """Talk to a newsroom over a plain WebSocket."""
    newsroom = Newsroom()

    async def connected(port: int) -> None:
        subprotocols = IDLGEN if has_credit else None
        async with asyncio.timeout(PATIENCE):
            url = f"ws://127.0.0.1:{port}/rpc"
            async with connect(url, subprotocols=subprotocols) as socket:
                await talk(socket)

    with serving(asgi_app(newsroom)) as port:
        asyncio.run(connected(port))
    return newsroom


async def received(socket: Any, number: int) -> list[Any]:
    return [json.loads(await socket.recv()) for _ in range(number)]


def item(value: Any, id: Any) -> Any:
    return {"jsonrpc": "2.0", "method": "$/item", "params": {"id": id, "item": value}}


def removed(value: int, id: Any) -> Any:
    return item({"type": "removed", "value": value}, id)


def test_a_window_has_room_for_items_and_for_bytes() -> None:
    window = Window()
    room = []
    for _ in range(ITEMS):
        room.append(window.has_room)
        window.spend(1)
    room.append(window.has_room)
    assert room == [True] * ITEMS + [False]
    room = []
    for restored, spent in ((1, 0), (1000, BYTES), (1, 5 * BYTES), (1, 0)):
        window.restore(restored)
        room.append(window.has_room)
        if spent:
            window.spend(spent)
            room.append(window.has_room)
    assert room == [True, True, False, True, False, True]


def test_a_server_sends_64_items_and_more_only_for_credit() -> None:
    async def talk(socket: Any) -> None:
        await socket.send(call("Feed.watch", 7, topic="news", limit=70))
        assert await received(socket, 64) == [removed(n, 7) for n in range(64)]
        # Nothing else comes: the next message is the answer to the next call.
        await socket.send(call("Feed.count", "x", topic="four"))
        assert await received(socket, 1) == [{"jsonrpc": "2.0", "result": 4, "id": "x"}]
        await socket.send(notice("$/credit", id=7, n=2))
        assert await received(socket, 2) == [removed(64, 7), removed(65, 7)]
        for wrong in (-5, 0, "many", None):
            await socket.send(notice("$/credit", id=7, n=wrong))
        await socket.send(notice("$/credit", id=8, n=100))
        await socket.send(call("Feed.count", "y", topic="four"))
        assert await received(socket, 1) == [{"jsonrpc": "2.0", "result": 4, "id": "y"}]
        await socket.send(notice("$/credit", id=7, n=100))
        *items, answer = await received(socket, 5)
        assert items == [removed(n, 7) for n in range(66, 70)]
        assert answer == {"jsonrpc": "2.0", "result": None, "id": 7}

    talking(talk)


def test_a_server_gives_credit_for_what_its_handler_takes() -> None:
    async def talk(socket: Any) -> None:
        await socket.send(call("Feed.upload", "up"))
        for number in range(3):
            await socket.send(
                notice("$/item", id="up", item={"id": number, "text": ""})
            )
        given = 0
        while given < 3:
            (message,) = await received(socket, 1)
            assert message["method"] == "$/credit"
            assert message["params"]["id"] == "up"
            given += message["params"]["n"]
        await socket.send(notice("$/end", id="up"))
        await socket.send(notice("$/item", id="up", item={"id": 9, "text": ""}))
        assert await received(socket, 1) == [
            {"jsonrpc": "2.0", "result": 3, "id": "up"}
        ]

    talking(talk)


@pytest.mark.parametrize("has_credit", [True, False])
def test_items_beyond_what_there_is_room_for_end_the_call(has_credit: bool) -> None:
    async def talk(socket: Any) -> None:
        await socket.send(call("Feed.upload", 1, topic="stuck"))
        for number in range(3 * ITEMS):
            await socket.send(notice("$/item", id=1, item={"id": number, "text": ""}))
        while True:
            (message,) = await received(socket, 1)
            if "id" in message:
                break
            assert message["method"] == "$/credit"
        assert message["error"]["data"]["status"] == "resource_exhausted"
        await socket.send(call("Feed.count", 2, topic="four"))
        assert (await received(socket, 1))[0]["result"] == 4

    newsroom = talking(talk, has_credit=has_credit)
    if newsroom.started.acquire(blocking=False):
        assert newsroom.ended.acquire(timeout=PATIENCE)


def test_without_the_subprotocol_there_is_no_credit() -> None:
    async def talk(socket: Any) -> None:
        await socket.send(call("Feed.watch", 7, topic="news", limit=500))
        *items, answer = await received(socket, 501)
        assert items == [removed(n, 7) for n in range(500)]
        assert answer["result"] is None
        await socket.send(call("Feed.talk", 8))
        await socket.send(notice("$/item", id=8, item="a"))
        await socket.send(notice("$/end", id=8))
        assert await received(socket, 2) == [
            item("A", 8),
            {"jsonrpc": "2.0", "result": None, "id": 8},
        ]

    talking(talk, has_credit=False)


def test_what_the_handlers_of_a_connection_do_not_read_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def talk(socket: Any) -> None:
        async def open_and_send(id: int, items: int) -> None:
            await socket.send(call("Feed.watch", id, topic="silent"))
            for _ in range(items):
                await socket.send(notice("$/item", id=id, item="x" * 98))

        async def status(id: int) -> str:
            (answer,) = await received(socket, 1)
            assert answer["id"] == id
            text: str = answer["error"]["data"]["status"]
            return text

        await open_and_send(1, 9)
        await open_and_send(2, 1)
        await open_and_send(3, 1)
        assert await status(3) == "resource_exhausted"
        # What ends gives its room back.
        await socket.send(notice("$/cancel", id=1))
        assert await status(1) == "cancelled"
        await open_and_send(4, 9)
        await socket.send(notice("$/cancel", id=4))
        assert await status(4) == "cancelled"

    monkeypatch.setattr(websocket, "UNREAD", 1000)
    talking(talk)


def test_an_item_that_does_not_fit_is_refused_by_its_place() -> None:
    async def talk(socket: Any) -> None:
        await socket.send(call("Feed.upload", 1))
        await socket.send(notice("$/item", id=1, item={"id": "x", "text": ""}))
        while "id" not in (message := (await received(socket, 1))[0]):
            pass
        assert message["error"]["data"] == {
            "status": "invalid_argument",
            "problems": [{"path": "$.id", "message": "Expected `int`, got `str`"}],
        }

    talking(talk)


def test_messages_of_unknown_streams_are_ignored() -> None:
    async def talk(socket: Any) -> None:
        for method in ("$/item", "$/end", "$/credit", "$/cancel", "$/hint"):
            await socket.send(notice(method, id=99, item=1, n=1))
            await socket.send(notice(method))
        await socket.send(call("Feed.count", 1, topic="four"))
        assert (await received(socket, 1))[0]["result"] == 4

    talking(talk)


def test_an_id_that_streams_is_in_use_until_the_answer() -> None:
    async def talk(socket: Any) -> None:
        await socket.send(call("Feed.talk", 1))
        await socket.send(call("Feed.count", 1, topic="four"))
        (refused,) = await received(socket, 1)
        assert refused["error"]["code"] == -32600
        await socket.send(notice("$/cancel", id=1))
        (answer,) = await received(socket, 1)
        assert answer["error"]["data"]["status"] == "cancelled"
        await socket.send(call("Feed.count", 1, topic="four"))
        assert (await received(socket, 1))[0]["result"] == 4

    talking(talk)


def test_a_client_that_vanishes_ends_its_handlers() -> None:
    async def talk(socket: Any) -> None:
        await socket.send(call("Feed.watch", 1, topic="endless"))
        await socket.send(call("Feed.watch", 2, topic="news", limit=10**9))
        await socket.send(call("Feed.talk", 3))
        await socket.send(call("Feed.count", 4, topic="four"))
        while (await received(socket, 1))[0].get("id") != 4:
            pass
        socket.transport.abort()

    newsroom = talking(talk)
    for _ in range(3):
        assert newsroom.ended.acquire(timeout=PATIENCE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_slow_reader_stops_nobody_else_on_its_socket(kind: str) -> None:
    newsroom = Newsroom()

    async def read(url: str) -> None:
        async with (
            AsyncFeedClient(url) as feed,
            feed.watch("news", limit=10**7) as slow,
        ):
            assert await anext(slow) == EventRemoved(value=0)
            async with feed.watch("news", limit=1000) as fast:
                assert len([event async for event in fast]) == 1000
            assert await feed.count("four") == 4
            assert newsroom.made < 1000 + 10 * ITEMS

    with serving(asgi_app(newsroom)) as port:
        url = f"ws://127.0.0.1:{port}/rpc"
        if kind == "async":
            asyncio.run(read(url))
            return
        with FeedClient(url) as feed, feed.watch("news", limit=10**7) as slow:
            assert next(slow) == EventRemoved(value=0)
            with feed.watch("news", limit=1000) as fast:
                assert len(list(fast)) == 1000
            assert feed.count("four") == 4
            assert newsroom.made < 1000 + 10 * ITEMS


@contextmanager
def peer(
    behave: Callable[[ServerConnection], Awaitable[None]], *, has_credit: bool
) -> Iterator[str]:
    """Serve a WebSocket whose server behaves so; its URL."""
    ready = threading.Event()
    ports: list[int] = []

    async def run() -> None:
        subprotocols = IDLGEN if has_credit else None
        async with serve(behave, "127.0.0.1", 0, subprotocols=subprotocols) as server:
            ports.append(server.sockets[0].getsockname()[1])
            ready.set()
            await stop.wait()

    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield f"ws://127.0.0.1:{ports[0]}/rpc"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def events_of(url: str, kind: str) -> tuple[int, RpcError | None]:
    """Return how many items a client gets of a stream, and the error after them."""
    seen: list[Any] = []

    async def watched() -> None:
        async with AsyncFeedClient(url) as feed, feed.watch("news") as events:
            while True:
                try:
                    seen.append(await anext(events))
                except StopAsyncIteration:
                    return

    try:
        if kind == "async":
            asyncio.run(watched())
        else:
            with FeedClient(url) as feed, feed.watch("news") as events:
                seen.extend(events)
    except RpcError as error:
        return len(seen), error
    return len(seen), None


@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_that_breaks_ends_the_stream(kind: str) -> None:
    async def behave(socket: ServerConnection) -> None:
        id = json.loads(await socket.recv())["id"]
        await socket.send(json.dumps(removed(1, id)))
        await socket.close()

    with peer(behave, has_credit=True) as url:
        number, error = events_of(url, kind)
    assert (number, type(error)) == (1, Unavailable)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_knows_no_credit_may_not_flood(kind: str) -> None:
    cancelled = threading.Event()

    async def behave(socket: ServerConnection) -> None:
        id = json.loads(await socket.recv())["id"]
        # In one write, so that they come faster than any reader takes them.
        messages = [json.dumps(removed(n, id)).encode() for n in range(10 * ITEMS)]
        for message in messages:
            socket.protocol.send_text(message)
        socket.transport.write(b"".join(socket.protocol.data_to_send()))
        message = json.loads(await socket.recv())
        if message["method"] == "$/cancel" and message["params"] == {"id": id}:
            cancelled.set()

    with peer(behave, has_credit=False) as url:
        number, error = events_of(url, kind)
        assert cancelled.wait(PATIENCE)
    assert ITEMS <= number < 10 * ITEMS
    assert type(error) is ResourceExhausted
