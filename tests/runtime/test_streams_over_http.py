"""Streams on the wire of HTTP: what a server sends byte for byte, and servers that fail."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Callable
from typing import Any

import pytest

from idlgen.runtime import (
    DeadlineExceeded,
    Internal,
    ResourceExhausted,
    RpcError,
    Unavailable,
    asgi_app,
)
from idlgen.runtime.call import EARLY
from idlgen.runtime.server import event_response
from idlgen.runtime.transports import adapter, asynchronous, blocking, pyreqwest
from idlgen.runtime.transports.streaming import Patience
from tests.hurry import lengthening
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.feed.types import EventRemoved
from tests.runtime.contract.newsroom import PATIENCE, Newsroom
from tests.runtime.contract.serving import serving
from tests.runtime.http_servers import (
    Server,
    sending,
    serving as serving_socket,
    stalling,
)
from tests.runtime.http_transports import ASYNC, SYNC, async_client, sync_client
from tests.runtime.streaming import KINDS, calling

BOTH = {"accept": "text/event-stream, application/json"}
JSON = {"content-type": "application/json"}


def call(method: str = "watch", id: str = '"a"', **params: Any) -> bytes:
    given = json.dumps(params)
    head = f'{{"jsonrpc":"2.0","method":"Feed.{method}"'
    return f'{head},"params":{given},"id":{id}}}'.encode()


def posted(
    port: int, body: bytes, headers: dict[str, str] = BOTH
) -> tuple[str | None, bytes]:
    """Return the content type and the body of the response."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("POST", "/rpc", body, {**JSON, **headers})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.headers.get("content-type"), content


def test_items_are_notifications_and_the_answer_is_the_last_event() -> None:
    with serving(asgi_app(Newsroom())) as port:
        kind, content = posted(port, call(topic="news", limit=2))
        assert kind == "text/event-stream"
        assert content == (
            b'data: {"jsonrpc":"2.0","method":"$/item",'
            b'"params":{"id":"a","item":{"type":"removed","value":0}}}\n\n'
            b'data: {"jsonrpc":"2.0","method":"$/item",'
            b'"params":{"id":"a","item":{"type":"removed","value":1}}}\n\n'
            b'data: {"jsonrpc":"2.0","result":null,"id":"a"}\n\n'
        )
        kind, content = posted(port, call(topic="broken", limit=0, id="-7"))
        assert kind == "application/json"
        error = json.loads(content)["error"]
        assert (error["code"], error["data"]["error"]) == (-32005, "feed.NoSuchTopic")
        kind, content = posted(port, call(topic="broken", limit=1, id="7"))
        *_, last, rest = content.split(b"\n\n")
        assert json.loads(last.removeprefix(b"data: "))["error"] == error | {
            "message": "no topic broken"
        }
        assert (kind, rest) == ("text/event-stream", b"")


@pytest.mark.parametrize(
    ("body", "headers", "path"),
    [
        (call(topic="news"), {"accept": "application/json"}, "$"),
        (call(topic="news"), {"accept": "*/*"}, "$"),
        (call(topic="news"), {"accept": "text/event-streams"}, "$"),
        (call(topic="news", id="null"), BOTH, "$.id"),
        (call(topic="news", id="1.5"), BOTH, "$.id"),
        (call(topic="news", id="1e3"), BOTH, "$.id"),
        (call("upload"), BOTH, "$"),
        (call("talk"), BOTH, "$"),
    ],
)
def test_what_cannot_be_streamed_is_refused(
    body: bytes, headers: dict[str, str], path: str
) -> None:
    newsroom = Newsroom()
    with serving(asgi_app(newsroom)) as port:
        kind, content = posted(port, body, headers)
    error = json.loads(content)["error"]
    assert (kind, error["code"]) == ("application/json", -32600)
    assert [problem["path"] for problem in error["data"]["problems"]] == [path]
    assert not newsroom.started.acquire(blocking=False)


