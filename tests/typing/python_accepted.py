"""What users of generated code write; both type checkers accept all of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_type

from generated_examples.order.client import OrderServiceClient
from generated_examples.order.types import Order, OrderId, UserId
from generated_examples.user import types
from generated_examples.user.client import AsyncUserServiceClient, UserServiceClient
from generated_examples.user.errors import UserNotFound
from generated_examples.user.server import UserService, UserServiceUnimplemented
from generated_examples.user.testing import FakeUserService, in_process
from generated_examples.user.types import Role, User, UserData, UserDataPartial
from msgspec import UNSET

from idlgen.runtime import CallOptions, JsonValue, NotFound, Status


def call(client: UserServiceClient) -> None:
    assert_type(client.get_user_by_id(1), User)
    assert_type(client.get_user_by_id(id=1, options=CallOptions(timeout=1.0)), User)
    assert_type(client.delete_user(1), bool)
    assert_type(client.list_users(limit=3).items, list[User])
    assert_type(client.list_users(cursor=None).next, str | None)
    assert_type(client.with_options(timeout=2.0), UserServiceClient)
    with client as same:
        assert_type(same, UserServiceClient)


async def call_async(client: AsyncUserServiceClient) -> None:
    assert_type(await client.get_user_by_id(1), User)
    assert_type(await client.update_user(1, UserDataPartial(nickname=None)), User)
    async with client as same:
        assert_type(same, AsyncUserServiceClient)


def catch(client: UserServiceClient) -> int:
    try:
        client.get_user_by_id(1)
    except UserNotFound as error:
        assert_type(error.id, int)
        assert_type(error.status, Status)
        caught: NotFound = error
        return len(caught.message)
    return 0


def by_newtype(orders: OrderServiceClient, id: OrderId) -> None:
    assert_type(orders.get_order(id), Order)
    assert_type(orders.get_order(OrderId(1)), Order)
    assert_type(orders.list_orders(UserId(1)), list[Order])
    plain: int = id
    print(plain)


def every_role(role: Role) -> str:
    match role:
        case Role.ADMIN:
            return "all"
        case Role.MEMBER | Role.GUEST:
            return "some"
        case Role.UNRECOGNIZED:
            return role.value


def every_event(event: types.UserEvent) -> str:
    match event:
        case types.UserEventCreated(value=user) | types.UserEventUpdated(value=user):
            return user.name
        case types.UserEventDeleted(value=id):
            assert_type(id, int)
            return str(id)
        case types.UserEventUnknown(tag=tag, raw=raw):
            assert_type(raw, Mapping[str, JsonValue])
            return tag


def pages(client: UserServiceClient) -> types.Page[str]:
    assert_type(client.list_users(), types.Page[User])
    events = client.list_events().items
    assert_type(events, list[types.UserEvent])
    return types.Page(items=[every_event(event) for event in events])


def patched(patch: UserDataPartial) -> str | None:
    if patch.nickname is not UNSET:
        assert_type(patch.nickname, str | None)
        return patch.nickname
    return None


def made() -> Mapping[str, User]:
    user = User(id=1, name="Ada", email="a@b.c", created_at=datetime.now(UTC))
    assert_type(user.roles, list[Role])
    assert_type(user.nickname, str | None)
    return {"ada": user}


class Users:
    """Fits the interface by its methods alone, some of them async."""

    def __init__(self, users: dict[int, User]) -> None:
        self.users = users

    def get_user_by_id(self, id: int) -> User:
        if id not in self.users:
            raise UserNotFound(id=id)
        return self.users[id]

    async def create_user(self, user_data: UserData) -> User:
        user = User(
            id=len(self.users),
            name=user_data.name,
            email=user_data.email,
            created_at=datetime.now(UTC),
        )
        self.users[user.id] = user
        return user

    def update_user(self, id: int, user_data: UserDataPartial) -> User:
        print(user_data)
        return self.users[id]

    def delete_user(self, id: int) -> bool:
        return self.users.pop(id, None) is not None

    async def list_users(
        self, *, cursor: str | None = None, limit: int = 50
    ) -> types.Page[User]:
        print(cursor)
        return types.Page(items=list(self.users.values())[:limit])

    def list_events(
        self, *, cursor: str | None = None, limit: int = 50
    ) -> types.Page[types.UserEvent]:
        print(cursor, limit)
        return types.Page(items=[types.UserEventDeleted(value=1)])


class Some(UserServiceUnimplemented):
    """Implements one method; the rest answer `unimplemented`."""

    async def get_user_by_id(self, id: int) -> User:
        raise UserNotFound(id=id)


def serve() -> None:
    services: list[UserService] = [Users({}), Some(), FakeUserService()]
    assert_type(in_process(UserServiceClient, *services), UserServiceClient)
    assert_type(in_process(AsyncUserServiceClient, Some()), AsyncUserServiceClient)
    assert_type(FakeUserService().get_user_by_id(1), User)
