"""Interceptors, hooks and credentials as users write them; both checkers accept all."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal, assert_type

from generated_examples.user.client import AsyncUserServiceClient, UserServiceClient
from generated_examples.user.testing import FakeUserService, in_process

from idlgen.runtime import (
    CallContext,
    Credentials,
    Principal,
    asgi_app,
    current_call,
    known_tokens,
)
from idlgen.runtime.interceptors import Call, ClientCall, logged, measured, traced


@contextmanager
def anywhere(call: Call) -> Generator[None]:
    assert_type(call.method, str)
    assert_type(call.side, Literal["client", "server"])
    assert_type(call.remaining, float | None)
    yield


@contextmanager
def of_clients(call: ClientCall) -> Generator[None]:
    call.headers["x-a"] = call.peer + str(call.attempt)
    yield


@asynccontextmanager
async def of_servers(call: CallContext) -> AsyncGenerator[None]:
    assert_type(call.principal, Principal | None)
    yield


@asynccontextmanager
async def of_async_clients(call: ClientCall) -> AsyncGenerator[None]:
    yield


def plain(credentials: Credentials) -> Principal | None:
    assert_type(credentials.scheme, Literal["bearer", "api_key"])
    return Principal(credentials.token, frozenset({"a"}), {"b": 1})


async def waiting(credentials: Credentials) -> Principal | None:
    return plain(credentials)


def token() -> str:
    return "t"


async def renewed() -> str:
    return "t"


def serve(users: FakeUserService) -> None:
    around = [logged(), traced(), measured(), anywhere, of_servers]
    asgi_app(users, authenticate=plain, interceptors=around)
    asgi_app(users, authenticate=waiting, interceptors=[anywhere])
    asgi_app(users, authenticate=known_tokens({"t": Principal("ada")}))
    principal = current_call().principal
    if principal is not None:
        assert_type(principal.name, str)
        assert_type(principal.claims["b"], Any)


def call(url: str) -> None:
    around = [logged(), anywhere, of_clients]
    users = UserServiceClient(url, token=token, api_key="k", interceptors=around)
    assert_type(users.with_options(token="t", api_key=token), UserServiceClient)
    in_process(UserServiceClient, FakeUserService(), principal=Principal("ada"))
    in_process(AsyncUserServiceClient, FakeUserService(), principal=None)


def call_async(url: str) -> None:
    around = [logged(), anywhere, of_clients, of_async_clients]
    users = AsyncUserServiceClient(url, token=renewed, interceptors=around)
    assert_type(users.with_options(api_key=token), AsyncUserServiceClient)
