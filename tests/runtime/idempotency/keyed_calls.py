"""Calls with keys, as messages to a dispatcher, and a service that counts them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from idlgen.runtime.server.dispatcher import Dispatcher
from tests.runtime.contract.accounts import user
from tests.runtime.contract.user import types
from tests.runtime.contract.user.server import UserServiceUnimplemented

Do = Callable[[], Awaitable[object]]


async def nothing() -> None:
    pass


class Doing(UserServiceUnimplemented):
    """Does what the test says, in each of its handlers, and counts."""

    def __init__(self, do: Do = nothing) -> None:
        self.do = do
        self.runs = 0

    async def _run(self) -> Any:
        self.runs += 1
        return await self.do()

    async def get_user_by_id(self, id: int) -> types.User:
        await self._run()
        return user(id, f"run {self.runs}")

    async def create_user(self, user_data: types.UserData) -> types.User:
        wrong = await self._run()
        return user(2, f"run {self.runs}") if wrong is None else wrong

    async def update_user(
        self, id: int, user_data: types.UserDataPartial
    ) -> types.User:
        wrong = await self._run()
        return user(id, f"run {self.runs}") if wrong is None else wrong

    async def ping(self) -> None:
        await self._run()


CREATE = {"userData": {"name": "Ada", "email": "a@b", "bio": None}}
UPDATE = {"id": 1, "userData": {"name": "Ada"}}


def request_of(method: str, params: object, key: str | None, **meta: object) -> Any:
    if key is not None:
        meta["idempotency_key"] = key
    members: dict[str, object] = {"jsonrpc": "2.0", "id": 1, "method": method}
    members["params"] = params
    if meta:
        members["meta"] = meta
    return members


async def send(dispatcher: Dispatcher, message: object) -> Any:
    answer = await dispatcher.dispatch(json.dumps(message).encode())
    return None if answer is None else json.loads(answer)


async def call(
    dispatcher: Dispatcher,
    method: str,
    params: object,
    key: str | None = "k",
    **meta: object,
) -> Any:
    """Return the name in the result, or the status of the error."""
    answer = await send(dispatcher, request_of(method, params, key, **meta))
    if "error" in answer:
        return answer["error"].get("data", {}).get("status", "internal")
    return answer["result"] and answer["result"]["name"]


create = ("UserService.createUser", CREATE)
update = ("UserService.updateUser", UPDATE)
get = ("UserService.getUserById", {"id": 1})
writes = pytest.mark.parametrize("write", [create, update], ids=["plain", "idempotent"])
HEADERS = {"idempotency-key": "k"}


def raising(error: BaseException) -> Do:
    async def fail() -> None:
        raise error

    return fail
