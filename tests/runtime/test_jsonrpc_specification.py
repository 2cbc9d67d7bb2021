"""The examples of https://www.jsonrpc.org/specification, section 7, as they stand there.

Those of batches are answered as a server does that has none. `subtract`, `update` and
`sum` are methods of a service here; the specification's bare names are given to it.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, Protocol

import pytest
from msgspec import Struct

from idlgen.runtime import Int53, Method, Service, serves
from idlgen.runtime.server.dispatcher import Dispatcher


class SubtractParams(Struct, frozen=True, kw_only=True):
    minuend: Int53
    subtrahend: Int53


class UpdateParams(Struct, frozen=True, kw_only=True):
    a: Int53
    b: Int53
    c: Int53
    d: Int53
    e: Int53


class NoParams(Struct, frozen=True, kw_only=True):
    pass


SUBTRACT: Method[int] = Method(
    "spec.Examples.subtract", handler="subtract", params=SubtractParams, returns=Int53
)
UPDATE: Method[None] = Method(
    "spec.Examples.update", handler="update", params=UpdateParams, returns=None
)
EXAMPLES = Service("spec.Examples", methods=(SUBTRACT, UPDATE))


@serves(EXAMPLES)
class Examples(Protocol):
    def subtract(self, minuend: int, subtrahend: int) -> int: ...

    def update(self, a: int, b: int, c: int, d: int, e: int) -> None: ...


class Implementation(Examples):
    def __init__(self) -> None:
        self.updates: list[tuple[int, ...]] = []

    def subtract(self, minuend: int, subtrahend: int) -> int:
        return minuend - subtrahend

    def update(self, a: int, b: int, c: int, d: int, e: int) -> None:
        self.updates.append((a, b, c, d, e))


def answered(request: str, implementation: Implementation | None = None) -> Any:
    """Return the answer without `error.data`, which the specification leaves to us."""
    full = request
    for name in ("subtract", "update"):
        full = full.replace(f'"method": "{name}"', f'"method": "Examples.{name}"')
    dispatcher = Dispatcher(implementation or Implementation())
    answer = asyncio.run(dispatcher.dispatch(full.encode()))
    dispatcher.close()
    if answer is None:
        return None
    decoded = json.loads(answer)
    if "error" in decoded:
        decoded["error"].pop("data", None)
    return decoded


@pytest.mark.parametrize(
    ("request_text", "answer"),
    [
        (
            '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}',
            '{"jsonrpc": "2.0", "result": 19, "id": 1}',
        ),
        (
            '{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}',
            '{"jsonrpc": "2.0", "result": -19, "id": 2}',
        ),
        (
            '{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}',
            '{"jsonrpc": "2.0", "result": 19, "id": 3}',
        ),
        (
            '{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}',
            '{"jsonrpc": "2.0", "result": 19, "id": 4}',
        ),
        (
            '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}',
            '{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"}',
        ),
        (
            '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]',
            '{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}',
        ),
        (
            '{"jsonrpc": "2.0", "method": 1, "params": "bar"}',
            '{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}',
        ),
        (
            '[\n  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},\n  {"jsonrpc": "2.0", "method"\n]',
            '{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}',
        ),
        (
            "[]",
            '{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}',
        ),
    ],
)
def test_the_specifications_examples(request_text: str, answer: str) -> None:
    assert answered(request_text) == json.loads(answer)


def test_its_notifications_are_carried_out_and_not_answered() -> None:
    implementation = Implementation()
    update = '{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}'
    assert answered(update, implementation) is None
    assert implementation.updates == [(1, 2, 3, 4, 5)]
    assert answered('{"jsonrpc": "2.0", "method": "foobar"}') is None


def test_a_batch_is_refused_whole_and_says_why() -> None:
    implementation = Implementation()
    dispatcher = Dispatcher(implementation)
    batch = b'[{"jsonrpc": "2.0", "method": "Examples.update", "params": [1,2,3,4,5]}]'
    answer = json.loads(asyncio.run(dispatcher.dispatch(batch)) or b"null")
    assert answer["id"] is None
    assert answer["error"]["code"] == -32600
    assert answer["error"]["data"]["problems"] == [
        {
            "path": "$",
            "message": "Batches are not supported: send one call a request",
        }
    ]
    assert implementation.updates == []
