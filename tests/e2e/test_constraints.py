"""Constraints of a schema, kept on both sides of a call in one process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from idlgen.runtime import Internal, InvalidArgument, PermissionDenied, in_process
from idlgen.runtime.server.dispatcher import Dispatcher

Import = Callable[[str], ModuleType]

SCHEMA = r"""
    types:
      UserId: {alias: int, min: 1}
      Email: {alias: string, pattern: '^[^@]+@[^@]+$', max_length: 9}
      Slug: {newtype: string, pattern: '^[a-z]+$'}
      OrderId: {newtype: int64, min: 1}
      Price: {alias: decimal, min: '0.01', multiple_of: '0.01'}
      Emails: {alias: list<Email>, min_items: 1}
      Inner:
        fields:
          count: {type: int32, exclusive_min: 0, exclusive_max: 10}
          emails: {type: Emails, max_items: 2, wire: e-mails}
          price: {type: '(Price | null)?', max: '5'}
      Event: {union: {slug: Slug, prices: list<Price>, maybe: Email | null, none: null}}
      Flat: {union: {inner: Inner, none: null}, flat: true, tag: kind, closed: true}
      Page<T>: {fields: {items: {type: list<T>, max_items: 2}, next: Page<T>?}}
    errors:
      Locked:
        status: permission_denied
        fields: {id: {type: OrderId, max: 9}, by: {type: Slug, min_length: 2}}
    services:
      Checks:
        methods:
          check:
            params:
              id: {type: UserId, max: 9}
              order: {type: OrderId, default: 1}
              size: {type: uint64, max: 18446744073709551614, default: 0}
              ratio: {type: float, min: 0.1, max: 1, multiple_of: 0.1, default: 0.3}
              name: {type: string, min_length: 2, max_length: 3, default: ab}
              slug: {type: Slug, max_length: 3, default: a}
              data: {type: bytes?, max_length: 2}
              seen: {type: set<UserId>, max_items: 2, default: []}
              table: {type: 'map<Slug, Price>', max_items: 2, default: {}}
              inner: Inner?
              event: Event?
              flat: Flat?
              page: Page<Slug>?
            returns: list<Price>
            errors: [Locked]
