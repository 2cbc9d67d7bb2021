"""Mistakes: both type checkers refuse each line that says so, and no other."""

from __future__ import annotations

from typing import assert_never

from generated_examples.order.client import OrderServiceClient
from generated_examples.order.types import OrderId
from generated_examples.user.client import AsyncUserServiceClient, UserServiceClient
from generated_examples.user.errors import UserNotFound
from generated_examples.user.server import UserService, UserServiceUnimplemented
from generated_examples.user.testing import in_process
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


def call(client: UserServiceClient) -> None:
    client.get_user_by_id("1")  # error: wrong argument
    client.get_user_by_ids(1)  # error: misspelt method
    client.get_user_by_id()  # error: missing argument
    client.get_user_by_id(1, 2.0)  # error: options by position
    client.list_users("cursor")  # error: an optional param by position
    client.list_users(limits=3)  # error: misspelt param
    name: int = client.get_user_by_id(1).name  # error: wrong type of a field
    print(name)


async def call_async(client: AsyncUserServiceClient) -> None:
    user: User = client.get_user_by_id(1)  # error: missing await
    print(user)
    with client:  # error: not a sync context manager
        pass


def make(user: User) -> None:
    UserData(name="Ada")  # error: missing field
    UserData(name="Ada", email="a@b.c", mail="a@b.c")  # error: misspelt field
    UserData("Ada", "a@b.c")  # error: fields by position
    UserDataPartial(name=None)  # error: a name cannot be cleared
    user.name = "Eve"  # error: frozen
    UserNotFound(1)  # error: fields of an error by position
    UserNotFound(id="1")  # error: wrong type of an error's field


def by_newtype(orders: OrderServiceClient) -> OrderId:
    orders.get_order(1)  # error: an int is no OrderId
    return 1  # error: nor here


def every_role(role: Role) -> str:
    match role:
        case Role.ADMIN:
            return "all"
        case Role.MEMBER | Role.GUEST:
            return "some"
        case _:
            assert_never(role)  # error: a role of tomorrow is forgotten


def every_event(event: UserEvent) -> str:
    match event:
        case UserEventCreated(value=user) | UserEventUpdated(value=user):
            return user.name
        case UserEventDeleted(value=id):
            return id  # error: an int is no str
        case _:
            assert_never(event)  # error: a variant of tomorrow is forgotten


def events(user: User) -> Page[UserEvent]:
    UserEventDeleted(value="1")  # error: wrong type of a variant's value
    event: UserEvent = user  # error: a struct is no variant
    print(event)
    return Page[User](items=[user])  # error: a page of something else


class WrongParam(UserServiceUnimplemented):
    def get_user_by_id(self, id: str) -> User:  # error: wrong handler signature
        raise KeyError(id)


class WrongResult(UserServiceUnimplemented):
    async def delete_user(self, id: int) -> str:  # error: wrong result
        return str(id)


class TooFew:
    def delete_user(self, id: int) -> bool:
        return id > 0


service: UserService = TooFew()  # error: methods are missing
client = in_process(User, TooFew())  # error: not a client
