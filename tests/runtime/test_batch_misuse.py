"""What no batch takes, and what is refused where it is written."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from idlgen.runtime import (
    AsyncClient,
    CallOptions,
    Client,
    DeadlineExceeded,
    InvalidArgument,
)
from tests.runtime.batches import KINDS, AsyncTable, SyncTable, error_of
from tests.runtime.contract.accounts import Accounts
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.user.client import AsyncUserServiceClient, UserServiceClient
from tests.runtime.contract.user.types import UserPage


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
            (len, "<built-in function len> is no method of UserServiceClient"),
            (partial(users.delete_user), "is no method of UserServiceClient"),
            (
                None,
                (
                    "None is no method of UserServiceClient: give the method itself, "
                    "uncalled, and then its arguments"
                ),
            ),
            (UserPage(items=[]), "a UserPage is no method of UserServiceClient: give"),
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


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_lenient_clients_make_no_batches(kind: type[Client | AsyncClient]) -> None:
    client = kind("127.0.0.1:1", lenient=True)
    with pytest.raises(RuntimeError, match="makes no batches"):
        client.batch()
