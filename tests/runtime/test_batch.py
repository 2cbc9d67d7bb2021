"""Batches of typed calls: what is sent, and whose each answer is."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from idlgen.runtime import (
    AsyncClient,
    CallOptions,
    Client,
    Internal,
    InvalidArgument,
    Pending,
    ResourceExhausted,
    RpcError,
    Unavailable,
    asgi_app,
    in_process,
)
from idlgen.runtime.errors import was_received
from idlgen.runtime.transports import Reply
from tests.runtime.batches import (
    KINDS,
    AsyncTable,
    SyncTable,
    all_true,
    deleting,
    error_of,
    reply,
    true,
)
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.serving import serving
from tests.runtime.contract.user import types
from tests.runtime.contract.user.client import AsyncUserServiceClient, UserServiceClient
from tests.runtime.contract.user.errors import UserNotFound


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(asgi_app(Accounts(), max_batch=500)) as port:
        yield f"http://127.0.0.1:{port}/rpc"


def test_calls_of_several_methods_travel_together() -> None:
    with in_process(UserServiceClient, Accounts()) as users:
        with users.batch() as b:
            ada = b.add(users.get_user_by_id, 1)
            gone = b.add(users.get_user_by_id, id=404)
            page = b.add(users.list_users, cursor="x")
            nothing = b.add(users.ping)
        assert ada.result() == user(1)
        assert page.result() == types.UserPage(items=[user()], next="x")
        nothing.result()
        with pytest.raises(UserNotFound) as caught:
            gone.result()
    assert caught.value.id == 404
    assert was_received(caught.value)


def test_async_calls_do_too() -> None:
    async def run() -> None:
        async with in_process(AsyncUserServiceClient, Accounts()) as users:
            async with users.batch() as b:
                ada = b.add(users.get_user_by_id, 1)
                gone = b.add(users.get_user_by_id, 404)
            assert ada.result() == user(1)
            with pytest.raises(UserNotFound):
                gone.result()

    asyncio.run(run())


def test_five_hundred_calls_over_http(url: str) -> None:
    async def run() -> list[Pending[types.User]]:
        async with AsyncUserServiceClient(url) as users, users.batch() as b:
            return [b.add(users.get_user_by_id, id) for id in range(2000, 2500)]

    with UserServiceClient(url) as users, users.batch() as b:
        calls = [b.add(users.get_user_by_id, id) for id in range(1000, 1500)]
    for first, batch in ((1000, calls), (2000, asyncio.run(run()))):
        ids = [call.result().id for call in batch]
        assert ids == list(range(first, first + 500))


def test_a_batch_that_the_server_finds_too_long_fails_as_a_whole(url: str) -> None:
    def delete(users: UserServiceClient) -> None:
        with users.batch() as b:
            for id in range(501):
                b.add(users.delete_user, id)

    with (
        UserServiceClient(url) as users,
        pytest.raises(InvalidArgument, match="at most 500 requests"),
    ):
        delete(users)


def test_a_batch_is_plain_json_rpc() -> None:
    table = SyncTable()
    users = UserServiceClient(transport=table, headers={"x-a": "1"}, timeout=5)
    with users.batch() as b:
        b.add(users.delete_user, 7)
        b.add(users.delete_user, 8)
    assert table.sent == [
        {
            "jsonrpc": "2.0",
            "method": "user.UserService.deleteUser",
            "params": {"id": 7},
            "id": 1,
        },
        {
            "jsonrpc": "2.0",
            "method": "user.UserService.deleteUser",
            "params": {"id": 8},
            "id": 2,
        },
    ]
    (request,) = table.requests
    assert (request.ids, request.timeout) == ((1, 2), 5)
    assert request.headers["x-a"] == "1"
    assert request.headers["idlgen-timeout-ms"] == "5000"


def test_what_a_call_says_of_itself_travels_in_its_meta() -> None:
    table = SyncTable()
    users = UserServiceClient(transport=table, headers={"x-a": "all"}, timeout=5)
    view = users.with_options(timeout=9, headers={"x-b": "view"})
    full = CallOptions(
        timeout=0.25,
        headers={"x-a": "own", "authorization": "Bearer t", "traceparent": "00-1-2-3"},
        idempotency_key="k",
    )
    with users.batch() as b:
        b.add(users.delete_user, 1)
        b.add(users.delete_user, 2, options=full)
        b.add(view.delete_user, 3)
        b.add(users.delete_user, 4, options=CallOptions(timeout=9))
    assert [call.get("meta") for call in table.sent] == [
        {"timeout_ms": 5000},
        {
            "timeout_ms": 250,
            "idempotency_key": "k",
            "traceparent": "00-1-2-3",
            "authorization": "Bearer t",
            "headers": {"x-a": "own"},
        },
        {"headers": {"x-b": "view"}},
        None,
    ]
    (request,) = table.requests
    assert request.timeout == 9
    assert request.headers["idlgen-timeout-ms"] == "9000"
    assert "x-b" not in request.headers


def test_a_batch_takes_as_long_as_a_call_that_may_take_any_time() -> None:
    table = SyncTable(lambda calls: reply([true(call) for call in calls]))
    users = UserServiceClient(transport=table)
    with users.batch() as b:
        b.add(users.delete_user, 1, options=CallOptions(timeout=math.inf))
        b.add(users.delete_user, 2)
    assert [call.get("meta") for call in table.sent] == [None, {"timeout_ms": 60000}]
    (request,) = table.requests
    assert request.timeout is None
    assert "idlgen-timeout-ms" not in request.headers


@pytest.mark.parametrize(
    ("add", "retries"),
    [
        (lambda b, users: b.add(users.delete_user, 1), 2),
        (lambda b, users: b.add(users.ping), 0),
    ],
)
def test_a_batch_may_be_made_again_if_all_its_calls_may(
    add: Callable[[Any, Any], None], retries: int
) -> None:
    table = SyncTable()
    users = UserServiceClient(transport=table)
    with users.batch() as b:
        b.add(users.delete_user, 1)
        add(b, users)
    assert b._calls.retries == retries


@KINDS
def test_answers_find_their_calls_in_any_order_and_among_others(kind: str) -> None:
    def answer(calls: Any) -> Reply:
        first, second = calls
        return reply(
            [
                {"jsonrpc": "2.0", "id": 99, "result": True},
                17,
                {"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": "?"}},
                {"jsonrpc": "2.0", "id": second["id"], "result": False},
                {"jsonrpc": "2.0", "result": False},
                true(first),
                {"jsonrpc": "2.0", "id": first["id"], "result": False},
            ]
        )

    assert [call.result() for call in deleting(kind, answer, 7, 8)] == [True, False]


@KINDS
def test_each_call_has_its_own_error(kind: str) -> None:
    def answer(calls: Any) -> Reply:
        full = {"code": -32008, "message": "full"}
        return reply(
            [
                {"jsonrpc": "2.0", "id": calls[0]["id"], "error": full},
                {"jsonrpc": "2.0", "id": calls[1]["id"], "result": "yes"},
                {"id": calls[2]["id"], "result": True},
                true(calls[4]),
            ]
        )

    refused, unfit, other, missing, well = deleting(kind, answer, 1, 2, 3, 4, 5)
    for pending, error, text in (
        (refused, ResourceExhausted, "full"),
        (unfit, Internal, "the result of user.UserService.deleteUser does not fit"),
        (other, Internal, 'lacks `"jsonrpc": "2.0"`'),
        (missing, Internal, "the server left this call of the batch without an answer"),
    ):
        caught = error_of(pending)
        assert isinstance(caught, error)
        assert text in str(caught)
        assert isinstance(caught, RpcError)
        assert was_received(caught)
    assert well.result() is True


def test_untyped_calls_and_notifications_have_batches_too() -> None:
    table = SyncTable(lambda calls: all_true(calls[:1]))
    client = Client(transport=table)
    with client.batch() as b:
        one = b.add(client.call, "a", 1, 2)
        other = b.add(client.notify, "b", x=1)
    assert one.result() is True
    assert other.result() is None
    assert table.sent == [
        {"jsonrpc": "2.0", "method": "a", "params": [1, 2], "id": 1},
        {"jsonrpc": "2.0", "method": "b", "params": {"x": 1}},
    ]
    assert table.requests[0].ids == (1,)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_batch_of_notifications_asks_for_no_answer(status: int) -> None:
    async def run() -> None:
        taken = Reply(status=status, headers={}, body=b"")
        client = AsyncClient(transport=AsyncTable(lambda _: taken))
        async with client.batch() as b:
            call = b.add(client.notify, "a")
        assert call.result() is None

    asyncio.run(run())


def test_a_batch_of_notifications_that_was_not_taken_fails() -> None:
    client = Client(transport=SyncTable(lambda _: reply(None, 503)))
    with pytest.raises(Unavailable), client.batch() as b:
        b.add(client.notify, "a")