def test_a_batch_and_a_notification_do_not_stream() -> None:
    newsroom = Newsroom()
    with serving(asgi_app(newsroom)) as port:
        _, content = posted(port, b"[%b]" % call(topic="news"))
        assert json.loads(content)[0]["error"]["code"] == -32600
        notification = call(topic="news").replace(b',"id":"a"', b"")
        assert posted(port, notification) == (None, b"")
    assert not newsroom.started.acquire(blocking=False)


def test_silence_is_broken_by_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_response, "SILENCE", 0.01)
    newsroom = Newsroom()
    with serving(asgi_app(newsroom)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        body = call(topic="silent")
        connection.request("POST", "/rpc", body, {**JSON, **BOTH})
        response = connection.getresponse()
        assert response.headers["content-type"] == "text/event-stream"
        assert response.headers["cache-control"] == "no-store"
        assert response.read(12) == b":\n\n" * 4
        # A client that vanishes, with the response open.
        response.close()
        connection.close()
        assert newsroom.ended.acquire(timeout=PATIENCE)


def test_clients_skip_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_response, "SILENCE", 0.01)
    for kind in KINDS:
        with calling("http", kind) as feed:
            with feed.open(feed.client.watch("endless", limit=1)) as events:
                assert next(events) == EventRemoved(value=0)
            assert feed.newsroom.ended.acquire(timeout=PATIENCE)


