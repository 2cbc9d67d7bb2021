"""Channels over transports that answer from a table: what is sent, what comes of it."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from msgspec import UNSET, Struct, UnsetType, field

from idlgen.runtime import (
    AsyncServiceClient,
    CallOptions,
    Client,
    Int53,
    InvalidArgument,
    Method,
    NotFound,
    RpcError,
    ServiceClient,
    Status,
)
from idlgen.runtime.transports import Reply, Request


class User(Struct, frozen=True, kw_only=True):
    id: Int53
    name: str


class GetUserParams(Struct, frozen=True, kw_only=True):
    user_id: Int53 = field(name="userId")


class ListUsersParams(Struct, frozen=True, kw_only=True, omit_defaults=True):
    cursor: str | None = None
    limit: int = 50
    roles: list[str] | UnsetType = UNSET
    order: str = "name"


class UserNotFound(NotFound):
    _idl_name = "user.UserNotFound"
    _idl_message = "user {id} does not exist"

    class Fields(Struct, frozen=True, kw_only=True):
        id: Int53

    def __init__(self, *, id: int) -> None:
        self.id = id
        super().__init__(fields=self.Fields(id=id))


GET_USER: Method[User] = Method(
    "user.UserService.getUser",
    handler="get_user",
    params=GetUserParams,
    returns=User,
    errors=(UserNotFound,),
    timeout=2.0,
)
LIST_USERS: Method[list[User]] = Method(
    "user.UserService.listUsers",
    handler="list_users",
    params=ListUsersParams,
    returns=list[User],
    defaults={"roles": lambda: ["member"]},
)

JSON = {"content-type": "application/json"}
ADA = {"id": 1, "name": "Ada"}
Answer = Callable[[dict[str, Any]], Reply]


def answering(
    *, status: int = 200, headers: Mapping[str, str] = JSON, **members: Any
) -> Answer:
    """Answer with the members, behind the version and the id of the request."""

    def answer(request: dict[str, Any]) -> Reply:
        message = {"jsonrpc": "2.0", "id": request.get("id"), **members}
        return Reply(status=status, headers=headers, body=json.dumps(message).encode())

    return answer


def sending(
    body: bytes, status: int = 200, headers: Mapping[str, str] = JSON
) -> Answer:
    return lambda _: Reply(status=status, headers=headers, body=body)


class Table:
    """A sync and async transport: notes what it is given, answers with `answer`."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.requests: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.timeouts: list[float | None] = []
        self.closed = 0

    def take(self, request: Request) -> Reply:
        self.requests.append(json.loads(request.body))
        self.headers.append(request.headers)
        self.timeouts.append(request.timeout)
        return self._answer(self.requests[-1])


class SyncTable(Table):
    def exchange(self, request: Request) -> Reply:
        return self.take(request)

    def close(self) -> None:
        self.closed += 1


class AsyncTable(Table):
    async def exchange(self, request: Request) -> Reply:
        await asyncio.sleep(0)
        return self.take(request)

    async def aclose(self) -> None:
        self.closed += 1


class Users(ServiceClient):
    def get_user(self, user_id: int, *, options: CallOptions | None = None) -> User:
        return self._idl_channel.unary(
            GET_USER, GetUserParams(user_id=user_id), options
        )

    def list_users(self, **params: Any) -> list[User]:
        return self._idl_channel.unary(LIST_USERS, ListUsersParams(**params))


class AsyncUsers(AsyncServiceClient):
    async def get_user(
        self, user_id: int, *, options: CallOptions | None = None
    ) -> User:
        params = GetUserParams(user_id=user_id)
        return await self._idl_channel.unary(GET_USER, params, options)


def get_user(
    kind: str, answer: Answer, *, lenient: bool = False, user_id: int = 7
) -> User:
    """Call `getUser` with a typed client of the kind."""
    if kind == "sync":
        return Users(transport=SyncTable(answer), lenient=lenient).get_user(user_id)

    async def run() -> User:
        async with AsyncUsers(transport=AsyncTable(answer), lenient=lenient) as users:
            return await users.get_user(user_id)

    return asyncio.run(run())


KINDS = pytest.mark.parametrize("kind", ["sync", "async"])


@KINDS
def test_a_result_is_typed(kind: str) -> None:
    assert get_user(kind, answering(result=ADA)) == User(id=1, name="Ada")