"""


@pytest.fixture(scope="module")
def made(generate: Callable[[str], Import]) -> Import:
    return generate(SCHEMA)


@pytest.fixture
def checks(made: Import) -> Any:
    """An implementation that answers with `answer` and counts its calls."""
    base = made("server").ChecksUnimplemented
    calls: list[Mapping[str, object]] = []

    def check(self: Any, id: int, **others: object) -> object:
        calls.append({"id": id, **others})
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    return type("Checks", (base,), {"check": check, "answer": [], "calls": calls})()


INT64 = "an integer from -9223372036854775808 to 9223372036854775807"
# A param's value, its JSON, and where what is wrong with it.
REFUSED: list[tuple[str, object, str, str, str]] = [
    ("id", 0, "0", "$.id", "Expected `int` >= 1"),
    ("id", 10, "10", "$.id", "Expected `int` <= 9"),
    ("order", 0, "0", "$.order", "Expected `int64` >= 1"),
    ("order", 2**63, str(2**63), "$.order", f"Expected `int64`, {INT64}"),
    (
        "size",
        2**64 - 1,
        str(2**64 - 1),
        "$.size",
        "Expected `uint64` <= 18446744073709551614",
    ),
    ("ratio", 0.0, "0", "$.ratio", "Expected `float` >= 0.1"),
    ("ratio", 0.35, "0.35", "$.ratio", "Expected `float` that's a multiple of 0.1"),
    ("name", "😀", '"😀"', "$.name", "Expected `str` of length >= 2"),
    ("name", "abcd", '"abcd"', "$.name", "Expected `str` of length <= 3"),
    ("slug", "A", '"A"', "$.slug", "Expected `str` matching regex `^[a-z]+$`"),
    ("slug", "a\n", '"a\\n"', "$.slug", "Expected `str` matching regex `^[a-z]+$`"),
    ("slug", "abcd", '"abcd"', "$.slug", "Expected `str` of length <= 3"),
    ("data", b"abc", '"YWJj"', "$.data", "Expected `bytes` of length <= 2"),
    ("seen", {1, 2, 3}, "[1,2,3]", "$.seen", "Expected `array` of length <= 2"),
    ("seen", {0}, "[0]", "$.seen[0]", "Expected `int` >= 1"),
    (
        "table",
        {"a": Decimal("0.011")},
        '{"a":"0.011"}',
        "$.table.a",
        "Expected `decimal` that's a multiple of 0.01",
    ),
    (
        "table",
        {"A": Decimal(1)},
        '{"A":"1"}',
        "$.table.A",
        "Key `A`: Expected `str` matching regex `^[a-z]+$`",
    ),
    (
        "table",
        dict.fromkeys("abc", Decimal(1)),
        '{"a":"1","b":"1","c":"1"}',
        "$.table",
        "Expected `object` of length <= 2",
    ),
]


@pytest.mark.parametrize(("param", "value", "text", "path", "message"), REFUSED)
def test_both_sides_refuse_what_a_constraint_forbids(
    made: Import,
    checks: Any,
    param: str,
    value: object,
    text: str,
    path: str,
    message: str,
) -> None:
    assert problems_of_client(made, checks, {"id": 1, param: value}) == [
        (path, message)
    ]
    params = f'{{"id":1,"{param}":{text}}}' if param != "id" else f'{{"id":{text}}}'
    assert problems_of_server(checks, params) == [(path, message)]
    assert checks.calls == []


MATCHING_SLUG = "Expected `str` matching regex `^[a-z]+$`"
# How a param's value is made of the types, its JSON, and where what is wrong with it.
REFUSED_INSIDE: list[tuple[str, Callable[[Any], object], str, str, str]] = [
    (
        "event",
        lambda types: types.EventSlug(value="A"),
        '{"type":"slug","value":"A"}',
        "$.event.value",
        MATCHING_SLUG,
    ),
    (
        "event",
        lambda types: types.EventPrices(value=[Decimal(1), Decimal("0.001")]),
        '{"type":"prices","value":["1","0.001"]}',
        "$.event.value[1]",
        "Expected `decimal` >= 0.01",
    ),
    (
        "event",
        lambda types: types.EventMaybe(value="aaa@bbbbbb"),
        '{"value":"aaa@bbbbbb","type":"maybe"}',
        "$.event.value",
        "Expected `str` of length <= 9",
    ),
    (
        "flat",
        lambda types: types.FlatInner(count=10, emails=["a@b"]),
        '{"count":10,"e-mails":["a@b"],"kind":"inner"}',
        "$.flat.count",
        "Expected `int` <= 9",
    ),
    (
        "flat",
        lambda types: types.FlatInner(count=1, emails=["a@b", "a"]),
        '{"kind":"inner","e-mails":["a@b","a"],"count":1}',
        '$.flat["e-mails"][1]',
        "Expected `str` matching regex `^[^@]+@[^@]+$`",
    ),
    (
        "page",
        lambda types: types.Page(items=["a", "b", "c"]),
        '{"items":["a","b","c"]}',
        "$.page.items",
        "Expected `array` of length <= 2",
    ),
    (
        "page",
        lambda types: types.Page(items=["a"], next=types.Page(items=["B"])),
        '{"items":["a"],"next":{"items":["B"]}}',
        "$.page.next.items[0]",
        MATCHING_SLUG,
    ),
]


@pytest.mark.parametrize(("param", "make", "text", "path", "message"), REFUSED_INSIDE)
def test_both_sides_look_into_unions_and_generic_structs(
    made: Import,
    checks: Any,
    param: str,
    make: Callable[[Any], object],
    text: str,
    path: str,
    message: str,
) -> None:
    params = {"id": 1, param: make(made("types"))}
    found = problems_of_client(made, checks, params)
    assert found[0] == (path, message)
    assert {each for each, _ in found} == {path}
    assert problems_of_server(checks, f'{{"id":1,"{param}":{text}}}') == found
    assert checks.calls == []


FITS: list[tuple[str, object]] = [
    ("id", 9),
    ("order", 2**63 - 1),
    ("size", 2**64 - 2),
    ("ratio", 0.7),
    ("ratio", 1),
    ("name", "é😀"),
    ("slug", "abc"),
    ("data", b"ab"),
    ("data", None),
    ("seen", {1, 2}),
    ("table", {"a": Decimal("1E+5"), "b": Decimal("0.01")}),
]


@pytest.mark.parametrize(("param", "value"), FITS)
def test_what_a_constraint_allows_arrives(
    made: Import, checks: Any, param: str, value: object
) -> None:
    with in_process(made("client").ChecksClient, checks) as client:
        client.check(**{"id": 1, param: value})
    assert checks.calls[0][param] == value


def test_all_problems_of_a_request_are_told_at_once(made: Import, checks: Any) -> None:
    types = made("types")
    inner = types.Inner(
        count=10, emails=["a@b", "ab", "aaa@bbbbbb"], price=Decimal("7.005")
    )
    expected = [
        ("$.id", "Expected `int` >= 1"),
        ("$.order", "Expected `int64` >= 1"),
        ("$.slug", "Expected `str` matching regex `^[a-z]+$`"),
        ("$.slug", "Expected `str` of length <= 3"),
        ("$.inner.count", "Expected `int` <= 9"),
        ('$.inner["e-mails"][1]', "Expected `str` matching regex `^[^@]+@[^@]+$`"),
        ('$.inner["e-mails"][2]', "Expected `str` of length <= 9"),
        ('$.inner["e-mails"]', "Expected `array` of length <= 2"),
        ("$.inner.price", "Expected `decimal` <= 5"),
        ("$.inner.price", "Expected `decimal` that's a multiple of 0.01"),
    ]
    params = {"id": 0, "order": 0, "slug": "ABCD", "inner": inner}
    assert problems_of_client(made, checks, params) == expected
    text = (
        '{"id":0,"order":"0","slug":"ABCD","inner":{"count":10,'
        '"e-mails":["a@b","ab","aaa@bbbbbb"],"price":"7.005"}}'
    )
    assert problems_of_server(checks, text) == expected


def test_null_and_absence_are_no_matter_of_constraints(
    made: Import, checks: Any
) -> None:
    types = made("types")
    inner = types.Inner(count=1, emails=["a@b"], price=None)
    with in_process(made("client").ChecksClient, checks) as client:
        client.check(1, inner=inner)
        client.check(1, inner=types.Inner(count=1, emails=["a@b"]))
    assert checks.calls[0]["inner"] == inner


def test_what_a_constraint_allows_inside_arrives(made: Import, checks: Any) -> None:
    types = made("types")
    given = {
        "event": types.EventMaybe(value=None),
        "flat": types.FlatInner(count=9, emails=["a@b"], price=Decimal(5)),
        "page": types.Page(items=["a", "b"], next=types.Page(items=[])),
    }
    with in_process(made("client").ChecksClient, checks) as client:
        client.check(1, **given)
    assert checks.calls[0].items() >= given.items()


def test_answers_are_held_to_constraints_too(
    made: Import, checks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with in_process(made("client").ChecksClient, checks) as client:
        checks.answer = [Decimal("0.01")]
        assert client.check(1) == [Decimal("0.01")]
        checks.answer = [Decimal("0.01"), Decimal("0.001")]
        with pytest.raises(Internal):
            client.check(1)
    assert "wrong answer: `$[1]`: Expected `decimal` >= 0.01; `$[1]`: " in caplog.text


@pytest.mark.parametrize(
    ("id_", "by", "is_declared"),
    [(9, "ab", True), (10, "ab", False), (0, "ab", False), (9, "a", False)],
)
def test_fields_of_errors_are_held_to_constraints_too(
    made: Import, checks: Any, id_: int, by: str, is_declared: bool
) -> None:
    locked = made("errors").Locked
    checks.answer = locked(id=id_, by=by)
    with (
        in_process(made("client").ChecksClient, checks) as client,
        pytest.raises(PermissionDenied) as caught,
    ):
        client.check(1)
    assert isinstance(caught.value, locked) is is_declared
    assert caught.value.details == {"id": id_, "by": by}


def problems_of_client(
    made: Import, checks: object, params: Mapping[str, object]
) -> list[tuple[str, str]]:
    with (
        in_process(made("client").ChecksClient, checks) as client,
        pytest.raises(InvalidArgument) as caught,
    ):
        client.check(**params)
    return [(problem.path, problem.message) for problem in caught.value.problems]


def problems_of_server(checks: object, params: str) -> list[tuple[str, str]]:
    body = f'{{"jsonrpc":"2.0","id":1,"method":"Checks.check","params":{params}}}'
    dispatcher = Dispatcher(checks)
    answer = asyncio.run(dispatcher.dispatch(body.encode()))
    dispatcher.close()
    assert answer is not None
    error = json.loads(answer)["error"]
    assert error["code"] == -32602
    return [(p["path"], p["message"]) for p in error["data"]["problems"]]
