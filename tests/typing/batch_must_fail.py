"""Mistakes with batches: both type checkers refuse each line that says so, no other."""

from __future__ import annotations

from generated_examples.user.client import AsyncUserServiceClient, UserServiceClient
from generated_examples.user.types import User


def together(users: UserServiceClient) -> None:
    with users.batch() as b:
        b.add(users.get_user_by_id, "1")  # error: wrong argument
        b.add(users.get_user_by_id)  # error: missing argument
        b.add(users.get_user_by_id, 1, 2)  # error: too many arguments
        b.add(users.get_user_by_id, ids=1)  # error: misspelt argument
        b.add(users.list_users, limits=3)  # error: misspelt param
        b.add(users.list_users, "cursor")  # error: an optional param by position
        b.add(users.get_user_by_id, 1, options=2.0)  # error: no options
        b.add(users.get_user_by_ids, 1)  # error: misspelt method
        b.add(users.get_user_by_id(1))  # error: the call instead of the method
        deleted = b.add(users.delete_user, 1)
        ada = b.add(users.get_user_by_id, 1)
    user: User = deleted.result()  # error: a bool is no User
    name: str = ada.name  # error: the result is asked for
    print(user, name, ada.results())  # error: misspelt


async def together_async(users: AsyncUserServiceClient) -> None:
    async with users.batch() as b:
        await b.add(users.get_user_by_id, 1)  # error: nothing to await
        b.add(users.get_user_by_id, "1")  # error: wrong argument
        b.add(users.batch)  # error: no call
        ada = b.add(users.get_user_by_id, 1)
    await ada.result()  # error: no awaitable
    with users.batch():  # error: not a sync context manager
        pass


async def mixed(users: UserServiceClient, others: AsyncUserServiceClient) -> None:
    async with others.batch() as b:
        b.add(users.get_user_by_id, 1)  # error: a sync method in an async batch
    with users.batch() as c:
        ada = c.add(others.get_user_by_id, 1)
    user: User = ada.result()  # error: an async method in a sync batch
    print(user)
    async with users.batch():  # error: not an async context manager
        pass


def raw(users: UserServiceClient) -> User:
    users.raw(users.get_user_by_id, "1")  # error: wrong argument
    users.raw(users.get_user_by_id)  # error: missing argument
    return users.raw(users.get_user_by_id, 1)  # error: an answer is no User
