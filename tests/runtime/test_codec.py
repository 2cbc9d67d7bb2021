"""Values to JSON and back: what each type refuses, and with which paths."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import inf, nan
from types import GenericAlias
from typing import Any
from uuid import UUID

import pytest

from idlgen.runtime import Int53, UInt64
from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.validation.members import scan
from tests.runtime.contract.shapes import (
    Colour,
    Echoed,
    EchoParams,
    Maps,
    Node,
    Scalars,
    Sets,
    Size,
)
from tests.runtime.contract.user import types
from tests.runtime.refusals import refusal

SCALARS: Codec[Scalars] = Codec(Scalars)
SETS: Codec[Sets] = Codec(Sets)
MAPS: Codec[Maps] = Codec(Maps)
NODE: Codec[Node] = Codec(Node)


@pytest.mark.parametrize(
    ("member", "json", "value"),
    [
        ("int32", "-2147483648", -2147483648),
        ("uint32", "4294967295", 4294967295),
        ("int64", "9223372036854775807", 9223372036854775807),
        ("int64", '"-9223372036854775808"', -9223372036854775808),
        ("uint64", "18446744073709551615", 18446744073709551615),
        ("uint64", '"18446744073709551615"', 18446744073709551615),
        ("float32", "1.5", 1.5),
        ("double", "1", 1.0),
        ("decimal", '"1.10"', Decimal("1.10")),
        ("decimal", '"-1e+3"', Decimal("-1E+3")),
        ("data", '"aGk="', b"hi"),
        ("instant", '"2026-01-01T00:00:00Z"', datetime(2026, 1, 1, tzinfo=UTC)),
        ("day", '"2026-01-01"', date(2026, 1, 1)),
        ("clock", '"12:30:00"', time(12, 30)),
        ("span", '"PT90S"', timedelta(seconds=90)),
        (
            "uuid",
            '"12345678-1234-5678-1234-567812345678"',
            UUID("12345678-1234-5678-1234-567812345678"),
        ),
        (
            "anything",
            '{"a":[1,2.5,null,"x",{}]}',
            {"a": [1, 2.5, None, "x", {}]},
        ),
        ("anything", "null", None),
        ("size", '"large"', Size.LARGE),
        ("serial", '"7"', 7),
        ("text", "null", None),
    ],
)
def test_scalars_are_read(member: str, json: str, value: object) -> None:
    text = f'{{"{member}":{json}}}'
    decoded = SCALARS.decode_strictly(text.encode(), scan(text).tree)
    assert getattr(decoded, member) == value
    assert type(getattr(decoded, member)) is type(value)


@pytest.mark.parametrize(
    ("member", "json", "message"),
    [
        ("int32", "2147483648", "Expected `int` <= 2147483647"),
        ("uint32", "-1", "Expected `int` >= 0"),
        (
            "int64",
            "9223372036854775808",
            "Expected `int64`, an integer from -9223372036854775808 to 9223372036854775807",
        ),
        (
            "uint64",
            '"-1"',
            "Expected `uint64`, an integer from 0 to 18446744073709551615",
        ),
        (
            "uint64",
            '" 1"',
            "Expected `uint64`, an integer from 0 to 18446744073709551615",
        ),
        (
            "int64",
            "true",
            "Expected `int64`, an integer from -9223372036854775808 to 9223372036854775807",
        ),
        (
            "int64",
            "1.0",
            "Expected `int64`, an integer from -9223372036854775808 to 9223372036854775807",
        ),
        (
            "int64",
            '"' + "9" * 5_000 + '"',
            "Expected `int64`, an integer from -9223372036854775808 to 9223372036854775807",
        ),
        ("float32", "3.5e38", "Expected `float` <= 3.4028234663852886e+38"),
        ("double", '"1"', "Expected `float`, got `str`"),
        (
            "decimal",
            '"NaN"',
            'Expected `decimal`, a number written as text such as "1.50"',
        ),
        (
            "decimal",
            '"Infinity"',
            'Expected `decimal`, a number written as text such as "1.50"',
        ),
        (
            "decimal",
            '"1_0"',
            'Expected `decimal`, a number written as text such as "1.50"',
        ),
        (
            "decimal",
            "1.5",
            'Expected `decimal`, a number written as text such as "1.50"',
        ),
        ("data", '"aGk"', "Invalid base64 encoded string"),
        (
            "instant",
            '"2026-01-01T00:00:00"',
            "Expected `datetime` with a timezone component",
        ),
        ("day", '"2026-13-01"', "Invalid RFC3339 encoded date"),
        ("uuid", '"x"', "Invalid UUID"),
        ("size", '"smal"', "Unknown value `smal`; did you mean `small`?"),
        ("size", "1", "Expected `str`, got `int`"),
        ("text", "{}", "Expected `str`, got `object`"),
        ("text", "[]", "Expected `str`, got `array`"),
    ],
)
def test_scalars_are_refused(member: str, json: str, message: str) -> None:
    assert refusal(SCALARS, f'{{"{member}":{json}}}') == [(f"$.{member}", message)]


def test_a_number_with_an_int64_text_on_the_wire_encodes_as_a_number() -> None:
    assert SCALARS.encode(Scalars(int64=2**63 - 1, uint64=2**64 - 1)) == (
        b'{"int64":9223372036854775807,"uint64":18446744073709551615}'
    )


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (Scalars(double=nan), "$.double"),
        (Scalars(float32=-inf), "$.float32"),
        (Scalars(decimal=Decimal("NaN")), "$.decimal"),
        (Scalars(decimal=Decimal("-Infinity")), "$.decimal"),
        (Scalars(anything={"a b": [1.0, nan]}), '$.anything["a b"][1]'),
    ],
)
def test_numbers_that_json_lacks_are_refused_before_encoding(
    value: Scalars, path: str
) -> None:
    with pytest.raises(Refused) as caught:
        SCALARS.encode(value)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert caught.value.problems[0].message.startswith("JSON has no number for ")


def test_every_nan_is_found_in_recursive_types_and_maps() -> None:
    tree = Node(
        weight=1,
        children=[Node(weight=nan, children=[]), Node(weight=inf, children=[])],
    )
    with pytest.raises(Refused) as caught:
        NODE.encode(tree)
    assert [problem.path for problem in caught.value.problems] == [
        "$.children[0].weight",
        "$.children[1].weight",
    ]
    with pytest.raises(Refused) as caught:
        MAPS.encode(Maps(by_number={7: nan}))
    assert caught.value.problems[0].path == '$.by_number["7"]'


def test_what_else_is_wrong_is_told_with_the_numbers_that_json_lacks() -> None:
    value = Scalars(
        int32=2**31,
        double=nan,
        decimal=Decimal("Infinity"),
        anything=[inf],
        size=Size.LARGE,
    )
    with pytest.raises(Refused) as caught:
        SCALARS.encode_checked(value)
    assert [tuple(problem) for problem in caught.value.problems] == [
        ("$.int32", "Expected `int` <= 2147483647"),
        ("$.decimal", "JSON has no number for Infinity"),
        ("$.double", "JSON has no number for nan"),
        ("$.anything[0]", "JSON has no number for inf"),
    ]


def test_sets_are_written_in_the_order_of_their_texts() -> None:
    value = Sets(
        numbers=frozenset({10, 9, 100}),
        colours=frozenset({Colour.RED, Colour("blue"), Colour.DARK_RED}),
        amounts={"x": frozenset({Decimal(2), Decimal(10)})},
        nested=[Sets(numbers=frozenset({3, 20}))],
    )
    assert SETS.encode_checked(value) == (
        b'{"numbers":[10,100,9],"colours":["blue","dark red","red"],'
        b'"amounts":{"x":["10","2"]},"nested":[{"numbers":[20,3]}]}'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"numbers":[1,2,1]}', [("$.numbers[2]", "Repeats `$.numbers[0]`")]),
        (
            '{"amounts":{"x":["1","1.0"]}}',
            [("$.amounts.x[1]", "Repeats `$.amounts.x[0]`")],
        ),
        (
            '{"nested":[{},{"colours":["red","red"]}]}',
            [("$.nested[1].colours[1]", "Repeats `$.nested[1].colours[0]`")],
        ),
    ],
)
def test_servers_refuse_sets_that_repeat_and_clients_do_not(
    text: str, expected: list[object]
) -> None:
    assert refusal(SETS, text) == expected
    SETS.decode(text.encode())


@pytest.mark.parametrize(
    ("key", "text", "path"),
    [
        (Int53, '{"0":{"numbers":[1,2]},"-0":{}}', '$["-0"]'),
        (UInt64, '{"1":{},"-0":{},"0":{}}', '$["0"]'),
        (
            UUID,
            (
                '{"0aaaaaaa-0000-0000-0000-000000000000":{},'
                '"0AAAAAAA000000000000000000000000":{}}'
            ),
            '$["0AAAAAAA000000000000000000000000"]',
        ),
    ],
)
def test_servers_refuse_maps_that_repeat_a_key_in_another_text(
    key: object, text: str, path: str
) -> None:
    codec: Codec[object] = Codec(GenericAlias(dict, (key, Sets)))

    assert refusal(codec, text) == [(path, "Key is written twice")]
    codec.decode(text.encode())


def test_open_enums_are_kept_by_clients_and_refused_by_servers() -> None:
    codec: Codec[list[types.Role]] = Codec(list[types.Role])
    (owner,) = codec.decode(b'["owner"]')
    assert owner == "owner"
    assert isinstance(owner, types.Role)
    assert codec.encode_checked([owner]) == b'["owner"]'
    assert refusal(codec, '["owner"]') == [
        ("$[0]", "Unknown value `owner`; known are `admin`, `member`, `guest`")
    ]
    assert codec.decode(b'["owner"]') == ["owner"]


def test_closed_enums_are_refused_by_both() -> None:
    codec: Codec[types.Weekday] = Codec(types.Weekday)
    expected = [("$", "Unknown value `sun`; known are `mon`, `tue`, `wed`")]
    assert refusal(codec, '"sun"') == expected
    assert refusal(codec, '"sun"', strictly=False) == expected


def test_unknown_members_of_a_struct_are_ignored() -> None:
    text = '{"name":"A","email":"a","bio":null,"since":1}'
    codec: Codec[types.UserData] = Codec(types.UserData)
    assert codec.decode_strictly(text.encode(), scan(text).tree) == types.UserData(
        name="A", email="a", bio=None
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"by_number":{"x":1}}',
            [
                (
                    "$.by_number.x",
                    (
                        "Key `x`: Expected `int64`, an integer from "
                        "-9223372036854775808 to 9223372036854775807"
                    ),
                )
            ],
        ),
        (
            '{"by_number":{"1":"x","2":null}}',
            [
                ('$.by_number["1"]', "Expected `float`, got `str`"),
                ('$.by_number["2"]', "Expected `float`, got `null`"),
            ],
        ),
        (
            '{"by_uuid":{"x":1}}',
            [("$.by_uuid.x", "Key `x`: Invalid UUID")],
        ),
        ('{"by_number":[]}', [("$.by_number", "Expected `object`, got `array`")]),
    ],
)
def test_maps_are_refused_by_key_and_value(text: str, expected: list[object]) -> None:
    assert refusal(MAPS, text) == expected


def test_maps_come_back() -> None:
    value = Maps(
        by_number={-7: 1.5},
        by_colour={Colour.RED: 1},
        by_uuid={UUID(int=1): [1, None]},
    )
    assert MAPS.decode(MAPS.encode_checked(value)) == value


def test_a_checked_encoding_finds_what_constructors_do_not() -> None:
    codec: Codec[EchoParams] = Codec(EchoParams)
    heavy: Any = "heavy"
    nothing: Any = None
    wrong = Node(weight=heavy, children=[nothing])
    with pytest.raises(Refused) as caught:
        codec.encode_checked(EchoParams(node=wrong, big=2**40))
    assert [tuple(problem) for problem in caught.value.problems] == [
        ("$.node.weight", "Expected `float`, got `str`"),
        ("$.node.children[0]", "Expected `object`, got `null`"),
        ("$.big", "Expected `int` <= 2147483647"),
    ]


@pytest.mark.parametrize(
    "value",
    [object(), {1: object()}, "\ud800", {object(): 1}],
    ids=["object", "inside", "surrogate", "key"],
)
def test_what_has_no_json_is_refused_with_its_place(value: Any) -> None:
    codec: Codec[Echoed] = Codec(Echoed)
    with pytest.raises(Refused) as caught:
        codec.encode(Echoed(scalars=Scalars(anything=value)))
    assert caught.value.problems[0].path == "$.scalars"


def test_a_value_that_contains_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(Refused) as caught:
        SCALARS.encode(Scalars(anything=loop))
    assert caught.value.problems[0].message == "Nested too deeply"


def test_deep_json_is_refused_where_the_type_could_take_it() -> None:
    deep = '{"weight":1,"children":[' * 5_000 + "]}" * 5_000
    with pytest.raises(Refused) as caught:
        NODE.decode(deep.encode())
    assert caught.value.problems[0].message == "Nested too deeply"


def test_problems_below_the_walks_depth_are_told_by_the_decoder() -> None:
    text = '{"weight":1,"children":[' * 100 + '{"weight":"x"}' + "]}" * 100
    ((path, message),) = refusal(NODE, text)
    assert message == "Expected `float`, got `str`"
    assert str(path).startswith("$.children[0].children[0].")


def test_the_walk_ends_after_so_many_nodes() -> None:
    codec: Codec[list[int]] = Codec(list[int])
    text = f'[{"1," * 99_000}"a","b"]'
    assert len(refusal(codec, text)) == 2
    text = f'[{"1," * 100_000}"a","b"]'
    assert refusal(codec, text) == [("$[100000]", "Expected `int`, got `str`")]
