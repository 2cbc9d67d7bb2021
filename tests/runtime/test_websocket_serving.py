"""Generated clients over WebSocket, against real servers in processes of their own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import (
    ClientConnection as SyncConnection,
    connect as connect_sync,
)
from websockets.typing import Origin, Subprotocol

from idlgen.runtime import (
    AsyncClient,
    CallOptions,
    Client,
    DeadlineExceeded,
    InvalidArgument,
    PermissionDenied,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
)
from tests.hurry import lengthening
from tests.runtime.conftest import SERVERS, served
from tests.runtime.contract.exchanges import ALL, Exchange, without_data
from tests.runtime.contract.served import (
    CANCELLED,
    COUNTS,
    EXIT,
    HEADERS,
    LARGE,
    STARTED,
    WAIT,
)
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)
from tests.runtime.contract.user.errors import UserNotFound
from tests.runtime.contract.user.types import UserData, UserDataPartial

PATIENCE = 60.0
"""Seconds after which a test fails instead of hanging."""
FOREVER = CallOptions(timeout=PATIENCE)


def run(talk: Any) -> None:
    asyncio.run(asyncio.wait_for(talk, PATIENCE))


def test_sync_clients_call_as_over_http(websocket_url: str) -> None:
    with UserServiceClient(websocket_url) as users:
        assert users.get_user_by_id(1).name == "Ada"
        assert (
            users.create_user(UserData(name="Bo", email="b@b", bio=None)).name == "Bo"
        )
        assert users.update_user(1, UserDataPartial(name="Cy")).name == "Cy"
        assert users.delete_user(1) is True
        assert users.list_users(cursor="c").next == "c"
        users.ping()
        with pytest.raises(UserNotFound) as caught:
            users.get_user_by_id(404)
        assert caught.value.id == 404


def test_async_clients_call_as_over_http(websocket_url: str) -> None:
    async def talk() -> None:
        async with AsyncUserServiceClient(websocket_url) as users:
            names = await asyncio.gather(*(users.get_user_by_id(n) for n in range(64)))
            assert [user.id for user in names] == list(range(64))
            with pytest.raises(UserNotFound) as caught:
                await users.get_user_by_id(404)
            assert caught.value.id == 404

    run(talk())


def test_untyped_clients_call_and_notify(websocket_url: str) -> None:
    async def talk() -> None:
        async with AsyncClient(websocket_url) as client:
            found = await client.call("UserService.getUserById", 1)
            assert found["name"] == "Ada"
            await client.notify("UserService.ping")

    run(talk())
    with Client(websocket_url) as client:
        assert client.call("user.UserService.deleteUser", id=1) is True
        client.notify("UserService.ping")
        with pytest.raises(Unimplemented):
            client.call("UserService.nope")
        with pytest.raises(InvalidArgument):
            client.call("UserService.getUserById", "x")


def test_batches_go_as_one_message(websocket_url: str) -> None:
    with UserServiceClient(websocket_url, headers={"x-a": "1"}) as users:
        with users.batch() as batch:
            found = batch.add(users.get_user_by_id, 1)
            missing = batch.add(users.get_user_by_id, 404)
            headers = batch.add(users.get_user_by_id, HEADERS)
        assert found.result().name == "Ada"
        with pytest.raises(UserNotFound):
            missing.result()
        assert headers.result().name == "-,1,True"


def test_headers_travel_with_the_handshake_and_with_calls(websocket_url: str) -> None:
    url = websocket_url.replace("ws://", "ws://ada:pw@")
    with UserServiceClient(url, headers={"x-a": "1"}) as users:
        assert users.get_user_by_id(HEADERS).name == "Basic YWRhOnB3,1,True"
        bearer = CallOptions(headers={"Authorization": "Bearer t"})
        seen = users.get_user_by_id(HEADERS, options=bearer)
        assert seen.name == "Bearer t,1,True"
        view = users.with_options(headers={"x-a": "2"}, timeout=float("inf"))
        assert view.get_user_by_id(HEADERS).name.startswith("Basic YWRhOnB3,2")


def test_a_late_call_cancels_its_handler_and_no_other(websocket_url: str) -> None:
    with UserServiceClient(websocket_url) as users:
        started, cancelled = handlers(users)
        waiting = threading.Thread(target=outlast, args=(users,))
        waiting.start()
        users.get_user_by_id(STARTED + started + 1, options=FOREVER)
        for seconds in lengthening(0.2):
            with pytest.raises(DeadlineExceeded):
                users.get_user_by_id(WAIT, options=CallOptions(timeout=seconds))
            if handlers(users)[0] == started + 2:
                break
        users.get_user_by_id(CANCELLED + cancelled + 1, options=FOREVER)
        assert handlers(users) == (started + 2, cancelled + 1)
    waiting.join()


def outlast(users: UserServiceClient) -> None:
    with pytest.raises(RuntimeError, match="this client is closed"):
        users.get_user_by_id(WAIT, options=FOREVER)


def handlers(users: UserServiceClient) -> tuple[int, int]:
    """Return how many handlers of the server have begun to wait, and were cancelled."""
    started, cancelled, *_ = counts(users)
    return started, cancelled


def counts(users: UserServiceClient) -> list[int]:
    return [int(text) for text in users.get_user_by_id(COUNTS).name.split()]


def test_a_cancelled_caller_cancels_its_handler(websocket_url: str) -> None:
    async def talk() -> None:
        async with AsyncUserServiceClient(websocket_url) as users:
            name = (await users.get_user_by_id(COUNTS)).name
            started, cancelled, *_ = map(int, name.split())
            calling = asyncio.ensure_future(users.get_user_by_id(WAIT, options=FOREVER))
            await users.get_user_by_id(STARTED + started + 1)
            calling.cancel()
            await users.get_user_by_id(CANCELLED + cancelled + 1)

    run(talk())


def test_a_client_that_vanishes_cancels_all_its_handlers(websocket_url: str) -> None:
    async def talk() -> None:
        async with AsyncUserServiceClient(websocket_url) as other:
            name = (await other.get_user_by_id(COUNTS)).name
            started, cancelled, *_ = map(int, name.split())
            connection = await connected(websocket_url)
            for number in range(20):
                await connection.send(call(WAIT, number))
            await other.get_user_by_id(STARTED + started + 20)
            connection.transport.abort()
            await other.get_user_by_id(CANCELLED + cancelled + 20)

    run(talk())


def test_more_calls_than_the_server_takes_are_refused(websocket_url: str) -> None:
    async def talk() -> None:
        connection = await connected(websocket_url)
        for number in range(1001):
            await connection.send(call(WAIT, number))
        answer = json.loads(await connection.recv())
        assert (answer["id"], answer["error"]["code"]) == (1000, -32008)
        await connection.close()

    run(talk())


def test_too_large_messages_are_typed_errors_both_ways(websocket_url: str) -> None:
    with UserServiceClient(websocket_url, max_response_bytes=50_000) as users:
        with pytest.raises(ResourceExhausted):
            users.get_user_by_id(LARGE)
        assert users.get_user_by_id(1).name == "Ada"
        large = UserData(name="A" * 3_000_000, email="a@a", bio=None)
        with pytest.raises(ResourceExhausted):
            users.create_user(large)
        assert users.get_user_by_id(1).name == "Ada"


async def connected(url: str, **options: Any) -> ClientConnection:
    return await connect(f"{url}/rpc", compression=None, proxy=None, **options)


def call(user_id: int, id: int) -> str:
    return json.dumps(
        {
            "jsonrpc": "2.0",
            "method": "UserService.getUserById",
            "params": [user_id],
            "id": id,
        }
    )


@pytest.mark.parametrize(
    ("message", "code"),
    [
        pytest.param("nope", -32700, id="no JSON"),
        pytest.param(b"\xff\xfe", -32700, id="binary, no UTF-8"),
        pytest.param("[" * 100_000, -32700, id="brackets"),
        pytest.param('{"jsonrpc":"2.0","id":1}', -32600, id="no method"),
        pytest.param("[]", -32600, id="empty batch"),
        pytest.param('{"jsonrpc":"2.0","method":"no","id":1}', -32601, id="unknown"),
    ],
)
def test_what_is_no_call_is_answered_and_the_connection_lives(
    websocket_url: str, message: str | bytes, code: int
) -> None:
    async def talk() -> None:
        connection = await connected(websocket_url)
        await connection.send(message)
        assert json.loads(await connection.recv())["error"]["code"] == code
        await connection.send(call(1, 2))
        assert json.loads(await connection.recv())["result"]["name"] == "Ada"
        await connection.close()

    run(talk())


def test_ten_megabytes_end_the_connection(websocket_url: str) -> None:
    async def talk() -> None:
        connection = await connected(websocket_url)
        await connection.send("[" + " " * 10_000_000)
        with pytest.raises(ConnectionClosed) as caught:
            await connection.recv()
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1009

    run(talk())


def test_a_flood_of_calls_whose_answers_nobody_reads(websocket_url: str) -> None:
    """The server stops to read; when it is read from, every answer is there."""
    flood = 5_000

    async def talk() -> None:
        connection = await connected(websocket_url)
        connection.transport.pause_reading()

        async def send() -> None:
            for number in range(flood):
                await connection.send(call(1, number))

        sending = asyncio.ensure_future(send())
        async with AsyncUserServiceClient(websocket_url) as other:
            # Others are served meanwhile.
            for _ in range(20):
                await other.get_user_by_id(1)
        connection.transport.resume_reading()
        seen = {json.loads(await connection.recv())["id"] for _ in range(flood)}
        await sending
        assert seen == set(range(flood))
        await connection.close()

    run(talk())


@pytest.fixture(scope="module")
def connection(websocket_url: str) -> Iterator[SyncConnection]:
    """A connection that is kept for many messages."""
    url = f"{websocket_url}/rpc"
    with connect_sync(url, compression=None, proxy=None) as connection:
        yield connection


PING = '{"jsonrpc":"2.0","method":"UserService.ping","id":"last"}'
PONG = '{"jsonrpc":"2.0","result":null,"id":"last"}'


@pytest.mark.parametrize("exchange", ALL, ids=lambda exchange: exchange.name)
def test_every_message_has_its_answer(
    connection: SyncConnection, exchange: Exchange
) -> None:
    connection.send(exchange.request)
    if exchange.answer is not None:
        received = connection.recv(PATIENCE)
        assert isinstance(received, str)
        assert without_data(received.encode()) == exchange.answer
    # And nothing more.
    connection.send(PING)
    assert connection.recv(PATIENCE) == PONG


@pytest.mark.parametrize(
    ("origin", "accepted"),
    [("https://ours", True), ("same", True), ("https://evil", False)],
)
def test_pages_of_other_sites_are_refused(
    websocket_url: str, origin: str, accepted: bool
) -> None:
    async def talk() -> None:
        page = websocket_url.replace("ws://", "http://") if origin == "same" else origin
        if accepted:
            await (await connected(websocket_url, origin=Origin(page))).close()
            return
        with pytest.raises(InvalidStatus) as caught:
            await connected(websocket_url, origin=Origin(page))
        assert caught.value.response.status_code == 403

    run(talk())


def test_other_paths_are_refused(websocket_url: str) -> None:
    with (
        UserServiceClient(f"{websocket_url}/other") as users,
        pytest.raises((PermissionDenied, Unimplemented)),
    ):
        users.ping()


def test_the_subprotocol_is_agreed(websocket_url: str) -> None:
    async def talk() -> None:
        offered = [Subprotocol("x"), Subprotocol("idlgen.1")]
        connection = await connected(websocket_url, subprotocols=offered)
        assert connection.subprotocol == "idlgen.1"
        await connection.close()
        connection = await connected(websocket_url)
        assert connection.subprotocol is None
        await connection.close()

    run(talk())


async def vanish(connection: ClientConnection) -> None:
    connection.transport.abort()


async def say_half(connection: ClientConnection) -> None:
    connection.transport.write(b"\x81\xfe\x10\x00mask{half a message")
    connection.transport.close()


async def say_no_frame(connection: ClientConnection) -> None:
    connection.transport.write(b"\xff" * 100)


async def say_too_much(connection: ClientConnection) -> None:
    await connection.send(" " * 3_000_001)


FAULTS: list[Callable[[ClientConnection], Any]] = [
    vanish,
    say_half,
    say_no_frame,
    say_too_much,
]


def test_nothing_is_left_of_clients_that_fail(websocket_url: str) -> None:
    async def held(users: AsyncUserServiceClient) -> list[int]:
        name = (await users.get_user_by_id(COUNTS)).name
        return [int(text) for text in name.split()]

    async def fail(times: int, users: AsyncUserServiceClient) -> None:
        _, before, *_ = await held(users)
        for number in range(times):
            connection = await connected(websocket_url)
            await connection.send(call(WAIT, number))
            await connection.send(call(1, -1))
            await connection.recv()
            await FAULTS[number % len(FAULTS)](connection)
            await connection.wait_closed()
        await users.get_user_by_id(CANCELLED + before + times)

    async def talk() -> None:
        async with AsyncUserServiceClient(websocket_url) as users:
            await fail(20, users)
            _, _, *few = await held(users)
            await fail(180, users)
            # A socket may be closed a moment after its handler has ended.
            while is_more((await held(users))[2:], few):
                continue

    def is_more(many: list[int], few: list[int]) -> bool:
        return any(now > was for now, was in zip(many, few, strict=True))

    run(talk())


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_that_dies_and_one_that_stops_are_unavailable(
    server: str, root: Path
) -> None:
    with served(root, server) as address, UserServiceClient(f"ws://{address}") as users:
        assert users.get_user_by_id(1).name == "Ada"
        with pytest.raises(Unavailable):
            users.get_user_by_id(EXIT)
    with UserServiceClient(f"ws://{address}") as users, pytest.raises(Unavailable):
        users.ping()
