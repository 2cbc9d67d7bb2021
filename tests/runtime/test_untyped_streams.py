"""What a method streams to clients without generated code, sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from idlgen.runtime import AsyncClient, Client, NotFound, Unimplemented, asgi_app
from idlgen.runtime.recording import recorded
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.transports.in_process import (
    AsyncInProcessTransport,
    InProcessTransport,
)
from tests.runtime.contract.newsroom import PATIENCE, Newsroom
from tests.runtime.contract.serving import serving
from tests.runtime.streaming import KINDS, WIRES, Caller

POSTS = [
    {"type": "removed", "value": 0},
    {"type": "posted", "value": {"id": 1, "text": "hello"}},
    {"type": "idle"},
]


@pytest.fixture(scope="module", params=[(w, k) for w in WIRES for k in KINDS], ids=str)
def feed(request: pytest.FixtureRequest) -> Iterator[Caller]:
    wire, kind = request.param
    newsroom = Newsroom()
    with asyncio.Runner() as runner, serving(asgi_app(newsroom)) as port:
        client: Any
        url = f"{wire}://127.0.0.1:{port}"
        if kind == "sync":
            local = InProcessTransport(Dispatcher(newsroom))
            client = Client(transport=local) if wire == "in process" else Client(url)
        else:
            there = AsyncInProcessTransport(Dispatcher(newsroom))
            near = wire == "in process"
            client = AsyncClient(transport=there) if near else AsyncClient(url)
        caller = Caller(newsroom, client, runner)
        yield caller
        if kind == "sync":
            client.close()
        else:
            caller.wait(client.aclose())


def test_items_are_plain_data(feed: Caller) -> None:
    by_name = feed.client.stream("Feed.watch", topic="posts", limit=1)
    assert feed.all(by_name) == POSTS
    by_position = feed.client.stream("feed.Feed.watch", "posts", 1)
    assert feed.all(by_position) == POSTS


def test_an_error_between_items_is_of_the_class_of_its_status(feed: Caller) -> None:
    with feed.open(feed.client.stream("Feed.watch", topic="broken", limit=1)) as items:
        assert next(items) == POSTS[0]
        with pytest.raises(NotFound, match="no topic broken") as caught:
            next(items)
    assert caught.value.details == {"name": "broken"}


def test_an_error_before_the_first_item(feed: Caller) -> None:
    with (
        pytest.raises(Unimplemented, match=r"did you mean `feed.Feed.watch`"),
        feed.open(feed.client.stream("Feed.wach")) as items,
    ):
        next(items)


def test_leaving_the_block_ends_the_handler(feed: Caller) -> None:
    while feed.newsroom.ended.acquire(blocking=False):
        pass
    with feed.open(feed.client.stream("Feed.watch", topic="endless")) as items:
        assert next(items) == POSTS[0]
    assert feed.newsroom.ended.acquire(timeout=PATIENCE)


def test_params_are_by_position_or_by_name(feed: Caller) -> None:
    with pytest.raises(TypeError, match="by position or by keyword, not both"):
        feed.client.stream("Feed.watch", "posts", limit=1)


def test_a_stream_cannot_be_put_off_for_a_batch(feed: Caller) -> None:
    with pytest.raises(TypeError, match="`stream` is not one call of the service"):
        recorded(feed.client, feed.client.stream, ["Feed.watch"], {})
