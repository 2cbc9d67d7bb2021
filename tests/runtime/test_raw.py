"""Raw answers: a call's result or error with what came beside it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from idlgen.runtime import (
    AsyncClient,
    Client,
    InvalidArgument,
    RawAnswer,
    RpcError,
    Unavailable,
    asgi_app,
)
from idlgen.runtime.errors import was_received
from idlgen.runtime.transports import Reply, Request
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.serving import serving
from tests.runtime.contract.user import types
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)
from tests.runtime.contract.user.errors import UserNotFound

KINDS = pytest.mark.parametrize("kind", ["sync", "async"])


class SyncOnce:
    """A transport that gives one reply, or raises one error."""

    def __init__(self, outcome: Reply | Exception) -> None:
        self._outcome = outcome
        self.requests: list[Request] = []

    def exchange(self, request: Request) -> Reply:
        self.requests.append(request)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    def close(self) -> None:
        pass


class AsyncOnce(SyncOnce):
    exchange: Any = None

    def __init__(self, outcome: Reply | Exception) -> None:
        super().__init__(outcome)

        async def exchange(request: Request) -> Reply:
            await asyncio.sleep(0)
            return SyncOnce.exchange(self, request)

        self.exchange = exchange

    async def aclose(self) -> None:
        pass


def called(kind: str, outcome: Reply | Exception, id: Any = 7) -> RawAnswer[bool]:
    """Call `deleteUser` with a client of the kind."""
    if kind == "sync":
        users = UserServiceClient(transport=SyncOnce(outcome), retries=0)
        return users.raw(users.delete_user, id)

    async def run() -> RawAnswer[bool]:
        users = AsyncUserServiceClient(transport=AsyncOnce(outcome), retries=0)
        return await users.raw(users.delete_user, id)

    return asyncio.run(run())


def reply(status: int = 200, **members: Any) -> Reply:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, **members}).encode()
    headers = {"content-type": "application/json", "x-request": "r-1"}
    return Reply(status=status, headers=headers, body=body)


@KINDS
def test_a_raw_answer_has_the_result_the_status_and_the_headers(kind: str) -> None:
    answer = called(kind, reply(result=True))
    assert answer.result() is True
    assert answer.status == 200
    assert answer.headers["x-request"] == "r-1"


@KINDS
def test_an_error_has_them_too(kind: str) -> None:
    answer = called(kind, reply(error={"code": -32014, "message": "later"}))
    assert answer.headers["x-request"] == "r-1"
    with pytest.raises(Unavailable, match="later") as caught:
        answer.result()
    assert was_received(caught.value)


@KINDS
def test_so_has_what_is_no_answer_of_json_rpc(kind: str) -> None:
    headers = {"retry-after": "30"}
    answer = called(kind, Reply(status=503, headers=headers, body=b"busy"))
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    with pytest.raises(Unavailable):
        answer.result()


@KINDS
def test_without_an_answer_there_is_only_the_error(kind: str) -> None:
    with pytest.raises(Unavailable) as caught:
        called(kind, Unavailable("gone"))
    assert was_received(caught.value)


@KINDS
def test_wrong_arguments_are_refused_before_anything_is_sent(kind: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        called(kind, Unavailable("was sent"), "7")
    assert caught.value.problems == (("$.id", "Expected `int`, got `str`"),)


def test_it_is_the_method_of_the_same_client() -> None:
    users = UserServiceClient(transport=SyncOnce(reply(result=True)))
    other = UserServiceClient(transport=SyncOnce(reply(result=True)))
    with pytest.raises(TypeError, match="`delete_user` is a method of another"):
        users.raw(other.delete_user, 1)
    with pytest.raises(TypeError, match="`batch` is not one call of the service"):
        users.raw(users.batch)
    assert users.raw(users.with_options(timeout=1).delete_user, 1).result() is True


def test_untyped_calls_have_raw_answers() -> None:
    client = Client(transport=SyncOnce(reply(result=[1])))
    assert client.raw(client.call, "m", 1).result() == [1]

    async def run() -> None:
        client = AsyncClient(
            transport=AsyncOnce(Reply(status=204, headers={}, body=b""))
        )
        answer = await client.raw(client.notify, "m")
        assert (answer.status, answer.result()) == (204, None)

    asyncio.run(run())


def test_servers_headers_arrive() -> None:
    async def run(url: str) -> RawAnswer[types.User]:
        async with AsyncUserServiceClient(url) as users:
            return await users.raw(users.get_user_by_id, 1)

    with serving(asgi_app(Accounts())) as port:
        url = f"http://127.0.0.1:{port}/rpc"
        with UserServiceClient(url) as users:
            for answer in (users.raw(users.get_user_by_id, 1), asyncio.run(run(url))):
                assert answer.result() == user(1)
                assert answer.headers["server"] == "uvicorn"
            gone = users.raw(users.get_user_by_id, 404)
    assert gone.status == 200
    with pytest.raises(UserNotFound):
        gone.result()
    with pytest.raises(RpcError):
        gone.result()
