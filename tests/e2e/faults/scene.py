"""What a fault is made with: the peers, a client of the kind, and a look at the server."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest
import urllib3
from msgspec import Struct as Record

from idlgen.runtime import RpcError
from tests.e2e.faults.counting import Counts
from tests.e2e.faults.service import GLANCE, LOOK, Look
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.newsroom import Newsroom
from tests.runtime.streaming import Caller

PATIENCE = 60.0
"""Seconds after which a run fails instead of hanging."""


class Urls(Record, frozen=True):
    """Where the peers are, `127.0.0.1:<port>`."""

    steady: str
    """A server that lives."""
    mortal: str
    """One that is started again when it is killed."""
    stalling: str
    """One that says half of everything."""


class Monitor:
    """Looks at the steady server, over a connection of its own."""

    def __init__(self, address: str) -> None:
        self._server = f"http://{address}"
        self._pool = urllib3.PoolManager()

    def look(self, how: str = LOOK) -> Look:
        response = self._pool.request("GET", self._server + how, timeout=PATIENCE)
        return msgspec.json.decode(response.data, type=Look)

    def begun(self) -> int:
        """Return how many handlers have begun."""
        return self.look(GLANCE).begun

    def settled(self, connections: int, at_most: Counts | None) -> Counts:
        """Return what the server holds once no handler runs, and no other connection is
        open than so many; wait until it holds no more of anything than `at_most`."""

        def is_idle() -> bool:
            look = self.look(GLANCE)
            return look.begun == look.ended and look.connections == connections

        def is_settled() -> bool:
            held = self.look().held
            assert held is not None
            found.append(held)
            return at_most is None or not leaks(at_most, held)

        found: list[Counts] = []
        try:
            wait_until(is_idle)
            wait_until(is_settled)
        except AssertionError as error:
            error.add_note(f"at most {at_most}, found {found or self.look()}")
            raise
        return found[-1]

    def close(self) -> None:
        self._pool.clear()


def leaks(few: Counts, many: Counts) -> list[str]:
    """Return what there is more of in `many`."""
    return [
        name
        for name in ("tasks", "threads", "files")
        if getattr(many, name) > getattr(few, name)
    ]


def wait_until(condition: Callable[[], bool]) -> None:
    """Ask again and again; whoever waits longer than `PATIENCE` fails."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.001)


class Scene:
    """One kind of client in front of the peers."""

    def __init__(self, kind: str, urls: Urls) -> None:
        self.kind = kind
        self.urls = urls
        self.monitor = Monitor(urls.steady)

    @contextmanager
    def client(self, wire: str, address: str) -> Iterator[Caller]:
        """A new client, closed behind the block."""
        made = FeedClient if self.kind == "sync" else AsyncFeedClient
        with asyncio.Runner() as runner:
            feed = Caller(Newsroom(), made(f"{wire}://{address}"), runner)
            yield feed
            if self.kind == "sync":
                feed.client.close()
            else:
                feed.wait(feed.client.aclose())


@contextmanager
def expected(error: type[RpcError]) -> Iterator[None]:
    """The block raises just that."""
    with pytest.raises(RpcError) as caught:
        yield
    if type(caught.value) is not error:
        raise caught.value


def kill(process: int) -> None:
    """Kill the process, and wait until all of its connections have ended.

    They end one after the other: the next call might find one that has not yet.
    """
    end = os.pidfd_open(process)
    try:
        signal.pidfd_send_signal(end, signal.SIGKILL)
        assert select.select([end], [], [], PATIENCE)[0], "it did not end"
    finally:
        os.close(end)
