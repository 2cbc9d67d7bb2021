"""Requests that are wrong, and the error that JSON-RPC 2.0 names for each of them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from idlgen.runtime.server.dispatcher import Dispatcher
from tests.runtime.contract.accounts import Accounts
from tests.runtime.contract.echo import Shapes

LONE_SURROGATE = r"\ud800"


def dispatch(body: bytes, accounts: Accounts | None = None) -> Any:
    dispatcher = Dispatcher(accounts or Accounts())
    answer = asyncio.run(dispatcher.dispatch(body))
    dispatcher.close()
    return None if answer is None else json.loads(answer)


def call(method: str, params: str, id: str = "1") -> bytes:
    return (
        f'{{"jsonrpc":"2.0","method":"user.UserService.{method}",'
        f'"params":{params},"id":{id}}}'
    ).encode()


def problems(answer: Any) -> list[tuple[str, str]]:
    data = answer["error"].get("data", {})
    return [(item["path"], item["message"]) for item in data.get("problems", [])]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"nope",
        b"{",
        b'{"jsonrpc":"2.0","method":"x","id":1',
        b'{"jsonrpc":"2.0","method":"x","id":1}}',
        b"{'jsonrpc':'2.0'}",
        b'\xef\xbb\xbf{"jsonrpc":"2.0","method":"x","id":1}',
        b'{"jsonrpc":"2.0","method":"\xff","id":1}',
        '{"jsonrpc":"2.0","method":"x","id":1}'.encode("utf-16"),
        call("ping", '{"x":NaN}'),
        call("ping", '{"x":01}'),
        call("ping", '{"x":"\t"}'),
        call("ping", f'{{"x":"{LONE_SURROGATE}"}}'),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"jsonrpc":"2.0","method":"x","id":1,"params":'
        + b"[" * 5_000
        + b"]" * 5_000
        + b"}",
        b'[{"jsonrpc":"2.0"}',
    ],
)
def test_what_is_no_json_is_a_parse_error(body: bytes) -> None:
    assert dispatch(body) == {
        "jsonrpc": "2.0",
        "error": {"code": -32700, "message": "Parse error"},
        "id": None,
    }


@pytest.mark.parametrize(
    ("body", "id", "expected"),
    [
        ("1", None, [("$", "A request is an object")]),
        ("null", None, [("$", "A request is an object")]),
        ('"x"', None, [("$", "A request is an object")]),
        (
            "{}",
            None,
            [("$.jsonrpc", 'Must be "2.0"'), ("$.method", "Missing")],
        ),
        (
            '{"method":"UserService.ping","id":7}',
            7,
            [("$.jsonrpc", 'Must be "2.0"')],
        ),
        (
            '{"jsonrpc":2.0,"method":"UserService.ping","id":7}',
            7,
            [("$.jsonrpc", 'Must be "2.0"')],
        ),
        (
            '{"jsonrpc":"2.0","method":["ping"],"id":"a"}',
            "a",
            [("$.method", "Must be a string")],
        ),
        (
            '{"jsonrpc":"2.0","method":"UserService.ping","params":null,"id":1}',
            1,
            [("$.params", "Must be an object or an array")],
        ),
        (
            '{"jsonrpc":"2.0","method":"UserService.ping","id":true}',
            None,
            [("$.id", "Must be a string, a number or null")],
        ),
        (
            '{"jsonrpc":"2.0","method":"UserService.ping","id":[1]}',
            None,
            [("$.id", "Must be a string, a number or null")],
        ),
        (
            '{"jsonrpc":"2.0","method":"UserService.ping","id":{}}',
            None,
            [("$.id", "Must be a string, a number or null")],
        ),
        (
            '{"jsonrpc":"2.0","method":"a","method":"UserService.ping","id":1}',
            1,
            [("$.method", "Member is written twice")],
        ),
        (
            '{"jsonrpc":"2.0","method":1e999,"method":"UserService.ping","id":1}',
            None,
            [("$", "Number out of range")],
        ),
        (
            '{"jsonrpc":"2.0","method":"UserService.ping","id":1,"meta":{"headers":{"a":1}}}',
            1,
            [("$.meta.headers[...]", "Expected `str`, got `int`")],
        ),
        (
            '{"jsonrpc":"2.0","method":"UserService.ping","id":1,"meta":{"timeout_ms":-1}}',
            1,
            [
                (
                    "$.meta.timeout_ms",
                    "`idlgen-timeout-ms` must be whole milliseconds in at most 12 digits",
                )
            ],
        ),
    ],
)
def test_what_is_no_request_is_an_invalid_request(
    body: str, id: object, expected: list[tuple[str, str]]
) -> None:
    accounts = Accounts()
    answer = dispatch(body.encode(), accounts)
    assert answer["id"] == id
    assert answer["error"]["code"] == -32600
    assert answer["error"]["message"] == "Invalid Request"
    assert answer["error"]["data"]["status"] == "invalid_argument"
    assert problems(answer) == expected
    assert accounts.pings == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("foobar", "No method `foobar`"),
        ("", "No method ``"),
        (
            "getUserById",
            "No method `getUserById`; did you mean `user.UserService.getUserById`?",
        ),
        (
            "UserService.getuserbyid",
            (
                "No method `UserService.getuserbyid`; "
                "did you mean `user.UserService.getUserById`?"
            ),
        ),
        (
            "user.UserService.getUser",
            (
                "No method `user.UserService.getUser`; "
                "did you mean `user.UserService.getUserById`?"
            ),
        ),
        ("user.UserService.old", "No method `user.UserService.old`"),
        ("UserService.old", "No method `UserService.old`"),
        ("__class__", "No method `__class__`"),
        ("_idl_examples", "No method `_idl_examples`"),
        ("rpc.cover", "No method `rpc.cover`"),
        ("a\nb", r"No method `a\nb`"),
        ("x" * 5_000, f"No method `{'x' * 100}…`"),
    ],
)
def test_an_unknown_method_is_not_found_and_names_the_nearest(
    name: str, message: str
) -> None:
    request = {"jsonrpc": "2.0", "method": name, "id": 1}
    answer = dispatch(json.dumps(request).encode())
    assert answer["error"]["code"] == -32601
    assert answer["error"]["message"] == "Method not found"
    assert answer["error"]["data"]["status"] == "unimplemented"
    assert problems(answer) == [("$.method", message)]


@pytest.mark.parametrize("name", ["deleted", "__init__", "_abc_impl", "delete_user"])
def test_nothing_of_an_implementation_but_the_methods_is_reachable(name: str) -> None:
    for prefix in ("", "UserService.", "user.UserService."):
        request = {"jsonrpc": "2.0", "method": prefix + name, "id": 1}
        answer = dispatch(json.dumps(request).encode())
        assert answer["error"]["code"] == -32601


@pytest.mark.parametrize(
    ("method", "params", "expected"),
    [
        ("getUserById", "{}", [("$.id", "Missing")]),
        ("getUserById", '{"id":"1"}', [("$.id", "Expected `int`, got `str`")]),
        ("getUserById", '{"id":null}', [("$.id", "Expected `int`, got `null`")]),
        ("getUserById", '{"id":true}', [("$.id", "Expected `int`, got `bool`")]),
        ("getUserById", '{"id":1.5}', [("$.id", "Expected `int`, got `float`")]),
        (
            "getUserById",
            '{"id":9007199254740992}',
            [("$.id", "Expected `int` <= 9007199254740991")],
        ),
        (
            "getUserById",
            '{"ID":1}',
            [("$.id", "Missing"), ("$.ID", "Unknown name `ID`; did you mean `id`?")],
        ),
        (
            "listUsers",
            '{"x":1}',
            [("$.x", "Unknown name `x`; known are `cursor`, `limit`, `roles`")],
        ),
        ("ping", '{"x":1}', [("$.x", "Unknown name `x`")]),
        (
            "createUser",
            '{"userData":{"name":1,"nickname":2}}',
            [
                ("$.userData.name", "Expected `str`, got `int`"),
                ("$.userData.email", "Missing"),
                ("$.userData.nickname", "Expected `str`, got `int`"),
                ("$.userData.bio", "Missing"),
            ],
        ),
        (
            "createUser",
            '{"userData":[]}',
            [("$.userData", "Expected `object`, got `array`")],
        ),
        (
            "updateUser",
            '{"id":1,"userData":{"name":null}}',
            [("$.userData.name", "Expected `str`, got `null`")],
        ),
        (
            "listUsers",
            '{"limit":null,"roles":["admn","admin",3]}',
            [
                ("$.limit", "Expected `int`, got `null`"),
                ("$.roles[0]", "Unknown value `admn`; did you mean `admin`?"),
                ("$.roles[2]", "Expected `str`, got `int`"),
            ],
        ),
        (
            "listUsers",
            '{"roles":["owner"]}',
            [
                (
                    "$.roles[0]",
                    "Unknown value `owner`; known are `admin`, `member`, `guest`",
                )
            ],
        ),
        ("getUserById", "[]", [("$.id", "Missing")]),
        ("getUserById", '["x"]', [("$.id", "Expected `int`, got `str`")]),
        ("getUserById", "[1,2]", [("$", "Expected at most 1 params, got 2")]),
        (
            "updateUser",
            '[1,{"name":2}]',
            [("$.userData.name", "Expected `str`, got `int`")],
        ),
    ],
)
def test_wrong_params_are_all_named_with_their_paths(
    method: str, params: str, expected: list[tuple[str, str]]
) -> None:
    answer = dispatch(call(method, params))
    assert answer["id"] == 1
    assert answer["error"]["code"] == -32602
    assert answer["error"]["message"] == "Invalid params"
    assert answer["error"]["data"]["status"] == "invalid_argument"
    assert problems(answer) == expected


@pytest.mark.parametrize(
    ("method", "params", "expected"),
    [
        ("getUserById", '{"id":1e400}', [("id", "Number out of range")]),
        (
            "getUserById",
            f'{{"id":{"9" * 5_000}}}',
            [("id", "Integer value out of range")],
        ),
        ("getUserById", '{"id":1,"id":2}', [("id", "Member is written twice")]),
        (
            "createUser",
            '{"userData":{"name":1,"email":"a","email":"b","bio":null}}',
            [
                ("userData.email", "Member is written twice"),
                ("userData.name", "Expected `str`, got `int`"),
            ],
        ),
        (
            "createUser",
            '{"userData":{"name":"A","email":"a","bio":null,"x":1,"x":1}}',
            [("userData.x", "Member is written twice")],
        ),
        (
            "createUser",
            '[{"name":"A","name":"B","email":"a","bio":null}]',
            [("userData.name", "Member is written twice")],
        ),
    ],
)
def test_params_that_two_readers_could_read_apart_are_no_request(
    method: str, params: str, expected: list[tuple[str, str]]
) -> None:
    accounts = Accounts()
    answer = dispatch(call(method, params), accounts)
    assert answer["id"] == 1
    assert answer["error"]["code"] == -32600
    assert problems(answer) == [
        (f"$.params.{path}", message) for path, message in expected
    ]


@pytest.mark.parametrize(
    ("params", "listed"),
    [
        ("{}", (None, 50, ["member"])),
        ('{"cursor":null}', (None, 50, ["member"])),
        ("[]", (None, 50, ["member"])),
        ('["c",3,["guest"]]', ("c", 3, ["guest"])),
        ("[null,3]", (None, 3, ["member"])),
        ('{"roles":[],"limit":1}', (None, 1, [])),
    ],
)
def test_params_left_out_take_their_defaults(params: str, listed: object) -> None:
    accounts = Accounts()
    assert "result" in dispatch(call("listUsers", params), accounts)
    assert accounts.listed == [listed]


@pytest.mark.parametrize(
    "id", ["null", "0", "-1", '""', '"a b"', "1.50", "9007199254740993", '"\\u00e9"']
)
def test_an_id_comes_back_as_it_was_sent(id: str) -> None:
    dispatcher = Dispatcher(Accounts())
    answer = asyncio.run(dispatcher.dispatch(call("ping", "{}", id)))
    assert answer == f'{{"jsonrpc":"2.0","result":null,"id":{id}}}'.encode()


def test_a_problem_list_ends_at_fifty() -> None:
    roles = ",".join(f'"r{number}"' for number in range(200))
    answer = dispatch(call("listUsers", f'{{"roles":[{roles}]}}'))
    assert len(problems(answer)) == 50


def test_a_notification_is_never_answered_whatever_is_wrong_with_it() -> None:
    for request in (
        b'{"jsonrpc":"2.0","method":"foobar"}',
        b'{"jsonrpc":"2.0","method":"UserService.getUserById"}',
        b'{"jsonrpc":"2.0","method":"UserService.getUserById","params":[404]}',
        b'{"jsonrpc":"2.0","method":"UserService.getUserById","params":[500]}',
    ):
        assert dispatch(request) is None


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ('{"anything":[', "]}"),
        ('{"nested":[', '],"numbers":[1]}'),
        ('{"weight":1,"children":[', "]}"),
    ],
)
def test_no_depth_is_an_internal_error(opening: str, closing: str) -> None:
    dispatcher = Dispatcher(Shapes())
    member = {"a": "scalars", "n": "sets", "w": "node"}[opening[2]]
    for depth in range(50, 1_200, 50):
        value = opening * depth + closing * depth
        params = f'{{"{member}":{value}}}'
        body = call("echo", params).replace(b"user.UserService", b"ShapeService")
        answer = json.loads(asyncio.run(dispatcher.dispatch(body)) or b"")
        code = answer.get("error", {}).get("code")
        assert code in (None, -32700, -32602), depth
    dispatcher.close()


DENIED = [
    "authorization",
    "connection",
    "cookie",
    "forwarded",
    "host",
    "keep-alive",
    "origin",
    "proxy-authorization",
    "proxy-connection",
    "sec-fetch-site",
    "sec-websocket-key",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-real-ip",
    "x-remote-user",
    "X-Forwarded-For",
    "COOKIE",
]


@pytest.mark.parametrize("name", DENIED)
def test_a_header_that_is_not_the_callers_is_no_part_of_meta(name: str) -> None:
    accounts = Accounts()
    meta = json.dumps({"headers": {"x-a": "1", name: "2"}})
    request = f'{{"jsonrpc":"2.0","method":"UserService.ping","id":1,"meta":{meta}}}'
    for body in (request, f"[{request}]"):
        answer = dispatch(body.encode(), accounts)
        if body is not request:
            (answer,) = answer
        assert answer["error"]["code"] == -32600
        assert problems(answer) == [
            (
                "$.meta.headers",
                f"`{name.lower()}` is not for a caller to set here",
            )
        ]
    assert accounts.pings == 0


@pytest.mark.parametrize("name", ["x-api-key", "x-forwarded", "securely", "x-a", "te2"])
def test_other_headers_are(name: str) -> None:
    accounts = Accounts()
    meta = json.dumps({"headers": {name: "2"}})
    body = f'{{"jsonrpc":"2.0","method":"UserService.ping","id":1,"meta":{meta}}}'
    assert "error" not in dispatch(body.encode(), accounts)
    assert accounts.pings == 1
