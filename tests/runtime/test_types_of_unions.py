"""Unions within other types, and tags of unusual names."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import Struct

from idlgen.runtime import Unknown
from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.protocols.jsonrpc.caller import encode_untyped_call
from tests.runtime.contract.events import (
    Contact,
    Event,
    EventCreated,
    EventDeleted,
    EventGrouped,
    EventNoted,
    Flag,
    FlagOn,
    FlagUnknown,
    Page,
    Shape,
    ShapeCircle,
    ShapeSquare,
)
from tests.runtime.refusals import refusal
from tests.runtime.unions import EVENT, NEW, unknown


class Low(Struct, frozen=True, kw_only=True, tag_field="type", tag="low"):
    value: float


class High(Struct, frozen=True, kw_only=True, tag_field="type", tag="high"):
    value: float


def test_only_the_values_own_variant_is_looked_into() -> None:
    codec: Codec[list[Shape]] = Codec(list[Shape])
    with pytest.raises(Refused) as caught:
        codec.encode([ShapeSquare(side=1), ShapeCircle(radius=float("nan"))])
    assert caught.value.problems == (("$[1].radius", "JSON has no number for nan"),)
    readings: Codec[Low | High] = Codec(Low | High)
    with pytest.raises(Refused) as caught:
        readings.encode(Low(value=float("nan")))
    assert caught.value.problems == (("$.value", "JSON has no number for nan"),)
    tagged = Contact(name="Bo", email="b", tags=frozenset({"b", "a", "c"}), score=1)
    events: list[Event] = [EventNoted(value="x"), EventCreated(value=tagged)]
    encoded = EVENT.encode_checked(EventGrouped(value=events))
    assert b'"tags":["a","b","c"]' in encoded
    twice = encoded.replace(b'["a","b","c"]', b'["a","b","a"]').decode()
    assert refusal(EVENT, twice, strictly=True) == [
        ("$.value[1].value.tags[2]", "Repeats `$.value[1].value.tags[0]`")
    ]


def test_generic_structs_are_checked_as_others_are() -> None:
    codec: Codec[Page[Contact]] = Codec(Page[Contact])
    assert isinstance(Page[Contact](items=[]), codec.outer_classes)
    page = Page(items=[Contact(name="x", email="y", score=float("inf"))])
    with pytest.raises(Refused) as caught:
        codec.encode(page)
    assert caught.value.problems[0].path == "$.items[0].score"
    limited: Codec[Page[EventDeleted]] = Codec(Page[EventDeleted])
    text = '{"items":[{"type":"deleted","value":1},{"type":"deleted","value":0}]}'
    assert refusal(limited, text, strictly=False) == [
        ("$.items[1].value", "Expected `int64` >= 1")
    ]
    assert limited.decode(text.replace("0", "2").encode()).items[1].value == 2


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (Page[Contact], (Page,)),
        (Event | None, 7),
        (Flag, (FlagOn, FlagUnknown)),
        (Shape, (ShapeCircle, ShapeSquare)),
        (list[Event], (list,)),
        (Contact | None, (Contact, type(None))),
        (int | None, ()),
        (int, ()),
    ],
)
def test_the_classes_of_results(annotation: object, expected: object) -> None:
    codec: Codec[Any] = Codec(annotation)
    classes = codec.outer_classes
    assert (len(set(classes)) if isinstance(expected, int) else classes) == expected


def test_untyped_calls_write_unknown_variants_too() -> None:
    event: Any = unknown()
    assert encode_untyped_call("log", [event, {"event": event}], 1) == (
        b'{"jsonrpc":"2.0","method":"log","params":[%b,{"event":%b}],"id":1}'
        % (NEW.encode(), NEW.encode())
    )


def test_tags_need_not_be_ascii() -> None:
    # Texts that nobody has encoded yet, as those of a module that was just imported.
    key, first, second = (f"{chr(0xE9)}{word}" for word in ("kind", "one", "two"))
    one, two = (
        msgspec.defstruct("Variant", [("x", int)], tag_field=key, tag=tag)
        for tag in (first, second)
    )
    alone = msgspec.defstruct("Alone", [("x", int)], tag=f"{first} alone")

    codec: Codec[Any] = Codec(one | two | None)
    assert codec.decode(f'{{"{key}":"{second}","x":1}}'.encode()) == two(x=1)
    codec = Codec(alone)
    assert codec.decode(f'{{"x":1,"type":"{first} alone"}}'.encode()) == alone(x=1)


class Oddly(Struct, frozen=True, kw_only=True, tag_field="it's \"\\", tag="a"):
    pass


class OddlyUnknown(Unknown):
    pass


def test_the_tag_may_have_a_name_that_no_field_of_a_struct_has() -> None:
    codec: Codec[Any] = Codec(OddlyUnknown.beside(Oddly))
    text = b'{"it\'s \\"\\\\":"new","n":1}'
    kept = codec.decode(text)
    assert kept == OddlyUnknown("new", {"it's \"\\": "new", "n": 1})
    assert codec.encode(kept) == text