@KINDS
def test_a_declared_error_is_raised_with_its_fields(kind: str) -> None:
    error = {
        "code": -32005,
        "message": "user 7 does not exist",
        "data": {
            "error": "user.UserNotFound",
            "status": "not_found",
            "fields": {"id": 7},
        },
    }
    with pytest.raises(UserNotFound) as caught:
        get_user(kind, answering(error=error))
    assert caught.value.id == 7


HTML = {"content-type": "text/html"}
OTHER_ID = b'{"jsonrpc":"2.0","id":99,"result":{"id":1,"name":"Ada"}}'
RPC_ERROR = (
    b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}'
)


@KINDS
@pytest.mark.parametrize(
    ("answer", "status"),
    [
        pytest.param(sending(b"{}"), Status.INTERNAL, id="neither result nor error"),
        pytest.param(sending(b"[]"), Status.INTERNAL, id="no object"),
        pytest.param(sending(b"{"), Status.INTERNAL, id="no JSON"),
        pytest.param(sending(b""), Status.INTERNAL, id="empty"),
        pytest.param(sending(b"[" * 200_000), Status.INTERNAL, id="deep"),
        pytest.param(sending(b"\xff\xfe{}"), Status.INTERNAL, id="no UTF-8"),
        pytest.param(sending(OTHER_ID), Status.INTERNAL, id="the id of another call"),
        pytest.param(
            answering(result={"id": "x", "name": "Ada"}),
            Status.INTERNAL,
            id="wrong type",
        ),
        pytest.param(
            answering(result=ADA, headers=HTML), Status.INTERNAL, id="says it is HTML"
        ),
        pytest.param(
            answering(result=ADA, headers={}), Status.INTERNAL, id="says not what it is"
        ),
        pytest.param(
            sending(b"<p>", 500, HTML), Status.INTERNAL, id="an error page, 500"
        ),
        pytest.param(sending(b"<p>", 503, HTML), Status.UNAVAILABLE, id="503"),
        pytest.param(sending(b"{}", 401), Status.UNAUTHENTICATED, id="401 with JSON"),
        pytest.param(
            sending(RPC_ERROR, 503), Status.INVALID_ARGUMENT, id="503 with an answer"
        ),
        pytest.param(
            answering(result=ADA, status=404),
            Status.UNIMPLEMENTED,
            id="404 with a result",
        ),
        pytest.param(
            sending(b"", 307, {"location": "/x"}),
            Status.FAILED_PRECONDITION,
            id="a redirect",
        ),
        pytest.param(
            answering(error={"code": -32601, "message": "Method not found"}),
            Status.UNIMPLEMENTED,
            id="unknown method",
        ),
        pytest.param(
            answering(error={"code": -32014, "message": "later"}),
            Status.UNAVAILABLE,
            id="a status",
        ),
        pytest.param(
            answering(error={"code": 17, "message": "?"}),
            Status.UNKNOWN,
            id="their code",
        ),
        pytest.param(answering(error="text"), Status.INTERNAL, id="a text"),
    ],
)
def test_every_other_answer_is_an_error_of_its_status(
    kind: str, answer: Answer, status: Status
) -> None:
    with pytest.raises(RpcError) as caught:
        get_user(kind, answer)
    assert caught.value.status is status


def test_the_request_is_plain_json_rpc() -> None:
    table = SyncTable(answering(result=ADA))
    users = Users(transport=table)
    users.get_user(7)
    users.get_user(8)
    assert table.requests == [
        {
            "jsonrpc": "2.0",
            "method": "user.UserService.getUser",
            "params": {"userId": 7},
            "id": 1,
        },
        {
            "jsonrpc": "2.0",
            "method": "user.UserService.getUser",
            "params": {"userId": 8},
            "id": 2,
        },
    ]


@KINDS
def test_wrong_params_are_refused_before_anything_is_sent(kind: str) -> None:
    with pytest.raises(InvalidArgument, match="userId") as caught:
        get_user(kind, answering(result=ADA), user_id=2**60)
    assert [problem.path for problem in caught.value.problems] == ["$.userId"]


def test_headers_and_deadline_go_along_and_the_calls_own_win() -> None:
    table = SyncTable(answering(result=ADA))
    users = Users(transport=table, headers={"X-A": "client", "X-B": "client"})
    users.get_user(
        1,
        options=CallOptions(
            timeout=0.25, headers={"x-a": "call"}, idempotency_key="k-1"
        ),
    )
    (headers,) = table.headers
    assert table.timeouts == [0.25]
    assert headers["user-agent"].startswith("idlgen/")
    assert {name: text for name, text in headers.items() if name != "user-agent"} == {
        "accept": "application/json",
        "content-type": "application/json",
        "idempotency-key": "k-1",
        "idlgen-timeout-ms": "250",
        "x-a": "call",
        "x-b": "client",
    }


