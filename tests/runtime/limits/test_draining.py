"""An app that is told to end: what runs is finished, what comes is refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, MutableMapping
from typing import Any

import pytest

from idlgen.runtime import asgi_app
from tests.runtime.contract.newsroom import Newsroom
from tests.runtime.limits.test_table import Waiting
from tests.runtime.limits.wires import PATIENCE, Http, WebSocket, call, code, connected

UNAVAILABLE = -32014
GOING_AWAY = 1001
BATCH = [call(n) for n in range(3)]


def run(talk: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(talk, PATIENCE))


@pytest.mark.parametrize("wire", ["http", "websocket"])
def test_calls_that_run_end_well_and_new_ones_are_refused(wire: str) -> None:
    async def talk() -> None:
        accounts = Waiting()
        app = asgi_app(accounts, batch_concurrency=1)
        peer = await connected(app, wire)
        idle = WebSocket(app)
        assert await idle.opened() == 101
        asking: asyncio.Future[list[Any]] = asyncio.Future()
        if isinstance(peer, WebSocket):
            peer.say(call(7))
            peer.say(BATCH)
        else:
            asking = asyncio.ensure_future(peer.ask(call(7), BATCH))
        for _ in range(2):
            await accounts.asked.acquire()
        draining = asyncio.ensure_future(app.drain())
        # Nobody is waited for there.
        assert await idle.hear() == GOING_AWAY
        late_batch = [call(n) for n in (20, 21, 22)]
        for late, expected in ((call(8), UNAVAILABLE), (late_batch, [UNAVAILABLE] * 3)):
            (over_http,) = await Http(app).ask(late)
            assert code(over_http) == expected
            if isinstance(peer, WebSocket):
                peer.say(late)
                assert code(await peer.hear()) == expected
        assert await WebSocket(app).opened() == 503
        assert not draining.done()
        accounts.go.set()
        if isinstance(peer, WebSocket):
            heard = [await peer.hear(), await peer.hear()]
            outcomes = sorted(map(code, heard), key=str)
            assert outcomes == [0, [0, 0, 0]]
            assert await peer.hear() == GOING_AWAY
        else:
            assert list(map(code, await asking)) == [0, [0, 0, 0]]
        assert await draining is True

    run(talk())


def test_a_stream_runs_to_its_end() -> None:
    async def talk() -> None:
        app = asgi_app(Newsroom())
        socket = WebSocket(app)
        assert await socket.opened() == 101
        watch = {"jsonrpc": "2.0", "method": "Feed.watch", "id": 1}
        socket.say({**watch, "params": ["x", 100]})
        for number in range(64):
            assert (await socket.hear())["params"]["item"]["value"] == number
        draining = asyncio.ensure_future(app.drain())
        socket.say(
            {"jsonrpc": "2.0", "method": "$/credit", "params": {"id": 1, "n": 50}}
        )
        for number in range(64, 100):
            assert (await socket.hear())["params"]["item"]["value"] == number
        assert await socket.hear() == {"jsonrpc": "2.0", "result": None, "id": 1}
        assert await socket.hear() == GOING_AWAY
        assert await draining is True

    run(talk())


@pytest.mark.parametrize("wire", ["http", "websocket"])
def test_who_takes_longer_than_the_grace_is_not_waited_for(wire: str) -> None:
    async def talk() -> None:
        accounts = Waiting()
        app = asgi_app(accounts)
        peer = await connected(app, wire)
        asking = asyncio.ensure_future(peer.ask(call(1)))
        await accounts.asked.acquire()
        assert await app.drain(0.01) is False
        if wire == "websocket":
            assert await asking == [GOING_AWAY]
        else:
            accounts.go.set()
            assert [code(answer) for answer in await asking] == [0]

    run(talk())


def test_a_client_that_reads_nothing_does_not_hold_a_server_up() -> None:
    async def talk() -> None:
        app = asgi_app(Newsroom())

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] != "websocket.accept":
                await asyncio.Event().wait()
            accepted.set()

        accepted = asyncio.Event()
        said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        said.put_nowait({"type": "websocket.connect"})
        said.put_nowait({"type": "websocket.receive", "text": "no JSON"})
        scope = {"type": "websocket", "path": "/rpc", "headers": []}
        serving = asyncio.ensure_future(app(scope, said.get, send))
        await accepted.wait()
        assert await app.drain(0.01) is True
        said.put_nowait({"type": "websocket.disconnect"})
        await serving

    run(talk())


def test_answers_on_their_way_are_waited_for() -> None:
    async def talk() -> None:
        accounts = Waiting()
        accounts.go.set()
        app = asgi_app(accounts)
        said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        sent: list[str] = []
        sending, reads = asyncio.Event(), asyncio.Event()

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "websocket.send":
                sending.set()
                await reads.wait()
            sent.append(message["type"])

        said.put_nowait({"type": "websocket.connect"})
        said.put_nowait({"type": "websocket.receive", "text": json.dumps(call(1))})
        scope = {"type": "websocket", "path": "/rpc", "headers": []}
        serving = asyncio.ensure_future(app(scope, said.get, send))
        await sending.wait()
        draining = asyncio.ensure_future(app.drain())
        for _ in range(20):
            await asyncio.sleep(0)
        assert not draining.done()
        reads.set()
        await draining
        assert sent == ["websocket.accept", "websocket.send", "websocket.close"]
        said.put_nowait({"type": "websocket.disconnect"})
        await serving

    run(talk())


def test_an_app_that_is_served_again_takes_calls_again() -> None:
    async def talk() -> None:
        accounts = Waiting()
        accounts.go.set()
        app = asgi_app(accounts)
        messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        told: asyncio.Queue[Any] = asyncio.Queue()
        for _ in range(2):
            serving = asyncio.ensure_future(
                app({"type": "lifespan"}, messages.get, told.put)
            )
            messages.put_nowait({"type": "lifespan.startup"})
            assert await told.get() == {"type": "lifespan.startup.complete"}
            (answer,) = await Http(app).ask(call(1))
            assert code(answer) == 0
            messages.put_nowait({"type": "lifespan.shutdown"})
            assert await told.get() == {"type": "lifespan.shutdown.complete"}
            await serving
            (answer,) = await Http(app).ask(call(1))
            assert code(answer) == UNAVAILABLE

    run(talk())
