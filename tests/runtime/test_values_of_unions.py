"""Variants as Python's values: matched, compared, copied, made by hand."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from idlgen.runtime import JsonValue, Unknown
from idlgen.runtime.codec import Refused
from idlgen.runtime.unions import encode_unknown
from tests.runtime.contract.events import (
    Event,
    EventCreated,
    EventDeleted,
    EventGrouped,
    EventNoted,
    EventPurged,
    EventUnknown,
    FlagUnknown,
    Page,
    Report,
    ShapeCircle,
)
from tests.runtime.unions import ADA, EVENT, NEW, REPORT, unknown


def described(event: Event) -> str:
    match event:
        case EventCreated(value=contact):
            return contact.name
        case EventDeleted(value=id):
            return str(id)
        case EventPurged():
            return "purged"
        case EventNoted(value=note):
            return note or "no note"
        case EventGrouped(value=events):
            return ",".join(map(described, events))
        case EventUnknown(tag=tag):
            return f"unknown {tag}"


def test_variants_can_be_matched() -> None:
    events: list[Event] = [EventCreated(value=ADA), EventPurged(), unknown()]
    assert described(EventGrouped(value=events)) == "Ada,purged,unknown archived"
    match unknown():
        case EventUnknown(tag, {"value": {"n": number}}):
            assert (tag, number) == ("archived", 1.1)
        case _:
            raise AssertionError


VALUES: list[Any] = [
    EventCreated(value=ADA),
    EventPurged(),
    EventGrouped(value=[EventDeleted(value=1)]),
    unknown(),
    Page(items=[unknown(), EventPurged()]),
    ShapeCircle(radius=1),
]


@pytest.mark.parametrize("value", VALUES)
def test_variants_survive_pickling_and_copying(value: Any) -> None:
    for twin in (
        pickle.loads(pickle.dumps(value)),
        copy.copy(value),
        copy.deepcopy(value),
    ):
        assert twin == value
        assert type(twin) is type(value)
        assert repr(twin) == repr(value)
        encoded = msgspec.json.encode(value, enc_hook=encode_unknown)
        assert msgspec.json.encode(twin, enc_hook=encode_unknown) == encoded
    assert value != EventNoted(value="other")


def test_variants_can_be_hashed() -> None:
    assert len({EventPurged(), EventPurged(), EventCreated(value=ADA)}) == 2
    assert len({unknown(), unknown(), unknown('{"type":"x"}', "x")}) == 2
    assert hash(unknown()) == hash(unknown(NEW.replace(":", ": ")))


def test_unknown_variants_are_equal_by_class_tag_and_data() -> None:
    assert unknown() == unknown(NEW.replace(":", " : "))
    reordered = '{"value":{"a":null,"big":9007199254740993,"n":1.1},"type":"archived"}'
    assert unknown() == unknown(reordered)
    assert unknown() != unknown(NEW.replace("1.10", "1.11"))
    assert unknown() != unknown(NEW, "other")
    assert unknown() != FlagUnknown.from_json("archived", NEW.encode())
    assert unknown() != NEW


def test_an_unknown_variant_is_immutable() -> None:
    value = unknown()
    for name in ("tag", "raw", "other", "_json"):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(value, name, "x")
    with pytest.raises(AttributeError, match="immutable"):
        del value._json
    raw = value.raw
    assert isinstance(raw, dict)
    raw["type"] = "changed"
    assert value.raw["type"] == "archived"
    assert EVENT.encode(value) == NEW.encode()


def test_its_repr_shows_the_tag_alone() -> None:
    assert repr(unknown()) == "EventUnknown(tag='archived')"
    assert repr(Report(event=unknown())).startswith(
        "Report(event=EventUnknown(tag='archived'), "
    )


def test_one_can_be_made_by_hand() -> None:
    made = EventUnknown("archived", {"type": "archived", "value": [1, {"a": None}]})
    assert EVENT.encode_checked(made) == (b'{"type":"archived","value":[1,{"a":null}]}')
    assert (made.tag, made.raw["value"]) == ("archived", [1, {"a": None}])


@pytest.mark.parametrize(
    ("raw", "error", "message"),
    [
        ({"value": 1}, ValueError, "no member of the variant has its tag, 'archived'"),
        (
            {"type": "archived", "value": [float("nan")]},
            ValueError,
            r"\$\.value\[0\]: JSON has no number for nan",
        ),
        ({"type": "archived", "value": object()}, TypeError, "unsupported"),
    ],
)
def test_what_is_no_json_is_no_variant(
    raw: Mapping[str, JsonValue], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        EventUnknown("archived", raw)


@pytest.mark.parametrize(
    "value", [Unknown("x", {"kind": "x"}), FlagUnknown("x", {"flag-kind": "x"})]
)
def test_an_unknown_variant_of_another_union_is_refused_before_sending(
    value: Any,
) -> None:
    with pytest.raises(Refused) as caught:
        REPORT.encode_checked(Report(event=value))
    assert caught.value.problems == (("$.event.type", "Missing"),)


def test_other_objects_still_have_no_json() -> None:
    nothing: Any = object()
    with pytest.raises(Refused) as caught:
        REPORT.encode(Report(event=nothing))
    assert caught.value.problems == (
        ("$.event", "Encoding objects of type object is unsupported"),
    )
