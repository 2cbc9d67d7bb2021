"""Generated clients over other HTTP libraries, and what is special to each of these."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx2
import pytest

from examples.user_service import UsersInMemory
from generated_examples.user.client import AsyncUserServiceClient, UserServiceClient
from generated_examples.user.errors import UserNotFound
from generated_examples.user.types import UserData, UserDataPartial
from idlgen.runtime import (
    CallOptions,
    DeadlineExceeded,
    FailedPrecondition,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
    asgi_app,
)
from idlgen.runtime.transports.httpx2 import AsyncHttpx2Transport, Httpx2Transport
from idlgen.runtime.transports.pyreqwest import (
    AsyncPyreqwestTransport,
    PyreqwestTransport,
)
from tests.hurry import lengthening
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.feed.errors import NoSuchTopic
from tests.runtime.contract.feed.types import EventPosted, EventRemoved, Post
from tests.runtime.contract.newsroom import PATIENCE, Newsroom
from tests.runtime.contract.serving import serving
from tests.runtime.http_servers import (
    AMPLE,
    LONG,
    OK,
    Server,
    echoing,
    exchange,
    posting,
    sending,
    serving as serving_socket,
    stalling,
)
from tests.runtime.http_transports import (
    ASYNC,
    SYNC,
    async_client,
    async_transport,
    sync_client,
    sync_transport,
)
from tests.runtime.scripts import run_script
from tests.runtime.streaming import Caller

ADAPTERS = [kind for kind in SYNC + ASYNC if kind.endswith(("httpx2", "pyreqwest"))]
KINDS = pytest.mark.parametrize("kind", ADAPTERS)


@contextmanager
def calling(
    kind: str, sync_made: Any, async_made: Any, newsroom: Newsroom
) -> Iterator[Caller]:
    """Serve users and the newsroom, and give a caller of them over the transport."""
    with (
        serving(asgi_app(UsersInMemory(), newsroom)) as port,
        asyncio.Runner() as runner,
    ):
        url = f"127.0.0.1:{port}"
        if kind in SYNC:
            with sync_client(kind, sync_made, url) as client:
                yield Caller(newsroom, client, runner)
            return
        opened = async_client(kind, async_made, url)
        client = runner.run(opened.__aenter__())
        try:
            yield Caller(newsroom, client, runner)
        finally:
            runner.run(opened.__aexit__(None, None, None))


@contextmanager
def calling_users(kind: str) -> Iterator[Caller]:
    with calling(kind, UserServiceClient, AsyncUserServiceClient, Newsroom()) as caller:
        yield caller


@contextmanager
def calling_feed(kind: str) -> Iterator[Caller]:
    with calling(kind, FeedClient, AsyncFeedClient, Newsroom()) as caller:
        yield caller


@KINDS
def test_every_method_of_the_users(kind: str) -> None:
    with calling_users(kind) as caller:
        users, result = caller.client, caller.result
        assert result(users.get_user_by_id(1)).name == "홍길동"
        with pytest.raises(UserNotFound) as caught:
            result(users.get_user_by_id(7))
        assert caught.value.id == 7
        made = result(users.create_user(UserData(name="Ada", email="a@b.example")))
        assert (made.id, made.email) == (2, "a@b.example")
        changed = result(users.update_user(2, UserDataPartial(name="Eve")))
        assert (changed.name, changed.email) == ("Eve", "a@b.example")
        assert [user.id for user in result(users.list_users()).items] == [1, 2]
        assert result(users.delete_user(2)) is True
        assert len(result(users.list_events()).items) == 4
        answer = result(users.raw(users.get_user_by_id, 1))
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.result().id == 1


@KINDS
def test_an_answer_of_many_pieces_is_read_whole(kind: str) -> None:
    name = "x" * 300_000
    with calling_users(kind) as caller:
        user = caller.client.create_user(UserData(name=name, email="a@b.example"))
        assert caller.result(user).name == name


@KINDS
def test_a_header_that_is_no_ascii_is_no_hindrance(kind: str) -> None:
    answer = OK.replace(b"\r\n\r\n", b"\r\nX-A: \xff\r\nX-B: b\r\n\r\n")
    with serving_socket(sending(answer)) as server:
        reply = exchange(kind, server.url)
    assert (reply.body, reply.headers["x-b"]) == (b"{}", "b")


@KINDS
def test_a_stream_of_the_servers(kind: str) -> None:
    with calling_feed(kind) as caller:
        assert caller.all(caller.client.watch("posts", limit=1))[:2] == [
            EventRemoved(value=0),
            EventPosted(value=Post(id=1, text="hello")),
        ]
        assert caller.number(caller.client.watch("news", limit=5000)) == 5000
        with pytest.raises(NoSuchTopic):
            caller.all(caller.client.watch("unknown"))
        with caller.open(caller.client.watch("broken", limit=1)) as events:
            assert next(events) == EventRemoved(value=0)
            with pytest.raises(NoSuchTopic):
                next(events)


@KINDS
def test_items_arrive_as_they_are_sent_and_leaving_cancels_the_handler(
    kind: str,
) -> None:
    with calling_feed(kind) as caller:
        with caller.open(caller.client.watch("endless", limit=1)) as events:
            assert next(events) == EventRemoved(value=0)
            assert not caller.newsroom.ended.acquire(blocking=False)
        assert caller.newsroom.ended.acquire(timeout=PATIENCE)


@KINDS
def test_the_deadline_of_a_stream_ends_it_on_both_sides(kind: str) -> None:
    seen: list[Any] = []
    with calling_feed(kind) as caller:
        for seconds in lengthening(0.3):
            options = CallOptions(timeout=seconds)
            stream = caller.client.watch("endless", limit=1, options=options)
            with pytest.raises(DeadlineExceeded), caller.open(stream) as events:
                seen.extend(events)
            if seen:
                break
        assert caller.newsroom.ended.acquire(timeout=PATIENCE)
    assert seen == [EventRemoved(value=0)]


@KINDS
def test_what_a_client_streams_is_refused_and_the_way_to_do_it_named(kind: str) -> None:
    refused = pytest.raises(Unimplemented, match="give the client the URL instead")
    with calling_feed(kind) as caller, refused:
        caller.result(caller.client.upload([Post(id=1, text="hello")]))


@KINDS
def test_a_late_call_closes_its_connection(kind: str) -> None:
    async def run(server: Server, seconds: float) -> bool:
        async with async_transport(kind, server.url) as transport:
            with pytest.raises(DeadlineExceeded):
                await transport.exchange(posting(b"1", timeout=seconds))
            return await asyncio.to_thread(server.ends.acquire, timeout=seconds)

    def run_sync(server: Server, seconds: float) -> bool:
        with sync_transport(kind, server.url) as transport:
            with pytest.raises(DeadlineExceeded):
                transport.exchange(posting(b"1", timeout=seconds))
            return server.ends.acquire(timeout=seconds)

    with serving_socket(stalling(b"")) as server:
        for seconds in lengthening(0.3):
            if kind in ASYNC:
                is_closed = asyncio.run(run(server, seconds))
            else:
                is_closed = run_sync(server, seconds)
            if is_closed:
                break


@KINDS
def test_an_answer_that_is_too_large_closes_its_connection(kind: str) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n" + b" " * 200_000

    async def run(server: Server) -> None:
        async with async_transport(kind, server.url) as transport:
            # The error, which is kept, keeps what its frames hold.
            with pytest.raises(ResourceExhausted) as _caught:
                await transport.exchange(posting(b"1"))
            assert await asyncio.to_thread(server.ends.acquire, timeout=AMPLE)

    with serving_socket(stalling(half)) as server:
        if kind in ASYNC:
            asyncio.run(run(server))
            return
        with sync_transport(kind, server.url) as transport:
            with pytest.raises(ResourceExhausted) as _caught:
                transport.exchange(posting(b"1"))
            assert server.ends.acquire(timeout=AMPLE)


@pytest.mark.parametrize("kind", ["async httpx2", "async pyreqwest"])
@pytest.mark.parametrize("start", [b"", LONG])
def test_a_call_that_is_cancelled_is_given_up(kind: str, start: bytes) -> None:
    read = threading.Semaphore(0)

    def behave(server: Server, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            server.read_request(stream)
            connection.sendall(start)
            read.release()
            stream.read()

    async def run(server: Server) -> None:
        async with async_transport(kind, server.url) as transport:
            task = asyncio.create_task(transport.exchange(posting(b"1")))
            assert await asyncio.to_thread(read.acquire, timeout=AMPLE)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            if kind == "async httpx2":
                assert await asyncio.to_thread(server.ends.acquire, timeout=AMPLE)

    with serving_socket(behave) as server:
        asyncio.run(run(server))


@pytest.mark.parametrize("kind", ["pyreqwest", "async pyreqwest"])
def test_a_kept_connection_that_was_closed_fails_one_call_at_most(kind: str) -> None:
    def behave(server: Server, connection: socket.socket) -> None:
        (echoing if server.connections > 1 else sending(OK))(server, connection)

    async def run(server: Server) -> list[bytes]:
        async with async_transport(kind, server.url) as transport:
            found = [await transport.exchange(posting(b"1"))]
            assert server.ends.acquire(timeout=AMPLE)
            with suppress(Unavailable):
                await transport.exchange(posting(b"2"))
            found.append(await transport.exchange(posting(b"3")))
        return [reply.body for reply in found]

    with serving_socket(behave) as server:
        if kind in ASYNC:
            assert asyncio.run(run(server)) == [b"{}", b"2:3"]
            return
        with sync_transport(kind, server.url) as transport:
            assert transport.exchange(posting(b"1")).body == b"{}"
            assert server.ends.acquire(timeout=AMPLE)
            with suppress(Unavailable):
                transport.exchange(posting(b"2"))
            assert transport.exchange(posting(b"3")).body == b"2:3"


@KINDS
def test_user_and_password_of_the_url_are_a_header(kind: str) -> None:
    async def run(url: str, headers: dict[str, str]) -> None:
        async with async_transport(kind, url) as transport:
            await transport.exchange(posting(b"1", headers))

    found = []
    for headers in ({}, {"authorization": "Bearer t"}):
        with serving_socket(sending(OK)) as server:
            url = f"http://ada:s3cret@127.0.0.1:{server.port}/rpc"
            if kind in SYNC:
                with sync_transport(kind, url) as transport:
                    transport.exchange(posting(b"1", headers))
            else:
                asyncio.run(run(url, headers))
            (request,) = server.requests
        lines = request.split(b"\r\n")
        found += [line for line in lines if line.lower().startswith(b"authorization")]
    values = [line.partition(b": ")[2] for line in found]
    assert values == [b"Basic YWRhOnMzY3JldA==", b"Bearer t"]


@pytest.mark.parametrize(
    "made",
    [
        lambda url: Httpx2Transport(url, httpx2.Client(trust_env=False)),
        lambda url: AsyncHttpx2Transport(url, httpx2.AsyncClient(trust_env=False)),
        PyreqwestTransport,
        AsyncPyreqwestTransport,
    ],
)
def test_a_url_of_websocket_is_refused(made: Any) -> None:
    with pytest.raises(ValueError, match="give the URL to the client"):
        made("ws://127.0.0.1:1/rpc")


REDIRECT = b"HTTP/1.1 307 Go\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"


def test_a_client_of_httpx2_is_used_as_it_is_and_left_open() -> None:
    sent: list[httpx2.Request] = []
    made = httpx2.Client(
        headers={"x-mine": "1"},
        timeout=1,
        event_hooks={"request": [sent.append]},
        trust_env=False,
    )
    with serving_socket(echoing) as server, made as client:
        transport = Httpx2Transport(server.url, client)
        assert transport.exchange(posting(b"a")).body == b"1:a"
        assert b"x-mine: 1" in server.requests[0].lower()
        waits = sent[0].extensions["timeout"].values()
        assert len(waits) == 4
        assert all(1 < seconds <= AMPLE for seconds in waits)
        transport.close()
        assert client.post(server.url, content=b"b", timeout=AMPLE).text == "1:b"
    with (
        serving_socket(sending(REDIRECT)) as server,
        httpx2.Client(follow_redirects=True, trust_env=False) as client,
    ):
        users = UserServiceClient(transport=Httpx2Transport(server.url, client))
        with pytest.raises(FailedPrecondition, match="redirects are not followed"):
            users.get_user_by_id(1)
        assert len(server.requests) == 1


def test_an_async_client_of_httpx2_is_used_as_it_is_and_left_open() -> None:
    async def run(url: str) -> None:
        async with httpx2.AsyncClient(timeout=1e-9, trust_env=False) as client:
            transport = AsyncHttpx2Transport(url, client)
            assert (await transport.exchange(posting(b"a"))).body == b"1:a"
            await transport.aclose()
            response = await client.post(url, content=b"b", timeout=AMPLE)
            assert response.text == "1:b"

    async def redirected(url: str) -> int:
        following = httpx2.AsyncClient(follow_redirects=True, trust_env=False)
        async with following as client:
            reply = await AsyncHttpx2Transport(url, client).exchange(posting(b"a"))
            return reply.status

    with serving_socket(echoing) as server:
        asyncio.run(run(server.url))
    with serving_socket(sending(REDIRECT)) as server:
        assert asyncio.run(redirected(server.url)) == 307
        assert len(server.requests) == 1


def test_a_closed_client_of_httpx2_is_said_to_be_closed() -> None:
    async def run() -> None:
        client = httpx2.AsyncClient(trust_env=False)
        await client.aclose()
        with pytest.raises(RuntimeError, match="this client is closed"):
            await AsyncHttpx2Transport("h", client).exchange(posting(b"a"))

    asyncio.run(run())
    client = httpx2.Client(trust_env=False)
    client.close()
    with pytest.raises(RuntimeError, match="this client is closed"):
        Httpx2Transport("h", client).exchange(posting(b"a"))


def test_what_configures_pyreqwest_is_heard_except_on_redirects_and_statuses() -> None:
    def configure(builder: Any) -> Any:
        mine = builder.default_headers({"x-mine": "1"}).no_proxy()
        return mine.follow_redirects(True).error_for_status(True)

    async def run(url: str) -> int:
        transport = AsyncPyreqwestTransport(url, configure=configure)
        status: int = (await transport.exchange(posting(b"1"))).status
        await transport.aclose()
        return status

    refusal = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
    for answer, status in ((REDIRECT, 307), (refusal, 503)):
        with serving_socket(sending(answer)) as server:
            transport = PyreqwestTransport(server.url, configure=configure)
            assert transport.exchange(posting(b"1")).status == status
            transport.close()
            assert asyncio.run(run(server.url)) == status
            assert len(server.requests) == 2
            assert all(b"x-mine: 1" in text.lower() for text in server.requests)


def test_a_call_in_flight_ends_when_pyreqwest_is_closed() -> None:
    caught: list[BaseException] = []
    with serving_socket(stalling(LONG)) as server:
        transport = PyreqwestTransport(server.url, configure=lambda b: b.no_proxy())

        def call() -> None:
            try:
                transport.exchange(posting(b"1"))
            except RuntimeError as error:
                caught.append(error)

        thread = threading.Thread(target=call)
        thread.start()
        while not server.requests:
            assert thread.is_alive()
        transport.close()
        thread.join(AMPLE)
    assert [str(error) for error in caught] == ["this client is closed"]


FORKING = """
import os, sys
import httpx2
from idlgen.runtime.transports.httpx2 import Httpx2Transport
from idlgen.runtime.transports.pyreqwest import PyreqwestTransport
from idlgen.runtime.transports.request import Request

