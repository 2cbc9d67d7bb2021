from __future__ import annotations

import pytest

from idlgen.model import Method, Presence
from tests.resolve.types_shown import outcome, package, show

TYPES = """
    types:
      User: {fields: {id: int}}
      Page<T>: {fields: {items: list<T>}}
"""


def method(written: str) -> Method:
    found = package(user=f"{TYPES}\n    services: {{S: {{methods: {{m: {written}}}}}}}")
    return found.services["S"].methods[0]


@pytest.mark.parametrize(
    ("written", "params", "returns"),
    [
        ("{returns: stream<User>}", {}, "stream<user.User>"),
        ("{returns: {type: stream<User | null>}}", {}, "stream<user.User | null>"),
        ("{returns: (stream<Page<User>>)}", {}, "stream<user.Page<user.User>>"),
        (
            "{params: {room: string?, users: stream<User>, last: int}, returns: int}",
            {"room": "string", "users": "stream<user.User>", "last": "int"},
            "int",
        ),
        (
            "{params: {a: {type: stream<list<int>>, doc: Many.}}, returns: stream<int>}",
            {"a": "stream<list<int>>"},
            "stream<int>",
        ),
    ],
)
def test_a_stream_is_the_whole_type_of_a_param_or_a_result(
    written: str, params: dict[str, str], returns: str
) -> None:
    found = method(written)

    assert {param.name: show(param.type) for param in found.params} == params
    assert show(found.returns) == returns


def test_a_stream_keeps_what_a_param_says() -> None:
    found = method(
        "{params: {a: {type: stream<User>, doc: Many., name: b, wire: c, number: 4, "
        "sensitive: true, deprecated: Old., since: 2, x-a: 1, example: [{id: 1}]}}}"
    )
    param = found.streamed_param

    assert param is not None
    assert (param.name, param.code_name, param.wire, param.number) == ("a", "b", "c", 4)
    assert (param.doc, param.deprecated, param.since) == ("Many.", "Old.", "2")
    assert (param.sensitive, param.extensions) == (True, {"x-a": 1})
    assert param.presence is Presence.REQUIRED
    assert param.example == [{"id": 1}]


def test_an_example_of_a_stream_lists_its_items() -> None:
    found = method(
        "{params: {room: string, users: stream<User>}, returns: stream<int>, "
        "examples: {"
        "two: {params: {room: a, users: [{id: 1}, {id: 2}]}, returns: [1, 2], x-a: b}, "
        "none: {params: {room: a, users: []}, returns: []}}}"
    )
    two, none = found.examples

    assert two.params == {"room": "a", "users": [{"id": 1}, {"id": 2}]}
    assert (two.returns, two.extensions) == ([1, 2], {"x-a": "b"})
    assert (none.params, none.returns) == ({"room": "a", "users": []}, [])


def test_streams_may_be_readonly_and_idempotent() -> None:
    found = method(
        "{readonly: true, idempotent: true, timeout: 1s, returns: stream<int>}"
    )

    assert (found.readonly, found.idempotent, found.timeout) == (True, True, 1.0)


def test_each_fault_of_an_item_is_reported_once() -> None:
    found = outcome(user="""
        services: {S: {methods: {m: {params: {a: stream<Usr>}, returns: stream<Usr>}}}}
        """)

    assert [it.code for it in found.diagnostics] == ["IDL102", "IDL102"]
