"""The primer's own programs, in node, against idlgen: lenient as they are, strict not."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from msgspec import Struct

from idlgen.runtime import (
    AsyncClient,
    AsyncServiceClient,
    Client,
    Int53,
    Internal,
    Method,
    NotFound,
    Service,
    ServiceClient,
    UnknownError,
    asgi_app,
    serves,
)
from tests.runtime.contract.serving import serving as under_uvicorn

PRIMER = Path(__file__).parents[1] / "e2e" / "primer"


class User(Struct, frozen=True, kw_only=True):
    id: Int53
    name: str
    email: str


class UserNotFound(NotFound):
    _idl_name = "user.UserNotFound"
    _idl_message = "user {id} does not exist"

    class Fields(Struct, frozen=True, kw_only=True):
        id: Int53

    def __init__(self, *, id: int) -> None:
        self.id = id
        super().__init__(fields=self.Fields(id=id))


class IdParams(Struct, frozen=True, kw_only=True):
    id: Int53


class CalculateParams(Struct, frozen=True, kw_only=True):
    a: Int53
    b: Int53
    operator: str = "+"


GET_USER_BY_ID: Method[User] = Method(
    "user.UserService.getUserById",
    handler="get_user_by_id",
    params=IdParams,
    returns=User,
    errors=(UserNotFound,),
)
DELETE_USER: Method[bool] = Method(
    "user.UserService.deleteUser", handler="delete_user", params=IdParams, returns=bool
)
CALCULATE: Method[int] = Method(
    "user.UserService.calculate",
    handler="calculate",
    params=CalculateParams,
    returns=Int53,
)


@serves(
    Service("user.UserService", methods=(GET_USER_BY_ID, DELETE_USER, CALCULATE)),
)
class UserService(Protocol):
    def get_user_by_id(self, id: int) -> User | Awaitable[User]: ...
    def delete_user(self, id: int) -> bool | Awaitable[bool]: ...
    def calculate(self, a: int, b: int, operator: str) -> int | Awaitable[int]: ...


class Users(UserService):
    async def get_user_by_id(self, id: int) -> User:
        if id != 123:
            raise UserNotFound(id=id)
        return User(id=id, name="홍길동", email="hong@example.com")

    def delete_user(self, id: int) -> bool:
        raise ValueError("the password is 1234")

    def calculate(self, a: int, b: int, operator: str) -> int:
        return a + b if operator == "+" else a - b


class UsersClient(ServiceClient):
    def get_user_by_id(self, id: int) -> User:
        return self._idl_channel.unary(GET_USER_BY_ID, IdParams(id=id))

    def delete_user(self, id: int) -> bool:
        return self._idl_channel.unary(DELETE_USER, IdParams(id=id))


class AsyncUsersClient(AsyncServiceClient):
    async def get_user_by_id(self, id: int) -> User:
        return await self._idl_channel.unary(GET_USER_BY_ID, IdParams(id=id))


@contextmanager
def uvicorn_serving(*, lenient: bool) -> Iterator[str]:
    """Serve `Users` in a thread; the URL."""
    app = asgi_app(Users(), lenient=lenient)
    with under_uvicorn(app) as port:
        yield f"http://127.0.0.1:{port}/rpc"


@pytest.fixture(scope="module")
def lenient_server() -> Iterator[str]:
    with uvicorn_serving(lenient=True) as url:
        yield url


@pytest.fixture(scope="module")
def primer_server(node: str) -> Iterator[str]:
    """The primer's SimpleRPCServer; the URL."""
    with subprocess.Popen(
        [node, PRIMER / "serve.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()


def primer_client(node: str, url: str, *calls: list[Any]) -> list[dict[str, Any]]:
    """Make the calls with the primer's SimpleRPCClient."""
    done = subprocess.run(
        [node, PRIMER / "call.mjs", url, json.dumps(calls)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


HONG = {"id": 123, "name": "홍길동", "email": "hong@example.com"}
HONG_USER = User(id=123, name="홍길동", email="hong@example.com")


def test_the_primers_client_calls_a_lenient_server(
    node: str, lenient_server: str
) -> None:
    outcomes = primer_client(
        node,
        lenient_server,
        ["getUserById", 123],
        ["calculate", 10, 20, "+"],
        ["UserService.calculate", 10, 20, "-"],
        ["calculate", 1, 2],
    )
    assert outcomes == [
        {"result": HONG, "answer": {"id": 1, "result": HONG}},
        {"result": 30, "answer": {"id": 2, "result": 30}},
        {"result": -10, "answer": {"id": 3, "result": -10}},
        {"result": 3, "answer": {"id": 4, "result": 3}},
    ]


def test_the_primers_client_gets_errors_as_the_texts_it_expects(
    node: str, lenient_server: str
) -> None:
    missing, unknown, wrong, broken = primer_client(
        node,
        lenient_server,
        ["getUserById", 7],
        ["getUserByID", 7],
        ["getUserById", "x"],
        ["deleteUser", 7],
    )
    text = "user 7 does not exist"
    assert missing == {
        "error": f"RPC 호출 실패: {text}",
        "answer": {"id": 1, "error": text},
    }
    assert "`user.UserService.getUserById`" in unknown["error"]
    assert "$.id" in wrong["error"]
    assert broken["answer"] == {"id": 4, "error": "Internal error"}


def test_a_strict_server_refuses_the_primers_client(node: str) -> None:
    with uvicorn_serving(lenient=False) as url:
        (outcome,) = primer_client(node, url, ["getUserById", 123])
    assert outcome["error"].startswith("RPC 호출 실패: ")
    assert outcome["answer"]["id"] == 1
    assert outcome["answer"]["jsonrpc"] == "2.0"
    assert outcome["answer"]["error"]["code"] == -32600
    (problem,) = outcome["answer"]["error"]["data"]["problems"]
    assert problem["path"] == "$.jsonrpc"


def test_a_lenient_typed_client_calls_the_primers_server(primer_server: str) -> None:
    with UsersClient(primer_server, lenient=True) as users:
        assert users.get_user_by_id(123) == HONG_USER
        with pytest.raises(UnknownError) as caught:
            users.delete_user(7)
    assert caught.value.message == "사용자 7를 삭제할 수 없습니다."


def test_a_lenient_async_client_calls_the_primers_server(primer_server: str) -> None:
    async def run() -> User:
        async with AsyncUsersClient(primer_server, lenient=True) as users:
            return await users.get_user_by_id(123)

    assert asyncio.run(run()) == HONG_USER


def test_a_lenient_untyped_client_calls_the_primers_server(primer_server: str) -> None:
    with Client(primer_server, lenient=True) as client:
        assert client.call("add", 5, 3) == 8
        assert client.call("getUserById", 123) == HONG
        with pytest.raises(UnknownError) as caught:
            client.call("nothing")
    assert caught.value.message == "메서드 'nothing'를 찾을 수 없습니다."


def test_a_lenient_untyped_async_client_calls_the_primers_server(
    primer_server: str,
) -> None:
    async def run() -> object:
        async with AsyncClient(primer_server, lenient=True) as client:
            return await client.call("add", 5, 3)

    assert asyncio.run(run()) == 8


HINT = r'lacks `"jsonrpc": "2\.0"`; `lenient=True` accepts such servers'


def test_a_strict_client_refuses_the_primers_server(primer_server: str) -> None:
    with UsersClient(primer_server) as users, pytest.raises(Internal, match=HINT):
        users.get_user_by_id(123)
    with Client(primer_server) as client, pytest.raises(Internal, match=HINT):
        client.call("add", 5, 3)


def test_a_lenient_client_calls_a_lenient_server_with_declared_errors(
    lenient_server: str,
) -> None:
    with UsersClient(lenient_server, lenient=True) as users:
        assert users.get_user_by_id(123) == HONG_USER
        with pytest.raises(UserNotFound) as caught:
            users.get_user_by_id(7)
    assert caught.value.id == 7
