"""Batches of typed calls: what is sent, what comes of it, and what is refused."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from idlgen.runtime import (
    AsyncClient,
    CallOptions,
    Client,
    DeadlineExceeded,
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
from idlgen.runtime.transports import Reply, Request
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.serving import serving
from tests.runtime.contract.user import types
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)
from tests.runtime.contract.user.errors import UserNotFound

JSON = {"content-type": "application/json"}
KINDS = pytest.mark.parametrize("kind", ["sync", "async"])
Outcome = Callable[[Any], Reply] | Exception


def reply(answer: object, status: int = 200) -> Reply:
    return Reply(status=status, headers=JSON, body=json.dumps(answer).encode())


def true(call: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": call["id"], "result": True}


def all_true(calls: list[dict[str, Any]]) -> Reply:
    return reply([true(call) for call in calls])


class Table:
    """A transport, sync and async: it notes what is sent and answers as it is told."""

    def __init__(self, outcome: Outcome = all_true) -> None:
        self._outcome = outcome
        self.requests: list[Request] = []

    @property
    def sent(self) -> Any:
        """The one message that was sent."""
        (request,) = self.requests
        return json.loads(request.body)

    def take(self, request: Request) -> Reply:
        self.requests.append(request)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome(json.loads(request.body))


class SyncTable(Table):
    def exchange(self, request: Request) -> Reply:
        return self.take(request)

    def close(self) -> None:
        pass


class AsyncTable(Table):
    async def exchange(self, request: Request) -> Reply:
        await asyncio.sleep(0)
        return self.take(request)

    async def aclose(self) -> None:
        pass


def deleting(kind: str, outcome: Outcome, *ids: int) -> list[Pending[bool]]:
    """Delete the users in a batch; the calls are there when the block has failed, too."""
    pending: list[Pending[bool]] = []
    if kind == "sync":
        users = UserServiceClient(transport=SyncTable(outcome))
        with users.batch() as b:
            pending += [b.add(users.delete_user, id) for id in ids]
        return pending

    async def run() -> None:
        users = AsyncUserServiceClient(transport=AsyncTable(outcome))
        async with users.batch() as b:
            pending.extend(b.add(users.delete_user, id) for id in ids)

    asyncio.run(run())
    return pending


def error_of(pending: Pending[Any]) -> Exception:
    with pytest.raises(Exception) as caught:
        pending.result()
    return caught.value


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


WHOLE = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "no"}}


@KINDS
@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        pytest.param(Unavailable("gone"), Unavailable, id="no connection"),
        pytest.param(lambda _: reply(WHOLE), InvalidArgument, id="an error"),
        pytest.param(
            lambda _: reply(WHOLE, 503), InvalidArgument, id="an error with 503"
        ),
        pytest.param(lambda _: reply([], 503), Unavailable, id="503"),
        pytest.param(lambda _: reply(None, 204), Internal, id="204"),
        pytest.param(lambda _: reply({}), Internal, id="no array"),
        pytest.param(lambda _: reply({"error": "no"}), Internal, id="the primer's"),
        pytest.param(
            lambda _: Reply(status=200, headers=JSON, body=b"["),
            Internal,
            id="no JSON",
        ),
        pytest.param(
            lambda _: Reply(status=200, headers={}, body=b"[]"),
            Internal,
            id="says not what it is",
        ),
    ],
)
def test_what_befalls_the_whole_batch_ends_its_block_and_all_its_calls(
    kind: str, outcome: Outcome, error: type[RpcError]
) -> None:
    calls: list[Pending[bool]] = []

    def sync() -> None:
        users = UserServiceClient(transport=SyncTable(outcome))
        with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))

    async def run() -> None:
        users = AsyncUserServiceClient(transport=AsyncTable(outcome))
        async with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))

    with pytest.raises(error) as caught:
        sync() if kind == "sync" else asyncio.run(run())
    assert was_received(caught.value)
    assert error_of(calls[0]) is caught.value


def test_an_empty_answer_leaves_every_call_without_one() -> None:
    for call in deleting("sync", lambda _: reply([]), 1, 2):
        assert isinstance(error_of(call), Internal)


@KINDS
def test_nothing_is_sent_when_the_block_raises(kind: str) -> None:
    table: Any = SyncTable() if kind == "sync" else AsyncTable()
    calls: list[Pending[bool]] = []

    def sync() -> None:
        users = UserServiceClient(transport=table)
        with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))
            raise KeyError

    async def run() -> None:
        users = AsyncUserServiceClient(transport=table)
        async with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))
            raise KeyError

    with pytest.raises(KeyError):
        sync() if kind == "sync" else asyncio.run(run())
    assert table.requests == []
    assert str(error_of(calls[0])) == (
        "the batch was not sent, for its `with` block raised"
    )


def test_nothing_is_sent_of_an_empty_batch() -> None:
    table = SyncTable()
    with UserServiceClient(transport=table).batch():
        pass
    assert table.requests == []


def test_a_batch_that_is_cancelled_leaves_no_call_waiting() -> None:
    calls: list[Pending[bool]] = []

    class Stalling(AsyncTable):
        async def exchange(self, request: Request) -> Reply:
            waiting.set()
            await asyncio.Event().wait()
            return self.take(request)

    async def run() -> None:
        users = AsyncUserServiceClient(transport=Stalling())
        async with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))

    async def main() -> None:
        task = asyncio.ensure_future(run())
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    waiting = asyncio.Event()
    asyncio.run(main())
    assert str(error_of(calls[0])) == "the batch was given up before it was answered"


def test_a_result_has_to_be_waited_for() -> None:
    users = UserServiceClient(transport=SyncTable())
    with users.batch() as b:
        call = b.add(users.delete_user, 1)
        assert str(error_of(call)) == (
            "this call was not made yet: ask for its result after the `with` block of "
            "its batch"
        )
    assert call.result() is True


def test_a_batch_is_for_one_block() -> None:
    users = UserServiceClient(transport=SyncTable())
    batch = users.batch()
    outside = "calls are added to a batch inside its `with` block"
    with pytest.raises(RuntimeError, match=outside):
        batch.add(users.delete_user, 1)
    with batch:
        batch.add(users.delete_user, 1)
        with pytest.raises(RuntimeError, match="a batch is for one `with` block"):
            batch.__enter__()
    with pytest.raises(RuntimeError, match=outside):
        batch.add(users.delete_user, 1)
    with pytest.raises(RuntimeError, match="a batch is for one `with` block"), batch:
        pass


def test_wrong_arguments_are_refused_where_they_are_given() -> None:
    table = SyncTable()
    users = UserServiceClient(transport=table)
    wrong: Any = "7"
    with pytest.raises(InvalidArgument) as caught, users.batch() as b:
        b.add(users.delete_user, wrong)
    assert caught.value.problems == (("$.id", "Expected `int`, got `str`"),)
    misspelt: Any = {"name": 1}
    with pytest.raises(TypeError, match="name"), users.batch() as b:
        b.add(users.delete_user, **misspelt)
    with pytest.raises(DeadlineExceeded), users.batch() as b:
        b.add(users.delete_user, 1, options=CallOptions(timeout=0))
    assert table.requests == []


class OtherClient(UserServiceClient):
    pass


class Helpful(UserServiceClient):
    """A client with methods of its owner's own."""

    def forget(self, id: int) -> bool:
        return self.delete_user(id)

    def forget_both(self, a: int, b: int) -> bool:
        self.delete_user(a)
        return self.delete_user(b)

    def name_of(self, id: int) -> str:
        return str(self.delete_user(id))

    def nothing(self) -> None:
        pass