url, kind = sys.argv[1:]
if kind == "httpx2":
    transport = Httpx2Transport(url, httpx2.Client(trust_env=False))
else:
    transport = PyreqwestTransport(url, configure=lambda b: b.no_proxy())

def call(who):
    posted = Request(ids=(1,), body=who, headers={}, timeout=30.0)
    try:
        print(transport.exchange(posted).body.decode(), flush=True)
    except RuntimeError as error:
        print(f"RuntimeError: {error}", flush=True)

call(b"parent")
child = os.fork()
if child == 0:
    call(b"child")
    transport.close()
    os._exit(0)
os.waitpid(child, 0)
call(b"parent")
"""


@pytest.mark.parametrize("kind", ["httpx2", "pyreqwest"])
def test_a_forked_child_is_told_to_make_a_transport_of_its_own(kind: str) -> None:
    with serving_socket(echoing) as server:
        lines = run_script(FORKING, server.url, kind).stdout.splitlines()
    assert lines[0] == lines[2] == "1:parent"
    assert lines[1].startswith("RuntimeError: this client was made before the process")
    assert len(lines) == 3


LEAVING = """
import asyncio, os, sys
from idlgen.runtime.transports.pyreqwest import AsyncPyreqwestTransport
from idlgen.runtime.transports.request import Request

# On one core the threads of pyreqwest are the least likely to be done in time.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

async def main():
    transport = AsyncPyreqwestTransport(sys.argv[1], configure=lambda b: b.no_proxy())
    request = Request(ids=(1,), body=b"1", headers={}, timeout=30.0)
    for _ in range(5):
        await asyncio.gather(*(transport.exchange(request) for _ in range(32)))
    await transport.aclose()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs one core for itself")
def test_a_program_ends_in_peace_right_after_its_last_call() -> None:
    with serving_socket(echoing) as server:
        for _ in range(8):
            assert run_script(LEAVING, server.url).stderr == ""