def test_without_a_limit_no_deadline_goes_along() -> None:
    table = SyncTable(answering(result=ADA))
    Users(transport=table, timeout=math.inf).get_user(1)
    assert table.timeouts == [None]
    assert "idlgen-timeout-ms" not in table.headers[0]


def test_no_time_at_all_is_over_before_anything_is_sent() -> None:
    table = SyncTable(answering(result=ADA))
    with pytest.raises(RpcError) as caught:
        Users(transport=table).get_user(1, options=CallOptions(timeout=0))
    assert caught.value.status is Status.DEADLINE_EXCEEDED
    assert table.requests == []


def test_a_view_shares_the_connections_and_counts_on() -> None:
    table = SyncTable(answering(result=ADA))
    users = Users(transport=table, headers={"x-a": "1"})
    view = users.with_options(timeout=9, headers={"x-b": "2"})
    assert type(view) is Users
    view.get_user(1)
    users.get_user(1)
    assert table.timeouts == [9, 2.0]
    assert [request["id"] for request in table.requests] == [1, 2]
    assert [headers.get("x-b") for headers in table.headers] == ["2", None]
    assert [headers["x-a"] for headers in table.headers] == ["1", "1"]


def test_a_with_statement_closes_the_transport() -> None:
    table = SyncTable(answering(result=ADA))
    with Users(transport=table):
        assert table.closed == 0
    assert table.closed == 1


def test_an_async_with_statement_closes_the_transport() -> None:
    table = AsyncTable(answering(result=ADA))

    async def run() -> None:
        async with AsyncUsers(transport=table).with_options(timeout=1):
            assert table.closed == 0

    asyncio.run(run())
    assert table.closed == 1


def plain(members: dict[str, Any]) -> Answer:
    """Answer as the smallest servers do: without a version."""
    return lambda request: Reply(
        status=200,
        headers=JSON,
        body=json.dumps({"id": request["id"], **members}).encode(),
    )


@KINDS
def test_a_lenient_client_takes_answers_without_a_version(kind: str) -> None:
    assert get_user(kind, plain({"result": ADA}), lenient=True).name == "Ada"
    with pytest.raises(RpcError, match=r'lacks `"jsonrpc": "2\.0"`') as caught:
        get_user(kind, plain({"result": ADA}))
    assert caught.value.status is Status.INTERNAL


@KINDS
def test_a_lenient_client_takes_a_text_for_an_error(kind: str) -> None:
    with pytest.raises(RpcError) as caught:
        get_user(kind, plain({"error": "메서드 없음"}), lenient=True)
    assert caught.value.status is Status.UNKNOWN
    assert caught.value.message == "메서드 없음"


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ({}, []),
        ({"limit": 50}, []),
        ({"cursor": "c"}, ["c"]),
        ({"limit": 9}, [None, 9]),
        ({"roles": ["admin"]}, [None, 50, ["admin"]]),
        ({"order": "id"}, [None, 50, ["member"], "id"]),
    ],
)
def test_a_lenient_client_calls_by_bare_name_and_position(
    params: dict[str, Any], sent: list[Any]
) -> None:
    table = SyncTable(answering(result=[]))
    Users(transport=table, lenient=True).list_users(**params)
    assert table.requests == [
        {"jsonrpc": "2.0", "method": "listUsers", "params": sent, "id": 1}
    ]


def test_a_lenient_client_checks_params_as_a_strict_one_does() -> None:
    with pytest.raises(InvalidArgument, match="userId"):
        get_user("sync", answering(result=ADA), lenient=True, user_id=2**60)


def test_an_untyped_client_sends_what_it_is_given() -> None:
    table = SyncTable(answering(result=ADA))
    client = Client(transport=table)
    assert client.call("UserService.getUser", 7, "x") == ADA
    assert client.call("m", method=1, self=2, **{"x-y": [None]}) == ADA
    assert client.call("m") == ADA
    assert [(r["method"], r["params"]) for r in table.requests] == [
        ("UserService.getUser", [7, "x"]),
        ("m", {"method": 1, "self": 2, "x-y": [None]}),
        ("m", []),
    ]
