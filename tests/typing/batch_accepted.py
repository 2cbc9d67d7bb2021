"""Batches and raw answers as users write them; both type checkers accept all of it."""

from __future__ import annotations

from typing import Any, assert_type

from generated_examples.user import types
from generated_examples.user.client import AsyncUserServiceClient, UserServiceClient
from generated_examples.user.types import User, UserDataPartial

from idlgen.runtime import (
    AsyncBatch,
    AsyncClient,
    Batch,
    CallOptions,
    Client,
    Pending,
    RawAnswer,
)


def together(users: UserServiceClient) -> str:
    with users.batch() as b:
        assert_type(b, Batch)
        ada = b.add(users.get_user_by_id, 1)
        bo = b.add(users.get_user_by_id, id=2, options=CallOptions(timeout=1.0))
        page = b.add(users.list_users, limit=3)
        deleted = b.add(users.delete_user, 4)
        view = b.add(users.with_options(timeout=2.0).update_user, 5, UserDataPartial())
    assert_type(ada, Pending[User])
    assert_type(ada.result(), User)
    assert_type(bo.result().name, str)
    assert_type(page.result(), types.Page[User])
    assert_type(deleted.result(), bool)
    assert_type(view.result(), User)
    return ada.result().name


def all_of(users: UserServiceClient, ids: list[int]) -> list[User]:
    with users.batch() as b:
        calls = [b.add(users.get_user_by_id, id) for id in ids]
    return [call.result() for call in calls]


async def together_async(users: AsyncUserServiceClient) -> None:
    async with users.batch() as b:
        assert_type(b, AsyncBatch)
        ada = b.add(users.get_user_by_id, 1)
        page = b.add(users.list_users, limit=3)
    assert_type(ada.result(), User)
    assert_type(page.result(), types.Page[User])


def raw(users: UserServiceClient) -> str | None:
    answer = users.raw(users.get_user_by_id, 1)
    assert_type(answer, RawAnswer[User])
    assert_type(answer.result(), User)
    assert_type(answer.status, int)
    return answer.headers.get("x-request-id")


async def raw_async(users: AsyncUserServiceClient) -> None:
    assert_type((await users.raw(users.delete_user, 1)).result(), bool)


def untyped(client: Client) -> None:
    with client.batch() as b:
        sum = b.add(client.call, "sum", 1, 2)
        told = b.add(client.notify, "log", text="x")
    assert_type(sum, Pending[Any])
    assert_type(told, Pending[None])


async def untyped_async(client: AsyncClient) -> None:
    async with client.batch() as b:
        sum = b.add(client.call, "sum", 1, 2)
    assert_type(sum, Pending[Any])