def test_a_batch_takes_the_methods_of_its_client_alone() -> None:
    table = SyncTable()
    users = UserServiceClient(transport=table)
    same = UserServiceClient(transport=SyncTable())
    other = OtherClient(transport=table)
    asynchronous: Any = AsyncUserServiceClient(transport=AsyncTable())
    with users.batch() as b:
        refused: list[tuple[Any, str]] = [
            (
                other.delete_user,
                (
                    "`delete_user` is a method of OtherClient, "
                    "where one of UserServiceClient is due"
                ),
            ),
            (
                asynchronous.delete_user,
                (
                    "`delete_user` is a method of AsyncUserServiceClient, "
                    "where one of UserServiceClient is due"
                ),
            ),
            (
                same.delete_user,
                (
                    "`delete_user` is a method of another UserServiceClient, "
                    "of other connections"
                ),
            ),
            (Accounts().delete_user, "where one of UserServiceClient is due"),
            (len, "<built-in function len> is no method of a UserServiceClient"),
            (partial(users.delete_user), "is no method of a UserServiceClient"),
        ]
        for method, message in refused:
            with pytest.raises(TypeError) as caught:
                b.add(method, 1)
            assert message in str(caught.value)
    assert table.requests == []


def test_a_batch_takes_single_calls_alone() -> None:
    table = SyncTable()
    users = Helpful(transport=table)
    with users.batch() as b:
        add: Any = b.add
        calls: list[tuple[Any, tuple[int, ...]]] = [
            (users.forget_both, (1, 2)),
            (users.name_of, (1,)),
            (users.nothing, ()),
            (users.batch, ()),
            (users.with_options, ()),
        ]
        for method, args in calls:
            with pytest.raises(TypeError) as caught:
                add(method, *args)
            assert str(caught.value) == (
                f"`{method.__name__}` is not one call of the service"
            )
        with pytest.raises(TypeError, match="not closing the client"):
            b.add(users.close)
        forgotten = b.add(users.forget, 5)
    assert forgotten.result() is True
    assert [call["params"] for call in table.sent] == [{"id": 5}]


@KINDS
def test_streams_have_no_batches(kind: str) -> None:
    def refuse(b: Any, feed: Any) -> None:
        for method, args in (
            (feed.watch, ("a",)),
            (feed.upload, ([],)),
            (feed.talk, (["a"],)),
        ):
            with pytest.raises(TypeError, match="only calls can be put off, not strea"):
                b.add(method, *args)

    async def run() -> None:
        feed = AsyncFeedClient(transport=AsyncTable())
        async with feed.batch() as b:
            refuse(b, feed)

    if kind == "async":
        asyncio.run(run())
        return
    feed = FeedClient(transport=SyncTable())
    with feed.batch() as b:
        refuse(b, feed)


class HelpfulAsync(AsyncUserServiceClient):
    async def later(self, id: int) -> bool:
        await asyncio.sleep(0)
        return await self.delete_user(id)


def test_an_async_method_that_waits_for_something_else_is_not_one_call() -> None:
    async def run() -> None:
        users = HelpfulAsync(transport=AsyncTable())
        async with users.batch() as b:
            with pytest.raises(TypeError, match="`later` is not one call"):
                b.add(users.later, 1)

    asyncio.run(run())


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


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_lenient_clients_make_no_batches(kind: type[Client | AsyncClient]) -> None:
    client = kind("127.0.0.1:1", lenient=True)
    with pytest.raises(RuntimeError, match="makes no batches"):
        client.batch()
