"""Made values are small and readable, keep every limit, and are the same each time."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import pytest
from msgspec import UNSET, Meta, Struct, UnsetType, defstruct, field

from generated_examples.kitchen_sink import _service, types
from generated_examples.kitchen_sink.house import types as house_types
from generated_examples.kitchen_sink.stores.pantry import types as pantry_types
from idlgen.runtime import (
    FiniteDecimal,
    Float32,
    Int32,
    Int53,
    Int64,
    JsonValue,
    Method,
    UInt32,
    UInt64,
    Unknown,
    shows,
)
from idlgen.runtime.codec import Codec
from idlgen.runtime.fakes.limits import CannotMake
from idlgen.runtime.fakes.made import Maker, method_maker
from idlgen.runtime.validation.members import scan


class Weekday(StrEnum):
    MON = "mon"
    TUE = "tue"


def is_of_the_schema(name: str, annotation: Any) -> bool:
    """Return whether a name of a generated module is a type that values have."""
    known = {"Any", "TypeVar", "Annotated", "Generic", "NewType", "TypeAlias", "UUID"}
    runtime = {"OpenEnum", "Unknown", "Struct", "Meta", "UnsetType", "StrEnum"}
    if name in known | runtime | {"TYPE_CHECKING", "UNSET", "T", "A", "B"}:
        return False
    is_unknown = isinstance(annotation, type) and issubclass(annotation, Unknown)
    return not is_unknown and not getattr(annotation, "__parameters__", ())


def made(annotation: object, name: str = "it", number: int = 1) -> Any:
    return Maker[Any](annotation).make(name, number)


@pytest.mark.parametrize(
    ("annotation", "first", "second"),
    [
        (bool, True, False),
        (Int32, 1, 2),
        (UInt32, 1, 2),
        (Int53, 1, 2),
        (Int64, 1, 2),
        (UInt64, 1, 2),
        (float, 1.0, 2.0),
        (Float32, 1.0, 2.0),
        (FiniteDecimal, Decimal(1), Decimal(2)),
        (str, "it", "it 2"),
        (bytes, b"it", b"it 2"),
        (
            Annotated[datetime, Meta(tz=True)],
            datetime(2026, 1, 1, 12, tzinfo=UTC),
            datetime(2026, 1, 2, 12, tzinfo=UTC),
        ),
        (date, date(2026, 1, 1), date(2026, 1, 2)),
        (time, time(12, 1), time(12, 2)),
        (timedelta, timedelta(minutes=1), timedelta(minutes=2)),
        (UUID, UUID(int=1), UUID(int=2)),
        (JsonValue, "it", "it"),
        (None, None, None),
        (Weekday, Weekday.MON, Weekday.TUE),
        (str | None, "it", "it 2"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_each_scalar_has_values(annotation: object, first: Any, second: Any) -> None:
    assert (made(annotation), made(annotation, number=2)) == (first, second)


def decimal(**limits: object) -> Any:
    return Annotated[FiniteDecimal, Meta(extra=limits)]


@pytest.mark.parametrize(
    ("annotation", "first", "second"),
    [
        (Annotated[int, Meta(ge=0, le=0)], 0, 0),
        (Annotated[int, Meta(ge=10)], 10, 11),
        (Annotated[int, Meta(gt=10, lt=12)], 11, 11),
        (Annotated[int, Meta(le=-5)], -5, -6),
        (Annotated[int, Meta(gt=-8, lt=0, multiple_of=5)], -5, -5),
        (Annotated[int, Meta(multiple_of=5)], 5, 10),
        (Annotated[Int64, Meta(extra={"ge": 2**40})], 2**40, 2**40 + 1),
        (Annotated[UInt64, Meta(extra={"multiple_of": 7})], 7, 14),
        (Annotated[float, Meta(gt=0.0, lt=1.0)], 0.5, 0.25),
        (Annotated[float, Meta(ge=-1.0, lt=0.0)], -0.5, -0.75),
        (Annotated[float, Meta(gt=1e300)], math.nextafter(1e300, math.inf), None),
        (Annotated[float, Meta(ge=0.1, lt=1.0, extra={"multiple_of": 0.1})], 0.1, 0.2),
        (
            Annotated[float, Meta(gt=1.0, lt=math.nextafter(math.nextafter(1, 2), 2))],
            math.nextafter(1, 2),
            None,
        ),
        (decimal(ge="0.001", lt="0.002"), Decimal("0.0015"), Decimal("0.00125")),
        (decimal(gt="0", lt="1", multiple_of="0.01"), Decimal("0.01"), Decimal("0.02")),
        (decimal(ge="0", multiple_of="0.01"), Decimal(1), Decimal(2)),
        (
            Annotated[
                Annotated[int, Meta(multiple_of=4)],
                Meta(extra={"narrowed": {"multiple_of": 6, "ge": 13}}),
            ],
            24,
            24,
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_numbers_keep_limits(annotation: object, first: Any, second: Any) -> None:
    assert made(annotation) == first
    if second is not None:
        assert made(annotation, number=2) == second


@pytest.mark.parametrize(
    ("meta", "name", "first", "second"),
    [
        (Meta(max_length=3), "name", "nam", "na2"),
        (Meta(max_length=1), "name", "n", "2"),
        (Meta(max_length=0), "name", "", ""),
        (Meta(min_length=8), "name", "name nam", "name 2 n"),
        (Meta(min_length=6, max_length=6), "name", "name n", "name 2"),
        (Meta(), "work email", "work-email@example.com", "work-email2@example.com"),
        (Meta(), "url", "https://example.com/url", "https://example.com/url2"),
        (Meta(pattern="^[^@ ]+@[^@ ]+\\Z"), "me", "me@example.com", "me2@example.com"),
        (Meta(pattern="^[A-Z]{2}-[0-9]{2}\\Z"), "code", "AB-34", "BC-45"),
        (Meta(pattern="^[A-Z]-[0-9]", min_length=6), "it", "A-2aaa", "B-3aaa"),
        (Meta(pattern="^#[0-9a-f]{3,8}\\Z", min_length=7), "it", "#bcdef0", "#cdef01"),
    ],
)
def test_texts_say_what_they_stand_for(
    meta: Meta, name: str, first: str, second: str
) -> None:
    annotation = Annotated[str, meta]
    assert (made(annotation, name), made(annotation, name, 2)) == (first, second)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[^\n]{8,}\Z",
        r"^\+[1-9][0-9]{6,14}\Z",
        r"^(sha256|sha1):[a-f0-9]{8,}\Z",
        r"^[가-힣]{2,4}\Z",
        r"^\/([a-z]+\/)*[a-z]+\.txt\Z",
        r"^(?!it)[a-z]+\Z",
        r"\A(?=[\s\S]*?(?:^[A-Z]+\Z))(?=[\s\S]*?(?:Q))",
        r"^(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(\.(25[0-5]|1?[0-9]{1,2})){3}\Z",
        r"(?a:\b)x(?a:\b) y",
        r"^\x41\u0042\n\Z",
        r"^[^\n\r\u2028\u2029]*[^A-Za-z0-9_]\Z",
        r"^[\s\ufeff]{3}\Z",
        r"^[\]\\\-]{2}\Z",
        r"^(?:[a-z]{3}|[0-9]{3})?-{2,}\Z",
        r"^[0-9]{300}\Z",
    ],
)
def test_texts_match_patterns(pattern: str) -> None:
    for number in (1, 2, 17):
        assert re.search(
            pattern, made(Annotated[str, Meta(pattern=pattern)], "it", number)
        )


@pytest.mark.parametrize(
    ("annotation", "told"),
    [
        (
            Annotated[str, Meta(pattern=r"^a\Z", min_length=2)],
            r"\$: no text was found that matches '\^a\\\\Z'",
        ),
        (list[Annotated[str, Meta(pattern=r"^(?!x)x\Z")]], r"\$\[\]: no text .*"),
        (Annotated[int, Meta(gt=1, lt=2)], r"\$: no integer keeps its limits"),
        (decimal(gt="1", lt="1"), r"\$: no decimal keeps its limits"),
        (Annotated[float, Meta(gt=1.0, lt=1.0)], r"\$: no float keeps its limits"),
        (
            Annotated[frozenset[Weekday], Meta(min_length=3)],
            r"\$: there are not 3 different values",
        ),
        (
            Annotated[list[int], Meta(min_length=10**9)],
            r"\$: 1000000000 items are too many to be made",
        ),
        (
            Annotated[str, Meta(min_length=10**9)],
            r"\$: a text of 1000000000 characters is too long to be made",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_cannot_be_made_says_where(annotation: object, told: str) -> None:
    with pytest.raises(CannotMake) as caught:
        made(annotation)
    assert re.fullmatch(told, str(caught.value))


Letter: TypeAlias = Annotated[str, Meta(max_length=1)]


class Pair(Struct, frozen=True, kw_only=True, omit_defaults=True):
    first_name: str
    tags: list[str]
    maybe: str | None = None
    three: str | UnsetType | None = UNSET
    size: int = field(default_factory=lambda: 7)


class Tree(Struct, frozen=True, kw_only=True, omit_defaults=True):
    label: str
    left: Tree | None = None
    nullable: Tree | None
    branches: list[Tree]
    by_name: dict[str, Tree]


class Wide(Struct, frozen=True, kw_only=True):
    a: Tree
    b: list[Tree]
    c: dict[str, list[Wide]]


def test_structs_have_what_may_be_left_out_and_their_defaults() -> None:
    assert made(Pair) == Pair(
        first_name="first name",
        tags=["tag", "tag 2"],
        maybe="maybe",
        three="three",
        size=7,
    )


@shows(name='"Ada"', since='"2026-03-01"', size="3", left='{"name": "Bo"}')
class Shown(Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: Annotated[str, Meta(pattern="^[A-Z]")]
    since: date
    size: int = 7
    nick: str = "n"
    left: Shown | None = None


def test_examples_of_fields_are_taken_before_defaults() -> None:
    spring = date(2026, 3, 1)
    first = Shown(name="Ada", since=spring, size=3)
    assert made(Shown) == first
    assert made(list[Shown]) == [first, first]


def test_lists_in_lists_have_one_item_and_sets_different_ones() -> None:
    assert made(list[list[str]], "rows") == [["row"], ["row"]]
    assert made(frozenset[bool]) == frozenset({True, False})
    assert made(Annotated[list[int], Meta(min_length=4)]) == [1, 2, 3, 4]
    assert made(Annotated[list[int], Meta(max_length=0)]) == []
    assert made(dict[Int53, str], "prices") == {1: "price", 2: "price 2"}
    assert len(made(Annotated[frozenset[Letter], Meta(min_length=30)])) == 30


def test_recursion_ends_at_once() -> None:
    end = Tree(label="label", nullable=None, branches=[], by_name={})
    assert made(Tree) == end
    second = Tree(label="label 2", nullable=None, branches=[], by_name={})
    assert made(Wide) == Wide(a=end, b=[end, second], c={})


class Expression(Struct, frozen=True, kw_only=True):
    of: Sum | Boxed


class Sum(Struct, frozen=True, kw_only=True, tag_field="type", tag="sum"):
    value: Expression


class Boxed(Struct, frozen=True, kw_only=True, tag_field="type", tag="boxed"):
    value: Expression | None


def test_where_every_variant_leads_back_it_is_the_one_that_ends() -> None:
    assert made(Expression) == Expression(of=Boxed(value=None))


def nested(depth: int, wide: int) -> Any:
    """Return a struct of structs of structs, each of which may be left out."""
    inner: Any = str
    for level in range(depth):
        fields = [(f"f{n}", inner | None, None) for n in range(wide)]
        inner = defstruct(f"Level{level}", fields, frozen=True)
    return inner


def test_what_is_deep_or_many_is_cut_where_it_may_be() -> None:
    value, depth = made(nested(20, 1)), 0
    while value is not None:
        value, depth = value.f0, depth + 1
    assert depth == 6
    assert len(str(made(nested(6, 20)))) < 200_000


def test_variants_come_in_turn() -> None:
    events = [made(types.TicketEvent, "it", number) for number in (2, 4, 7)]
    assert events == [
        types.TicketEventCooking(value=types.DishCode("BC-45")),
        types.TicketEventReturned(value="sent back 4"),
        types.TicketEventForgotten(),
    ]


KITCHEN = [
    pytest.param(annotation, id=f"{module.__name__.split('.')[-2]}.{name}")
    for module in (types, house_types, pantry_types)
    for name, annotation in vars(module).items()
    if name[0].isupper() and is_of_the_schema(name, annotation)
]


@pytest.mark.parametrize("annotation", KITCHEN)
def test_every_type_of_the_kitchen_has_values(annotation: Any) -> None:
    codec = Codec[Any](annotation)
    for number in (1, 2, 3, 99):
        value = made(annotation, "it", number)
        source = codec.encode_checked(value)
        assert codec.decode_strictly(source, scan(source.decode()).tree) == value
        assert codec.encode(made(annotation, "it", number)) == source


METHODS = [*_service.KITCHEN.methods, *_service.WASHING_UP.methods]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.bare_name)
def test_every_method_of_the_kitchen_has_answers(method: Method[Any]) -> None:
    params = Maker[Any](method.params).make()
    maker = method_maker(method)
    streamed = maker.items(params) if method.stream_result else []
    assert len(streamed) == (3 if method.stream_result else 0)
    for answer in streamed or [maker.answer(params)]:
        assert Maker[Any](method.returns).checked(answer) == answer
