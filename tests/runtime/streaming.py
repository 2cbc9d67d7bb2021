"""A client of the newsroom on any wire, sync or async, used without `await`."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from idlgen.runtime import asgi_app, in_process
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.newsroom import Newsroom
from tests.runtime.contract.serving import serving

WIRES = ("http", "ws", "in process")
KINDS = ("sync", "async")


class Caller:
    """Calls the newsroom; what is async is waited for here."""

    def __init__(self, newsroom: Newsroom, client: Any, runner: asyncio.Runner) -> None:
        self.newsroom = newsroom
        self.client = client
        self._runner = runner

    @contextmanager
    def open(self, stream: Any) -> Iterator[Iterator[Any]]:
        """Enter the stream; give an iterator of its items."""
        if hasattr(stream, "__enter__"):
            with stream as items:
                yield items
            return
        items = self._runner.run(stream.__aenter__())
        try:
            yield self._each(items)
        finally:
            self._runner.run(stream.__aexit__(None, None, None))

    def all(self, stream: Any) -> list[Any]:
        """Return the stream's items."""
        with self.open(stream) as items:
            return list(items)

    def number(self, stream: Any) -> int:
        """Return how many items the stream has, and keep none."""
        if hasattr(stream, "__enter__"):
            with stream as items:
                return sum(1 for _ in items)

        async def counted() -> int:
            number = 0
            async with stream as items:
                async for _ in items:
                    number += 1
            return number

        return self._runner.run(counted())

    def result(self, calling: Any) -> Any:
        """Return the result of a call."""
        return self.wait(calling) if inspect.isawaitable(calling) else calling

    def wait(self, awaitable: Any) -> Any:
        """Return what is awaited."""

        async def awaited() -> Any:
            return await awaitable

        return self._runner.run(awaited())

    def _each(self, items: Any) -> Iterator[Any]:
        while True:
            try:
                item = self._runner.run(items.__anext__())
            except StopAsyncIteration:
                return
            yield item


@contextmanager
def calling(
    wire: str, kind: str, newsroom: Newsroom | None = None, **options: Any
) -> Iterator[Caller]:
    """Serve a newsroom and give what calls it."""
    newsroom = Newsroom() if newsroom is None else newsroom
    made = FeedClient if kind == "sync" else AsyncFeedClient
    with asyncio.Runner() as runner:
        if wire == "in process":
            caller = Caller(newsroom, in_process(made, newsroom), runner)
            yield caller
            _close(caller)
            return
        with serving(asgi_app(newsroom)) as port:
            client = made(f"{wire}://127.0.0.1:{port}/rpc", **options)
            caller = Caller(newsroom, client, runner)
            yield caller
            _close(caller)


@contextmanager
def caller_of(url: str, kind: str, **options: Any) -> Iterator[Caller]:
    """Give what calls a newsroom elsewhere."""
    made = FeedClient if kind == "sync" else AsyncFeedClient
    with asyncio.Runner() as runner:
        caller = Caller(Newsroom(), made(url, **options), runner)
        yield caller
        _close(caller)


def _close(caller: Caller) -> None:
    close = getattr(caller.client, "aclose", None)
    if close is None:
        caller.client.close()
    else:
        caller.wait(close())
