"""The user service, with its accounts in memory.

python -m examples.user_service 8001
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from msgspec import UNSET, structs

from examples.serving import serve
from generated_examples.user.errors import EmailTaken, UserNotFound
from generated_examples.user.server import UserService
from generated_examples.user.types import (
    Page,
    Role,
    User,
    UserData,
    UserDataPartial,
    UserEvent,
    UserEventCreated,
    UserEventDeleted,
    UserEventUpdated,
)

HONG = User(
    id=1,
    name="홍길동",
    email="hong@example.com",
    roles=[Role.ADMIN],
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


class UsersInMemory(UserService):
    """Implements every method of the generated `UserService`."""

    def __init__(self) -> None:
        self._users = {HONG.id: HONG}
        self._last_id = HONG.id
        self._events: list[UserEvent] = [UserEventCreated(value=HONG)]

    async def get_user_by_id(self, id: int) -> User:
        if id not in self._users:
            raise UserNotFound(id=id)
        return self._users[id]

    async def create_user(self, user_data: UserData) -> User:
        self._refuse_taken(user_data.email)
        self._last_id += 1
        user = User(
            id=self._last_id,
            name=user_data.name,
            email=user_data.email,
            nickname=user_data.nickname,
            roles=user_data.roles,
            created_at=datetime.now(UTC),
        )
        self._users[user.id] = user
        self._events.append(UserEventCreated(value=user))
        return user

    async def update_user(self, id: int, user_data: UserDataPartial) -> User:
        user = await self.get_user_by_id(id)
        if user_data.email not in (UNSET, user.email):
            self._refuse_taken(user_data.email)
        changes = structs.asdict(user_data).items()
        given = {name: value for name, value in changes if value is not UNSET}
        self._users[id] = structs.replace(user, **given)
        self._events.append(UserEventUpdated(value=self._users[id]))
        return self._users[id]

    async def delete_user(self, id: int) -> bool:
        if self._users.pop(id, None) is None:
            return False
        self._events.append(UserEventDeleted(value=id))
        return True

    async def list_users(
        self, *, cursor: str | None = None, limit: int = 50
    ) -> Page[User]:
        after = position(cursor)
        rest = [user for id, user in sorted(self._users.items()) if id > after]
        page = rest[: max(limit, 1)]
        more = len(rest) > len(page)
        return Page(items=page, next=str(page[-1].id) if more else None)

    async def list_events(
        self, *, cursor: str | None = None, limit: int = 50
    ) -> Page[UserEvent]:
        start = position(cursor)
        end = start + max(limit, 1)
        more = end < len(self._events)
        return Page(items=self._events[start:end], next=str(end) if more else None)

    def _refuse_taken(self, email: object) -> None:
        for user in self._users.values():
            if user.email == email:
                raise EmailTaken(email=user.email)


def position(cursor: str | None) -> int:
    """Return the number that a cursor of ours holds; 0 for what is none."""
    return int(cursor) if cursor is not None and cursor.isdecimal() else 0


if __name__ == "__main__":
    asyncio.run(serve(UsersInMemory(), port=int(sys.argv[1])))
