"""`name:` changes what code is called, `wire:` what travels; neither changes the other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from idlgen.runtime import InvalidArgument, in_process
from idlgen.runtime.server.dispatcher import Dispatcher

Import = Callable[[str], ModuleType]

SCHEMA = r"""
    types:
      Scope:
        name: grant_scope
        enum:
          '*': {name: all}
          us-east: {}
          '**': {name: UNRECOGNIZED}
      Key: {newtype: string, name: ApiKey}
      Header:
        name: request_header
        fields:
          requestId: {type: string, wire: x-amz-id}
          from: {type: Scope, name: origin, default: '*'}
          a: {type: int?, wire: b}
          b: {type: int?, wire: a, name: other}
          type: {type: string?, wire: "quote' {{ é 😀"}
          key: Key?
      Settings:
        fields:
          header: {type: Header, default: {requestId: r1, from: us-east, a: 1}}
    errors:
      Denied:
        name: AccessDenied
        status: permission_denied
        message: "{{{a}}} of {requestId}, {b}, {who}"
        fields:
          requestId: {type: string, wire: x-amz-id}
          a: {type: int, wire: b}
          b: {type: int, wire: a, name: other}
          who: {type: Scope, name: class}
    services:
      Gate:
        name: front_gate
        methods:
          open:
            name: unlock
            params:
              from: {type: Scope, name: origin, default: '*'}
              header: {type: Header, wire: X-Header}
              options: {type: list<Scope>, name: scopes, wire: $scopes, default: ['*']}
            returns: Header
            errors: [Denied]
            examples:
              first:
                params: {header: {requestId: r1}}
                returns: {requestId: r2}
"""


@pytest.fixture(scope="module")
def made(generate: Callable[[str], Import]) -> Import:
    return generate(SCHEMA)


@pytest.fixture
def types(made: Import) -> Any:
    return made("types")


@pytest.fixture
def gate(made: Import) -> Any:
    """An implementation whose `seen` holds what its handler was called with."""
    types, errors = made("types"), made("errors")
    seen: list[object] = []

    def unlock(self: object, header: Any, *, origin: Any, scopes: Any) -> object:
        seen.append((header, origin, scopes))
        if header.request_id == "denied":
            raise errors.AccessDenied(
                request_id="x", a=1, other=2, class_=types.GrantScope.ALL
            )
        return header

    base = made("server").FrontGateUnimplemented
    return type("Gate", (base,), {"unlock": unlock, "seen": seen})()


def test_names_and_wire_names_travel_there_and_back(
    made: Import, types: Any, gate: Any
) -> None:
    header = types.RequestHeader(
        request_id="r", origin=types.GrantScope.US_EAST, a=1, other=2, type_="t"
    )
    with in_process(made("client").FrontGateClient, gate) as client:
        assert client.unlock(header, scopes=[types.GrantScope.UNRECOGNIZED_]) == header
        assert client.unlock(types.RequestHeader(request_id="s")).origin == "*"
    assert gate.seen == [
        (header, types.GrantScope.ALL, [types.GrantScope.UNRECOGNIZED_]),
        (
            types.RequestHeader(request_id="s", origin=types.GrantScope.ALL),
            types.GrantScope.ALL,
            [types.GrantScope.ALL],
        ),
    ]


def test_the_wire_sees_what_the_schema_says(gate: Any) -> None:
    params = {
        "from": "us-east",
        "X-Header": {"x-amz-id": "r", "from": "**", "b": 1, "a": 2},
        "$scopes": ["*"],
    }
    answer = post(gate, {"method": "made.Gate.open", "params": params})
    assert answer["result"] == {"x-amz-id": "r", "from": "**", "b": 1, "a": 2}


def test_problems_have_the_paths_of_the_wire(gate: Any) -> None:
    header = {"from": "us-west", "a": "x", "quote' {{ é 😀": 5}
    answer = post(
        gate, {"method": "Gate.open", "params": {"X-Header": header, "scopes": []}}
    )
    assert answer["error"]["code"] == -32602
    assert [tuple(p.values()) for p in answer["error"]["data"]["problems"]] == [
        ('$["X-Header"]["x-amz-id"]', "Missing"),
        ('$["X-Header"].from', "Unknown value `us-west`; did you mean `us-east`?"),
        ('$["X-Header"].a', "Expected `int`, got `str`"),
        (
            '$["X-Header"]["quote\' {{ \\u00e9 \\ud83d\\ude00"]',
            "Expected `str`, got `int`",
        ),
        ("$.scopes", "Unknown name `scopes`; did you mean `$scopes`?"),
    ]


def test_a_client_refuses_by_the_paths_of_the_wire(
    made: Import, types: Any, gate: Any
) -> None:
    with (
        in_process(made("client").FrontGateClient, gate) as client,
        pytest.raises(InvalidArgument) as caught,
    ):
        client.unlock(types.RequestHeader(request_id=5))
    assert [tuple(problem) for problem in caught.value.problems] == [
        ('$["X-Header"]["x-amz-id"]', "Expected `str`, got `int`")
    ]
    assert gate.seen == []


def test_a_declared_error_keeps_its_wire(made: Import, types: Any, gate: Any) -> None:
    with (
        in_process(made("client").FrontGateClient, gate) as client,
        pytest.raises(made("errors").AccessDenied) as caught,
    ):
        client.unlock(types.RequestHeader(request_id="denied"))
    error: Any = caught.value
    assert (error.request_id, error.a, error.other) == ("x", 1, 2)
    assert error.class_ is types.GrantScope.ALL
    assert error.message == "{1} of x, 2, *"
    assert error.error_name == "made.Denied"
    assert error.details == {"x-amz-id": "x", "b": 1, "a": 2, "who": "*"}


def test_defaults_of_structs_have_the_names_of_code(types: Any) -> None:
    assert types.Settings().header == types.RequestHeader(
        request_id="r1", origin=types.GrantScope.US_EAST, a=1
    )


def test_a_fake_answers_with_the_example(made: Import, types: Any) -> None:
    fake = made("testing").FakeFrontGate()
    with in_process(made("client").FrontGateClient, fake) as client:
        answer = client.unlock(types.RequestHeader(request_id="r1"))
    assert answer == types.RequestHeader(request_id="r2")
    (call,) = fake.calls
    assert call.method == "made.Gate.open"
    assert call.params.origin is types.GrantScope.ALL


def test_newtypes_have_their_names(types: Any) -> None:
    assert types.ApiKey("k") == "k"
    header = types.RequestHeader(request_id="r", key=types.ApiKey("k"))
    assert header.key == "k"
    assert not hasattr(types, "Key")


def post(implementation: object, request: dict[str, object]) -> Any:
    dispatcher = Dispatcher(implementation)
    body = json.dumps({"jsonrpc": "2.0", "id": 1, **request}).encode()
    answer = asyncio.run(dispatcher.dispatch(body))
    dispatcher.close()
    assert answer is not None
    return json.loads(answer)
