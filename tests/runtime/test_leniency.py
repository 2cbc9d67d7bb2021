"""Lenient servers answer the primer's client in its own shape; strict ones refuse it."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Protocol

import pytest

from idlgen.runtime import Internal, Method, Service, UnknownError, serves
from idlgen.runtime.leniency import LENIENT, STRICT
from idlgen.runtime.protocols.jsonrpc.caller import decode_answer
from idlgen.runtime.server.dispatcher import Dispatcher
from tests.runtime.contract.accounts import Accounts
from tests.runtime.contract.user import _service

ADA = {
    "id": 1,
    "name": "Ada",
    "email": "Ada@example.com",
    "bio": None,
    "roles": ["member"],
    "created_at": "2026-01-01T00:00:00Z",
}


def dispatch(body: str, *implementations: object) -> Any:
    dispatcher = Dispatcher(*(implementations or (Accounts(),)), lenient=True)
    answer = asyncio.run(dispatcher.dispatch(body.encode()))
    dispatcher.close()
    return None if answer is None else json.loads(answer)


@pytest.mark.parametrize(
    ("request_text", "answer"),
    [
        ('{"id":1,"method":"getUserById","params":[1]}', {"id": 1, "result": ADA}),
        ('{"method":"getUserById","params":[1]}', {"id": None, "result": ADA}),
        ('{"id":2,"method":"ping","params":[]}', {"id": 2, "result": None}),
        (
            '{"id":1,"method":"getUserById","params":[404]}',
            {"id": 1, "error": "user 404 does not exist"},
        ),
        (
            '{"id":1,"method":"getUserById","params":[500]}',
            {"id": 1, "error": "Internal error"},
        ),
        (
            '{"id":1,"method":"getUserById","params":["x"]}',
            {"id": 1, "error": "Invalid params: `$.id`: Expected `int`, got `str`"},
        ),
        (
            '{"id":1,"method":"getUser"}',
            {
                "id": 1,
                "error": "Method not found: `$.method`: No method `getUser`; "
                "did you mean `user.UserService.getUserById`?",
            },
        ),
        (
            '{"id":1}',
            {"id": 1, "error": "Invalid Request: `$.method`: Missing"},
        ),
    ],
)
def test_a_request_without_a_version_is_answered_in_its_shape(
    request_text: str, answer: object
) -> None:
    assert dispatch(request_text) == answer


def test_a_request_with_a_version_is_answered_as_ever() -> None:
    bare = '{"jsonrpc":"2.0","method":"getUserById","params":[1],"id":1}'
    assert dispatch(bare) == {"jsonrpc": "2.0", "result": ADA, "id": 1}
    assert dispatch('{"jsonrpc":"2.0","method":"ping"}') is None
    wrong = dispatch('{"jsonrpc":"1.0","method":"ping","id":1}')
    assert wrong["error"]["code"] == -32600


ADMIN_PING: Method[None] = Method(
    "admin.UserService.ping",
    handler="ping",
    params=_service.UserServicePingParams,
    returns=None,
)


@serves(Service("admin.UserService", methods=(ADMIN_PING,)))
class AdminUserService(Protocol):
    async def ping(self) -> None: ...


class Admin(AdminUserService):
    async def ping(self) -> None: ...


@pytest.mark.parametrize("name", ["ping", "UserService.ping"])
def test_a_short_name_that_two_share_names_both(name: str) -> None:
    answer = dispatch(
        f'{{"jsonrpc":"2.0","method":"{name}","id":1}}', Accounts(), Admin()
    )
    assert answer["error"]["code"] == -32601
    assert answer["error"]["data"]["problems"] == [
        {
            "path": "$.method",
            "message": f"`{name}` could be `user.UserService.ping` and "
            "`admin.UserService.ping`",
        }
    ]
    assert "result" in dispatch(
        '{"jsonrpc":"2.0","method":"admin.UserService.ping","id":1}',
        Accounts(),
        Admin(),
    )


def test_lenient_clients_read_answers_without_a_version() -> None:
    method = _service.USER_SERVICE_DELETE_USER
    assert decode_answer(method, b'{"id":1,"result":true}', 1, LENIENT) is True
    assert decode_answer(method, b'{"id":1,"result":true,"error":null}', 1, LENIENT)
    decode_answer(_service.USER_SERVICE_PING, b'{"id":1}', 1, LENIENT)
    with pytest.raises(Internal):
        decode_answer(method, b'{"id":1}', 1, LENIENT)
    with pytest.raises(UnknownError) as caught:
        decode_answer(method, '{"id":1,"error":"없음"}'.encode(), 1, LENIENT)
    assert caught.value.message == "없음"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            b'{"id":1,"result":true}',
            'it lacks `"jsonrpc": "2.0"`; `lenient=True` accepts such servers',
        ),
        (
            b'{"jsonrpc":"2.0","id":1,"error":"no"}',
            "its `error` is no object with `code` and `message`",
        ),
        (b'{"jsonrpc":"1.0","id":1,"result":true}', 'its `jsonrpc` is not "2.0"'),
        (b'{"jsonrpc":"2.0","id":2,"result":true}', "its `id` is not that of the call"),
        (b'{"jsonrpc":"2.0","result":true}', "its `id` is not that of the call"),
        (
            b'{"jsonrpc":"2.0","id":2,"error":{"code":-32005,"message":"no"}}',
            "its `id` is not that of the call",
        ),
        (b'{"jsonrpc":"2.0","id":1}', "it has neither `result` nor `error`"),
        (b"[]", "it is no object"),
        (b"<html>", "it is no JSON: JSON is malformed: invalid character (byte 0)"),
        (b"[" * 100_000, "it is no object"),
    ],
)
def test_strict_clients_refuse_what_is_no_answer(body: bytes, why: str) -> None:
    with pytest.raises(Internal) as caught:
        decode_answer(_service.USER_SERVICE_DELETE_USER, body, 1, STRICT)
    assert caught.value.message == (
        f"the server did not answer as JSON-RPC 2.0 says: {why}"
    )


def test_a_result_that_does_not_fit_names_the_place() -> None:
    body = b'{"jsonrpc":"2.0","id":1,"result":{"items":[{"id":"x"}]}}'
    with pytest.raises(Internal) as caught:
        decode_answer(_service.USER_SERVICE_LIST_USERS, body, 1, STRICT)
    assert caught.value.message == (
        "the result of user.UserService.listUsers does not fit: "
        "`$.items[0].id`: Expected `int`, got `str`; `$.items[0].name`: Missing; "
        "`$.items[0].email`: Missing; and 2 more"
    )
