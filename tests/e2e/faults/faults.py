"""The faults, each a function that has it happen once and sees the error that it is."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from msgspec import Struct as Record

from idlgen.runtime import (
    CallOptions,
    DeadlineExceeded,
    ResourceExhausted,
    Unavailable,
)
from tests.e2e.faults.scene import Scene, expected, kill, wait_until
from tests.e2e.faults.service import DIE, HANG, MAX_BODY, PID
from tests.runtime.contract.feed.types import Post
from tests.runtime.contract.newsroom import HELLO
from tests.runtime.streaming import Caller

SHORT = CallOptions(timeout=0.03)

Strike = Callable[[], None]


class Fault(Record, frozen=True):
    """A fault as a row of a table.

    `begin` gives what has it happen once; all that it needs stays open meanwhile.
    """

    begin: Callable[[Scene], AbstractContextManager[Strike]]
    connections: int = 0
    """How many connections to the steady server the client keeps."""


# --- the server is killed ----------------------------------------------------------


def call_killed(feed: Caller) -> None:
    with expected(Unavailable):
        feed.result(feed.client.count(DIE))


def watch_killed(feed: Caller) -> None:
    process = feed.result(feed.client.count(PID))
    with feed.open(feed.client.watch("endless")) as events:
        next(events)
        kill(process)
        with expected(Unavailable):
            list(events)


def upload_killed(feed: Caller) -> None:
    process = feed.result(feed.client.count(PID))

    def posts() -> Iterator[Post]:
        yield HELLO
        kill(process)
        while True:
            yield HELLO

    with expected(Unavailable):
        feed.result(feed.client.upload(posts()))


def talk_killed(feed: Caller) -> None:
    process = feed.result(feed.client.count(PID))
    with feed.open(feed.client.talk(["a", "b"] * 1000)) as replies:
        assert next(replies) == "A"
        kill(process)
        with expected(Unavailable):
            list(replies)


@contextmanager
def on_mortal(
    wire: str, strike: Callable[[Caller], None], scene: Scene
) -> Iterator[Strike]:
    """One client for all: it finds each server that is started anew."""
    with scene.client(wire, scene.urls.mortal) as feed:

        def once() -> None:
            strike(feed)
            assert feed.result(feed.client.count("four")) == 4

        yield once


# --- the server says half of something, and stalls ----------------------------------


def call_stalled(feed: Caller) -> None:
    with expected(DeadlineExceeded):
        feed.result(feed.client.count("four", options=SHORT))


def watch_stalled(feed: Caller) -> None:
    with (
        expected(DeadlineExceeded),
        feed.open(feed.client.watch("news", options=SHORT)) as events,
    ):
        list(events)


@contextmanager
def on_stalling(
    wire: str, strike: Callable[[Caller], None], scene: Scene
) -> Iterator[Strike]:
    """A client each time: a frame that stalls is found out by pings, much later."""

    def once() -> None:
        with scene.client(wire, scene.urls.stalling) as feed:
            strike(feed)

    yield once


# --- the client sends too much -----------------------------------------------------

LARGE = "x" * (MAX_BODY + 1)


def flood(feed: Caller) -> None:
    with expected(ResourceExhausted):
        feed.result(feed.client.count(LARGE))


# --- the client reads one stream slowly, and another fast ----------------------------


def slow_beside_fast(feed: Caller) -> None:
    with feed.open(feed.client.watch("news", limit=10**6)) as slow:
        next(slow)
        assert feed.number(feed.client.watch("news", limit=300)) == 300
        assert feed.result(feed.client.count("four")) == 4
        assert [next(slow).value for _ in range(100)] == list(range(1, 101))


@contextmanager
def on_steady(
    wire: str, strike: Callable[[Caller], None], scene: Scene
) -> Iterator[Strike]:
    with scene.client(wire, scene.urls.steady) as feed:

        def once() -> None:
            strike(feed)
            # The connection that is kept is there again.
            assert feed.result(feed.client.count("four")) == 4

        yield once


# --- the client says half of something, stalls, and goes ----------------------------

HALF_A_REQUEST = (
    b"POST /rpc HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    b'content-length: 99\r\n\r\n{"jsonrpc":"2.0",'
)
HANDSHAKE = (
    b"GET /rpc HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
HALF_A_FRAME = b'\x81\xe3\0\0\0\0{"jsonrpc":"2.0",'


@contextmanager
def half_a_message(wire: str, scene: Scene) -> Iterator[Strike]:
    """Others are served while it stalls."""
    host, _, port = scene.urls.steady.partition(":")
    with scene.client(wire, scene.urls.steady) as feed:

        def once() -> None:
            with socket.create_connection((host, int(port))) as stalling:
                if wire == "ws":
                    stalling.sendall(HANDSHAKE)
                    assert stalling.recv(4096).startswith(b"HTTP/1.1 101 ")
                stalling.sendall(HALF_A_REQUEST if wire == "http" else HALF_A_FRAME)
                assert feed.result(feed.client.count("four")) == 4

        yield once


# --- the client is killed ------------------------------------------------------------


def hang(feed: Caller) -> None:
    feed.result(feed.client.count(HANG))


def watch_silently(feed: Caller) -> None:
    with feed.open(feed.client.watch("endless")) as events:
        list(events)


def watch_unread(feed: Caller) -> None:
    with feed.open(feed.client.watch("news", limit=10**9)) as events:
        next(events)
        wait_until(lambda: False)


def upload_endlessly(feed: Caller) -> None:
    def posts() -> Iterator[Post]:
        while True:
            yield HELLO

    feed.result(feed.client.upload(posts()))


def talk_endlessly(feed: Caller) -> None:
    def words() -> Iterator[str]:
        while True:
            yield "again"

    with feed.open(feed.client.talk(words())) as replies:
        for _ in replies:
            pass


@contextmanager
def vanishing(
    wire: str, use: Callable[[Caller], None], scene: Scene
) -> Iterator[Strike]:
    """A child process has the call begun, and is killed."""

    # Each child would import all that a client needs.
    with scene.client(wire, scene.urls.steady) as feed:
        assert feed.result(feed.client.count("four")) == 4

    def once() -> None:
        begun = scene.monitor.begun()
        child = os.fork()
        if child == 0:
            with scene.client(wire, scene.urls.steady) as feed:
                use(feed)
            os._exit(1)
        wait_until(lambda: scene.monitor.begun() > begun)
        kill(child)
        assert os.waitpid(child, 0)[1] == 9

    yield once


def row(begin: Any, wire: str, *use: Any, connections: int = 0) -> Fault:
    return Fault(begin=partial(begin, wire, *use), connections=connections)


FAULTS: Mapping[str, Fault] = {
    "server killed in a call, http": row(on_mortal, "http", call_killed),
    "server killed in a call, ws": row(on_mortal, "ws", call_killed),
    "server killed in a stream, http": row(on_mortal, "http", watch_killed),
    "server killed in a stream, ws": row(on_mortal, "ws", watch_killed),
    "server killed in an upload, ws": row(on_mortal, "ws", upload_killed),
    "server killed in a talk, ws": row(on_mortal, "ws", talk_killed),
    "half a response, http": row(on_stalling, "http", call_stalled),
    "half an event, http": row(on_stalling, "http", watch_stalled),
    "half a frame for a call, ws": row(on_stalling, "ws", call_stalled),
    "half a frame for a stream, ws": row(on_stalling, "ws", watch_stalled),
    "half a request, http": row(half_a_message, "http", connections=1),
    "half a frame, ws": row(half_a_message, "ws", connections=1),
    "too large a body, http": row(on_steady, "http", flood, connections=1),
    "too large a message, ws": row(on_steady, "ws", flood, connections=1),
    "a slow reader beside a fast one, ws": row(
        on_steady, "ws", slow_beside_fast, connections=1
    ),
    "client killed in a call, http": row(vanishing, "http", hang),
    "client killed in a call, ws": row(vanishing, "ws", hang),
    "client killed in a stream, http": row(vanishing, "http", watch_silently),
    "client killed in a stream, ws": row(vanishing, "ws", watch_silently),
    "client killed and unread, http": row(vanishing, "http", watch_unread),
    "client killed and unread, ws": row(vanishing, "ws", watch_unread),
    "client killed in an upload, ws": row(vanishing, "ws", upload_endlessly),
    "client killed in a talk, ws": row(vanishing, "ws", talk_endlessly),
}
