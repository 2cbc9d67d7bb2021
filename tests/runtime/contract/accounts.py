"""An implementation of the contract's UserService that does what each test asks of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from tests.runtime.contract.user import types
from tests.runtime.contract.user.errors import UserNotFound
from tests.runtime.contract.user.server import UserService

BORN = datetime(2026, 1, 1, tzinfo=UTC)


def user(id: int = 1, name: str = "Ada") -> types.User:
    return types.User(
        id=id, name=name, email=f"{name}@example.com", bio=None, created_at=BORN
    )


class Accounts(UserService):
    """Answers from memory; odd ids make odd handlers."""

    def __init__(self) -> None:
        self.deleted: list[int] = []
        self.listed: list[tuple[str | None, int, list[types.Role]]] = []
        self.pings = 0

    async def get_user_by_id(self, id: int) -> types.User:
        if id == 404:
            raise UserNotFound(id=id)
        if id == 500:
            raise ValueError("the password is hunter2")
        await asyncio.sleep(0)
        return user(id)

    def create_user(self, user_data: types.UserData) -> types.User:
        return user(2, user_data.name)

    async def update_user(
        self, id: int, user_data: types.UserDataPartial
    ) -> types.User:
        return user(id, user_data.name if isinstance(user_data.name, str) else "Ada")

    def delete_user(self, id: int) -> bool:
        self.deleted.append(id)
        return True

    def list_users(
        self,
        *,
        cursor: str | None = None,
        limit: int = 50,
        roles: list[types.Role],
    ) -> types.UserPage:
        self.listed.append((cursor, limit, roles))
        return types.UserPage(items=[user()], next=cursor)

    async def ping(self) -> None:
        self.pings += 1
