"""Constraints: what is decoded keeps them, and a refusal names all that does not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import nan
from typing import Annotated, Any, NewType

import pytest
from hypothesis import given, strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType, field

from idlgen.runtime import Problem
from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.scalars import FiniteDecimal, Float32, Int53, Int64, UInt64
from idlgen.runtime.validation.limits import is_multiple
from idlgen.runtime.validation.members import scan

Price = NewType(
    "Price",
    Annotated[FiniteDecimal, Meta(extra={"ge": "0.01", "multiple_of": "0.01"})],
)
Slug = NewType("Slug", Annotated[str, Meta(pattern="^[a-z]+\\Z", max_length=9)])
OrderId = NewType("OrderId", Annotated[int, Meta(ge=1, le=9007199254740991)])
Small = Annotated[Int64, Meta(extra={"ge": -1, "le": 1})]


INT64 = "an integer from -9223372036854775808 to 9223372036854775807"


def refusal(annotation: object, text: str) -> list[tuple[str, str]]:
    """Return the problems of `text`, the same for a server as for a client."""
    codec: Codec[Any] = Codec(annotation)
    with pytest.raises(Refused) as leniently:
        codec.decode(text.encode())
    with pytest.raises(Refused) as strictly:
        codec.decode_strictly(text.encode(), scan(text).tree)
    assert leniently.value.problems == strictly.value.problems
    return [(problem.path, problem.message) for problem in strictly.value.problems]


# Each limit: what just fits, what just does not, and what is said then.
TABLE: list[tuple[Any, list[str], list[str], str]] = [
    (Annotated[int, Meta(ge=1, le=3)], ["1", "3"], ["0"], "`int` >= 1"),
    (Annotated[int, Meta(ge=1, le=3)], [], ["4"], "`int` <= 3"),
    (Annotated[float, Meta(gt=0.5)], ["0.6"], ["0.5", "-1"], "`float` > 0.5"),
    (Annotated[float, Meta(lt=0.5)], ["0.4"], ["0.5", "1"], "`float` < 0.5"),
    (
        Annotated[Int53, Meta(multiple_of=5)],
        ["0", "-10", "9007199254740990"],
        ["1", "-9"],
        "`int` that's a multiple of 5",
    ),
    (
        Annotated[float, Meta(extra={"multiple_of": 0.1})],
        ["0.3", "-0.3", "0", "1e22", "0.7000"],
        ["0.35", "0.30000000000000004"],
        "`float` that's a multiple of 0.1",
    ),
    (
        Annotated[Float32, Meta(extra={"multiple_of": 1e-40})],
        ["0.1", "3"],
        ["1e-41"],
        "`float` that's a multiple of 1e-40",
    ),
    (
        Annotated[Int64, Meta(extra={"ge": 5})],
        ["5", '"5"'],
        ["4", '"4"'],
        "`int64` >= 5",
    ),
    (Annotated[Int64, Meta(extra={"gt": 5})], ["6"], ["5"], "`int64` > 5"),
    (Annotated[Int64, Meta(extra={"le": 5})], ["5"], ["6"], "`int64` <= 5"),
    (Annotated[Int64, Meta(extra={"lt": 5})], ["4"], ['"5"'], "`int64` < 5"),
    (
        Annotated[Int64, Meta(extra={"multiple_of": 2**53 + 1})],
        ["18014398509481986"],
        ["18014398509481984"],
        "`int64` that's a multiple of 9007199254740993",
    ),
    (
        Annotated[UInt64, Meta(extra={"lt": 2**64 - 1})],
        ["18446744073709551614"],
        ["18446744073709551615"],
        "`uint64` < 18446744073709551615",
    ),
    (
        Annotated[FiniteDecimal, Meta(extra={"ge": "0.10"})],
        ['"0.1"', '"1e999999999"'],
        ['"0.0999999999999999999999999999999999999999"', '"-5"'],
        "`decimal` >= 0.10",
    ),
    (
        Annotated[FiniteDecimal, Meta(extra={"lt": "0.1"})],
        ['"0.0999999999999999999999999999999999999999"'],
        ['"0.1"'],
        "`decimal` < 0.1",
    ),
    (
        Annotated[FiniteDecimal, Meta(extra={"multiple_of": "0.05"})],
        [
            '"0.15"',
            '"-1"',
            '"0"',
            '"1e999999999"',
            '"0e-999999999"',
            f'"{"9" * 99}.95"',
        ],
        ['"0.16"', f'"{"9" * 99}.96"', '"1e-999999999"'],
        "`decimal` that's a multiple of 0.05",
    ),
    # Lengths count code points, and bytes of bytes.
    (Annotated[str, Meta(max_length=2)], ['"😀é"'], ['"abc"'], "`str` of length <= 2"),
    (
        Annotated[str, Meta(min_length=2)],
        ['"\\ud83d\\ude00e"'],
        ['"😀"', '"\\ud83d\\ude00"', '""'],
        "`str` of length >= 2",
    ),
    (
        Annotated[bytes, Meta(min_length=2, max_length=2)],
        ['"aGk="'],
        ['"aA=="'],
        "`bytes` of length >= 2",
    ),
    (
        Annotated[str, Meta(pattern="b\\Z")],
        ['"ab"', '"b"'],
        ['"ba"', '"b\\n"', '" - at `$.x`"'],
        "`str` matching regex `b\\Z`",
    ),
    (
        Annotated[str, Meta(pattern="b\\Z", extra={"written": "b$"})],
        ['"ab"'],
        ['"ba"'],
        "`str` matching regex `b$`",
    ),
    (
        Annotated[str, Meta(pattern=" - at `a`")],
        ['" - at `a`"'],
        ['"x"'],
        "`str` matching regex ` - at `a``",
    ),
    (
        Annotated[list[int], Meta(min_length=1)],
        ["[1]"],
        ["[]"],
        "`array` of length >= 1",
    ),
    (
        Annotated[frozenset[int], Meta(max_length=1)],
        ["[1]"],
        ["[1,2]"],
        "`array` of length <= 1",
    ),
    (
        Annotated[dict[str, int], Meta(min_length=1)],
        ['{"a":1}'],
        ["{}"],
        "`object` of length >= 1",
    ),
    (
        Annotated[dict[str, int], Meta(max_length=1)],
        ['{"a":1}'],
        ['{"a":1,"b":2}'],
        "`object` of length <= 1",
    ),
    # A newtype has limits of its own and those that narrow it.
    (
        Annotated[OrderId, Meta(extra={"narrowed": {"ge": 5}})],
        ["5"],
        ["1", "4"],
        "`int` >= 5",
    ),
    (
        Annotated[Price, Meta(extra={"narrowed": {"ge": "0.02"}})],
        ['"0.02"'],
        ['"0.01"'],
        "`decimal` >= 0.02",
    ),
    (
        Annotated[Price, Meta(extra={"narrowed": {"multiple_of": "0.05"}})],
        ['"0.05"'],
        ['"0.06"'],
        "`decimal` that's a multiple of 0.05",
    ),
    (
        Annotated[Slug, Meta(extra={"narrowed": {"max_length": 2}})],
        ['"ab"'],
        ['"abc"'],
        "`str` of length <= 2",
    ),
    (
        Annotated[Slug, Meta(extra={"narrowed": {"min_length": 2}})],
        ['"ab"'],
        ['"a"'],
        "`str` of length >= 2",
    ),
    (
        Annotated[Slug, Meta(extra={"narrowed": {"pattern": "x", "written": "[x]"}})],
        ['"axb"'],
        ['"abc"'],
        "`str` matching regex `[x]`",
    ),
]


@pytest.mark.parametrize(("annotation", "fits", "exceeds", "expected"), TABLE)
def test_each_limit(
    annotation: object, fits: list[str], exceeds: list[str], expected: str
) -> None:
    codec: Codec[Any] = Codec(annotation)
    for text in fits:
        value = codec.decode(text.encode())
        assert codec.decode(codec.encode_checked(value)) == value
        assert codec.decode_strictly(text.encode(), scan(text).tree) == value
    for text in exceeds:
        assert refusal(annotation, text) == [("$", f"Expected {expected}")]


class Inner(Struct, frozen=True, kw_only=True):
    number: Small | None = None
    text: Annotated[str, Meta(min_length=3, max_length=5, pattern="^a")]


class Outer(Struct, frozen=True, kw_only=True):
    inner: Inner | None
    price: Annotated[Price, Meta(extra={"narrowed": {"le": "1"}})]
    patch: Small | UnsetType | None = UNSET
    numbers: list[Small] = []
    known: frozenset[Small] = frozenset()
    table: Annotated[dict[Small, Price], Meta(max_length=2)] = {}
    ratio: Annotated[float, Meta(ge=1.0, extra={"multiple_of": 0.5})] = field(
        default=1.0, name="x-ratio"
    )


FULL = (
    '{"inner":{"number":1,"text":"abc"},"price":"0.50","patch":null,"numbers":[1,-1],'
    '"known":[0,1],"table":{"1":"5"},"x-ratio":1.5}'
)


def test_limits_are_found_wherever_values_stand() -> None:
    codec: Codec[Outer] = Codec(Outer)
    value = codec.decode_strictly(FULL.encode(), scan(FULL).tree)
    assert codec.decode(codec.encode_checked(value)) == value
    assert codec.decode(b'{"inner":null,"price":"1"}').patch is UNSET


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ('"number":1', '"number":2', "$.inner.number", "`int64` <= 1"),
        ('"0.50"', '"1.01"', "$.price", "`decimal` <= 1"),
        ('"0.50"', '"0"', "$.price", "`decimal` >= 0.01"),
        ("null", "2", "$.patch", "`int64` <= 1"),
        ("[1,-1]", "[1,-2]", "$.numbers[1]", "`int64` >= -1"),
        ("[0,1]", "[2,1]", "$.known[0]", "`int64` <= 1"),
        ('{"1":"5"}', '{"1":"0"}', '$.table["1"]', "`decimal` >= 0.01"),
        ("1.5", "1.6", '$["x-ratio"]', "`float` that's a multiple of 0.5"),
    ],
)
def test_each_limit_is_named_with_its_path(
    old: str, new: str, path: str, expected: str
) -> None:
    text = FULL.replace(old, new)
    assert text != FULL
    assert refusal(Outer, text) == [(path, f"Expected {expected}")]


def test_keys_of_maps_have_limits_too() -> None:
    assert refusal(Outer, FULL.replace('{"1":"5"}', '{"2":"5"}')) == [
        ('$.table["2"]', "Key `2`: Expected `int64` <= 1")
    ]
    assert refusal(dict[Slug, int], '{"A1":1,"ok":2,"toolongforit":3}') == [
        ("$.A1", "Key `A1`: Expected `str` matching regex `^[a-z]+\\Z`"),
        ("$.toolongforit", "Key `toolongforit`: Expected `str` of length <= 9"),
    ]


def test_all_limits_that_are_not_kept_are_reported_at_once() -> None:
    text = (
        '{"inner":{"number":5,"text":"bbbbbb"},"price":"-0.005","patch":-7,'
        '"numbers":[2,0,"x",-2],"known":[3],"table":{"5":"0","0":"1","1":"0.001"},'
        '"x-ratio":0.25}'
    )
    price = (
        "Expected `decimal` >= 0.01",
        "Expected `decimal` that's a multiple of 0.01",
    )
    expected = [
        ("$.inner.number", "Expected `int64` <= 1"),
        ("$.inner.text", "Expected `str` of length <= 5"),
        ("$.inner.text", "Expected `str` matching regex `^a`"),
        ("$.price", price[0]),
        ("$.price", price[1]),
        ("$.patch", "Expected `int64` >= -1"),
        ("$.numbers[0]", "Expected `int64` <= 1"),
        ("$.numbers[2]", f"Expected `int64`, {INT64}"),
        ("$.numbers[3]", "Expected `int64` >= -1"),
        ("$.known[0]", "Expected `int64` <= 1"),
        ('$.table["5"]', "Key `5`: Expected `int64` <= 1"),
        ('$.table["5"]', price[0]),
        ('$.table["1"]', price[0]),
        ('$.table["1"]', price[1]),
        ("$.table", "Expected `object` of length <= 2"),
        ('$["x-ratio"]', "Expected `float` >= 1.0"),
        ('$["x-ratio"]', "Expected `float` that's a multiple of 0.5"),
    ]
    assert refusal(Outer, text) == expected


def test_what_is_no_value_of_the_type_is_not_measured() -> None:
    assert refusal(Inner, '{"number":"x","text":5}') == [
        ("$.number", f"Expected `int64`, {INT64}"),
        ("$.text", "Expected `str`, got `int`"),
    ]


def test_what_is_sent_is_checked_before() -> None:
    codec: Codec[Outer] = Codec(Outer)
    value = Outer(inner=None, price=Price(Decimal("0.001")), numbers=[1, 2])
    with pytest.raises(Refused) as caught:
        codec.encode_checked(value)
    assert [tuple(problem) for problem in caught.value.problems] == [
        ("$.price", "Expected `decimal` >= 0.01"),
        ("$.price", "Expected `decimal` that's a multiple of 0.01"),
        ("$.numbers[1]", "Expected `int64` <= 1"),
    ]


def test_nan_is_found_behind_limits_too() -> None:
    codec: Codec[Outer] = Codec(Outer)
    value = Outer(inner=None, price=Price(Decimal("NaN")), ratio=nan)
    with pytest.raises(Refused) as caught:
        codec.encode(value)
    assert list(caught.value.problems) == [
        Problem("$.price", "JSON has no number for NaN"),
        Problem('$["x-ratio"]', "JSON has no number for nan"),
    ]


def test_types_without_such_limits_are_not_walked() -> None:
    class Plain(Struct):
        a: Annotated[int, Meta(ge=1)]
        b: Int64
        c: FiniteDecimal

    assert not Codec(Plain)._limits
    assert Codec(Outer)._limits


def test_recursive_types_are_walked_as_deep_as_they_are() -> None:
    assert refusal(Node, '{"next":{"next":{"next":null,"number":2}}}') == [
        ("$.next.next.number", "Expected `int64` <= 1")
    ]
    # Deeper than msgspec goes, and deeper than the walk does.
    for depth in (50_000, 600):
        deep = '{"next":' * depth + '{"number":1}' + "}" * depth
        with pytest.raises(Refused) as caught:
            Codec(Node).decode(deep.encode())
        assert [tuple(p) for p in caught.value.problems] == [("$", "Nested too deeply")]


class Node(Struct, frozen=True, kw_only=True):
    next: Node | None = None
    number: Small = 0


numbers = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**6), 10**6),
    st.integers(-8, 8),
)


@given(numbers, numbers.filter(lambda n: n > 0))
def test_multiples_are_exact(value: Decimal, of: Decimal) -> None:
    exact = Fraction(value) % Fraction(of) == 0
    assert is_multiple(value, of) is exact
    assert is_multiple(value * of, of) is (Fraction(value).denominator == 1)
