"""Calls the user service, without and with `await`.

python -m examples.user_client http://127.0.0.1:8001/rpc
"""

from __future__ import annotations

import asyncio
import sys

from generated_examples.user.client import AsyncUserServiceClient, UserServiceClient
from generated_examples.user.errors import EmailTaken, UserNotFound
from generated_examples.user.types import UserData, UserDataPartial


def call(url: str) -> None:
    """Make calls that look like local ones."""
    with UserServiceClient(url) as users:
        user = users.get_user_by_id(1)
        print(f"user {user.id} is {user.name} <{user.email}>")
        try:
            users.get_user_by_id(123)
        except UserNotFound as error:
            print(f"nobody has the id {error.id}")


async def call_async(url: str) -> None:
    """Make the same kind of calls from a coroutine."""
    async with AsyncUserServiceClient(url) as users:
        ada = await users.create_user(UserData(name="Ada", email="ada@example.com"))
        ada = await users.update_user(ada.id, UserDataPartial(nickname="Countess"))
        print(f"user {ada.id} is {ada.name}, called {ada.nickname}")
        try:
            await users.update_user(1, UserDataPartial(email=ada.email))
        except EmailTaken as error:
            print(f"{error.email} is taken")
        page = await users.list_users(limit=10)
        print(f"all users: {', '.join(user.name for user in page.items)}")
        print(f"deleted: {await users.delete_user(ada.id)}")


if __name__ == "__main__":
    call(sys.argv[1])
    asyncio.run(call_async(sys.argv[1]))
