"""Mistakes with interceptors and auth: both checkers refuse each line that says so."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from generated_examples.user.client import AsyncUserServiceClient, UserServiceClient
from generated_examples.user.testing import FakeUserService, in_process

from idlgen.runtime import CallContext, Credentials, Principal, asgi_app
from idlgen.runtime.interceptors import Call, ClientCall, logged


@contextmanager
def of_clients(call: ClientCall) -> Generator[None]:
    yield


@contextmanager
def of_servers(call: CallContext) -> Generator[None]:
    yield


@contextmanager
def anywhere(call: Call) -> Generator[None]:
    call.headers["x-a"] = "1"  # error: only a client's call may change its headers
    print(call.principal)  # error: only a server's call has one
    yield


def no_manager(call: Call) -> None:
    print(call)


def wrong(credentials: Credentials) -> bool:
    return bool(credentials.token)


async def renewed() -> str:
    return "t"


def serve(users: FakeUserService) -> None:
    asgi_app(users, interceptors=[of_clients])  # error: of clients
    asgi_app(users, interceptors=[no_manager])  # error: makes no context manager
    asgi_app(users, interceptors=[logged])  # error: not called
    asgi_app(users, authenticate=wrong)  # error: returns no principal
    print(Principal("ada", ["a"]))  # error: a list is no set


def call(url: str) -> None:
    UserServiceClient(url, interceptors=[of_servers])  # error: of servers
    UserServiceClient(url, token=renewed)  # error: a sync client cannot wait
    UserServiceClient(url, tokens="t")  # error: misspelt
    UserServiceClient(url).with_options(token=renewed)  # error: likewise
    AsyncUserServiceClient(url, token=1)  # error: no text
    fake = FakeUserService()
    in_process(UserServiceClient, fake, principal="ada")  # error: no principal