def test_a_client_that_vanishes_while_it_reads_nothing_ends_the_handler() -> None:
    newsroom = Newsroom()
    with serving(asgi_app(newsroom)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        body = call(topic="news", limit=10**8)
        connection.request("POST", "/rpc", body, {**JSON, **BOTH})
        response = connection.getresponse()
        assert response.read(5) == b"data:"
        response.close()
        connection.close()
        assert newsroom.ended.acquire(timeout=PATIENCE)
        assert newsroom.made < 10**8


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
ITEM = (
    b'data: {"jsonrpc":"2.0","method":"$/item","params":{"id":1,"item":{"type":'
    b'"removed","value":1}}}\n\n'
)
END = b'data: {"jsonrpc":"2.0","result":null,"id":1}\n\n'
LAST = b"0\r\n\r\n"


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


def events_of(
    behave: Callable[[Server, Any], None], kind: str, **options: Any
) -> tuple[list[Any], RpcError | None]:
    """Return the items of a client whose server behaves so, and the error after them."""
    seen: list[Any] = []

    async def watch(url: str) -> None:
        async with (
            async_client(kind, AsyncFeedClient, url, **options) as feed,
            feed.watch("news") as events,
        ):
            while True:
                try:
                    seen.append(await anext(events))
                except StopAsyncIteration:
                    return

    with serving_socket(behave) as server:
        try:
            if kind in ASYNC:
                asyncio.run(watch(server.url))
            else:
                with (
                    sync_client(kind, FeedClient, server.url, **options) as feed,
                    feed.watch("news") as events,
                ):
                    seen.extend(iter(events))
        except RpcError as error:
            return seen, error
    return seen, None


REMOVED = EventRemoved(value=1)


@pytest.mark.parametrize("kind", SYNC + ASYNC)
@pytest.mark.parametrize(
    ("answer", "seen", "error"),
    [
        (CHUNKED + chunk(ITEM) + chunk(ITEM + END) + LAST, [REMOVED] * 2, None),
        (HEAD + b"\r\n" + ITEM + END, [REMOVED], None),
        (CHUNKED + chunk(ITEM[:20]) + chunk(ITEM[20:] + END) + LAST, [REMOVED], None),
        (CHUNKED + chunk(ITEM + END + ITEM) + LAST, [REMOVED], None),
        (CHUNKED + chunk(ITEM) + LAST, [REMOVED], Unavailable),
        (CHUNKED + chunk(ITEM.strip()) + LAST, [], Unavailable),
        (CHUNKED + LAST, [], Unavailable),
        (HEAD + b"\r\n" + ITEM, [REMOVED], Unavailable),
        (CHUNKED + chunk(b"data: nope\n\n") + LAST, [], Internal),
        (CHUNKED + chunk(b"data: [1]\n\n") + LAST, [], Internal),
        (
            CHUNKED + chunk(ITEM.replace(b'"removed"', b"7") + END) + LAST,
            [],
            Internal,
        ),
        (
            CHUNKED + chunk(ITEM.replace(b'"id":1', b'"id":2') + ITEM + END) + LAST,
            [REMOVED],
            None,
        ),
        (
            CHUNKED + chunk(ITEM.replace(b"$/item", b"$/hint") + ITEM + END) + LAST,
            [REMOVED],
            None,
        ),
        (
            CHUNKED + chunk(b'data: {"method":"$/x","params":[1]}\n\n' + END) + LAST,
            [],
            None,
        ),
        (CHUNKED + chunk(END.replace(b"1}", b"2}")) + LAST, [], Internal),
        (b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", [], Unavailable),
        (
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi",
            [],
            Internal,
        ),
    ],
)
def test_clients_know_each_end_of_a_stream(
    kind: str, answer: bytes, seen: list[Any], error: type[RpcError] | None
) -> None:
    found, raised = events_of(sending(answer), kind)
    assert (found, type(raised)) == (seen, error or type(None))


@pytest.mark.parametrize("kind", SYNC + ASYNC)
@pytest.mark.parametrize("timeout", [None, PATIENCE])
def test_a_server_that_falls_silent_is_unavailable(
    kind: str, timeout: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Any] = []
    for silence in lengthening(0.2):
        for module in (asynchronous, blocking, adapter, pyreqwest):
            monkeypatch.setattr(module, "SILENCE", silence)
        behave = stalling(CHUNKED + chunk(ITEM))
        found, raised = events_of(behave, kind, timeout=timeout)
        assert type(raised) is Unavailable
        assert "fell silent" in str(raised)
        if found:
            break
    assert found == [REMOVED]


@pytest.mark.parametrize("kind", SYNC + ASYNC)
@pytest.mark.parametrize("start", [b"", CHUNKED])
@pytest.mark.parametrize("timeout", [0.3, 1e-9])
def test_a_server_that_never_begins_is_late(
    kind: str, start: bytes, timeout: float
) -> None:
    found, raised = events_of(stalling(start), kind, timeout=timeout)
    assert (found, type(raised)) == ([], DeadlineExceeded)


def test_what_is_over_is_waited_for_still() -> None:
    patience = Patience(0.0)
    assert patience.is_over
    # A socket that may not block would seem to be at its end.
    assert patience.seconds is not None
    assert patience.seconds > 0


@pytest.mark.parametrize(
    ("left", "is_for_deadline"),
    [(0.0, True), (EARLY / 2, True), (EARLY + 60, False), (None, False)],
)
def test_a_timer_that_rings_a_little_early_is_that_of_the_deadline(
    left: float | None, is_for_deadline: bool
) -> None:
    assert Patience(left, silence=0.1).has_ended_wait is is_for_deadline


@pytest.mark.parametrize("kind", SYNC + ASYNC)
def test_an_item_that_is_too_large_is_not_read(kind: str) -> None:
    huge = CHUNKED + chunk(ITEM) + chunk(b"data: " + b"x" * 3000)
    found, raised = events_of(stalling(huge), kind, max_response_bytes=1000)
    assert (found, type(raised)) == ([REMOVED], ResourceExhausted)


@pytest.mark.parametrize("kind", ["urllib3", *ASYNC])
def test_streams_that_end_well_share_a_connection(kind: str) -> None:
    def behave(server: Server, connection: Any) -> None:
        with connection.makefile("rb") as stream:
            for _ in range(2):
                server.read_request(stream)
                call_id = b'"id":%d' % len(server.requests)
                content = (ITEM + END).replace(b'"id":1', call_id)
                connection.sendall(CHUNKED + chunk(content) + LAST)

    async def watch(url: str) -> None:
        async with async_client(kind, AsyncFeedClient, url) as feed:
            for _ in range(2):
                async with feed.watch("news") as events:
                    assert [event async for event in events] == [REMOVED]

    with serving_socket(behave) as server:
        if kind in ASYNC:
            asyncio.run(watch(server.url))
        else:
            with sync_client(kind, FeedClient, server.url) as feed:
                for _ in range(2):
                    with feed.watch("news") as events:
                        assert list(events) == [REMOVED]
        assert server.connections == 1
