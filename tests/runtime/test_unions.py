"""Tagged unions: what is decoded, what is kept though nobody knows it, what is refused."""

from __future__ import annotations

import copy
import pickle
import sys
import tracemalloc
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from idlgen.runtime import JsonValue, Unknown
from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.protocols.jsonrpc.caller import encode_untyped_call
from idlgen.runtime.unions import encode_unknown
from idlgen.runtime.validation import piecewise
from idlgen.runtime.validation.members import scan
from tests.runtime.contract.events import (
    Contact,
    Event,
    EventCreated,
    EventDeleted,
    EventGrouped,
    EventNoted,
    EventPurged,
    EventUnknown,
    Flag,
    FlagOn,
    FlagUnknown,
    Level,
    Page,
    Report,
    Shape,
    ShapeCircle,
    ShapeSquare,
)

EVENT: Codec[Event] = Codec(Event)
REPORT: Codec[Report] = Codec(Report)
FLAG: Codec[Flag] = Codec(Flag)

ADA = Contact(name="Ada", email="a@b")
NEW = '{"type":"archived","value":{"n":1.10,"big":9007199254740993,"a":null}}'


def unknown(text: str = NEW, tag: str = "archived") -> EventUnknown:
    return EventUnknown.from_json(tag, text.encode())


def refusal(codec: Codec[Any], text: str, *, strictly: bool) -> list[Any]:
    def decode() -> object:
        if strictly:
            return codec.decode_strictly(text.encode(), scan(text).tree)
        return codec.decode(text.encode())

    with pytest.raises(Refused) as caught:
        decode()
    return [tuple(problem) for problem in caught.value.problems]


def round_trip(codec: Codec[Any], text: str, value: object) -> None:
    """Assert that `text` is `value`, in both modes, and that it is written so."""
    assert codec.decode(text.encode()) == value
    assert codec.decode_strictly(text.encode(), scan(text).tree) == value
    assert codec.encode_checked(value) == text.encode()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            '{"type":"created","value":{"name":"Ada","email":"a@b"}}',
            EventCreated(value=ADA),
        ),
        ('{"type":"deleted","value":9007199254740993}', EventDeleted(value=2**53 + 1)),
        ('{"type":"purged"}', EventPurged()),
        ('{"type":"noted","value":null}', EventNoted(value=None)),
        (
            '{"type":"grouped","value":[{"type":"purged"},{"type":"grouped","value":[]}]}',
            EventGrouped(value=[EventPurged(), EventGrouped(value=[])]),
        ),
    ],
)
def test_each_variant_is_read_and_written(text: str, value: Event) -> None:
    round_trip(EVENT, text, value)


def test_a_union_of_one_variant_is_a_union() -> None:
    round_trip(FLAG, '{"flag-kind":"on/off","value":true}', FlagOn(value=True))
    new = '{"flag-kind":"dimmed","value":0.50}'
    value = FLAG.decode(new.encode())
    assert value == FlagUnknown("dimmed", {"flag-kind": "dimmed", "value": 0.5})
    assert FLAG.encode_checked(value) == new.encode()
    assert refusal(FLAG, new, strictly=True) == [
        ('$["flag-kind"]', "Unknown value `dimmed`; known are `on/off`")
    ]


def test_servers_miss_the_tag_of_a_union_of_one_variant() -> None:
    listed: Codec[list[Flag | None]] = Codec(list[Flag | None])

    assert refusal(FLAG, '{"value":true}', strictly=True) == [
        ('$["flag-kind"]', "Missing")
    ]
    assert refusal(listed, '[null,{"value":true}]', strictly=True) == [
        ('$[1]["flag-kind"]', "Missing")
    ]
    # Nothing else can be meant, and msgspec tells clients no difference.
    assert FLAG.decode(b'{"value":true}') == FlagOn(value=True)


def test_a_flat_closed_union_is_read_and_written() -> None:
    codec: Codec[Shape | None] = Codec(Shape | None)
    round_trip(codec, '{"kind":"square","side":2.5}', ShapeSquare(side=2.5))
    round_trip(codec, "null", None)
    for strictly in (True, False):
        assert refusal(codec, '{"kind":"oval"}', strictly=strictly) == [
            ("$.kind", "Unknown value `oval`; known are `circle`, `square`")
        ]
    within = f'{{"kind":"circle","radius":1.0,"events":[{NEW}]}}'
    assert codec.decode(within.encode()) == ShapeCircle(radius=1, events=[unknown()])


# Every place of a Report where an open union can stand, and what is read there.
PLACES: list[tuple[str, Any]] = [
    (f'"maybe":{NEW}', unknown()),
    (f'"patch":{NEW}', unknown()),
    (f'"many":[{{"type":"purged"}},{NEW}]', [EventPurged(), unknown()]),
    (f'"by_name":{{"a b":{NEW}}}', {"a b": unknown()}),
    (f'"nested":[null,[{NEW}]]', [None, [unknown()]]),
    (f'"page":{{"items":[{NEW}]}}', Page(items=[unknown()])),
    (
        f'"page":{{"items":[],"next":"x","best":{NEW}}}',
        Page[Event](items=[], next="x", best=unknown()),
    ),
    (
        f'"many":[{{"type":"grouped","value":[{{"type":"grouped","value":[{NEW}]}}]}}]',
        [EventGrouped(value=[EventGrouped(value=[unknown()])])],
    ),
    (
        '"flag":{"value":1,"flag-kind":"dim"}',
        FlagUnknown.from_json("dim", b'{"value":1,"flag-kind":"dim"}'),
    ),
    (
        f'"shape":{{"kind":"circle","radius":1.5,"events":[{NEW}]}}',
        ShapeCircle(radius=1.5, events=[unknown()]),
    ),
]


@pytest.mark.parametrize(("member", "value"), PLACES)
def test_clients_keep_an_unknown_variant_wherever_it_stands(
    member: str, value: object
) -> None:
    name = member.split('"')[1]
    text = (
        f'{{"event":{{"type":"purged"}},{member},"levels":["high","low","top"],'
        '"price":"1.10","ratio":0.5,"class":8,"later":[1]}'
    )
    report = REPORT.decode(text.encode())
    assert getattr(report, name) == value
    assert report.event == EventPurged()
    assert set(report.levels or ()) == {Level("top"), Level.LOW, Level.HIGH}
    assert (str(report.price), report.ratio, report.class_) == ("1.10", 0.5, 8)
    assert REPORT.encode_checked(report) == text.replace(',"later":[1]', "").encode()


def test_a_server_refuses_an_unknown_variant_wherever_it_stands() -> None:
    text = '{"event":{"type":"creatd"},' + ",".join(
        member for member, _ in (PLACES[i] for i in (0, 1, 2, 3, 4, 5, 7, 8, 9))
    )
    text = text.replace('"many":[{"type":"grouped"', '"later":[{"type":"grouped"')
    known = "`created`, `deleted`, `purged`, `noted`, `grouped`"
    archived = f"Unknown value `archived`; known are {known}"
    assert refusal(REPORT, text + "}", strictly=True) == [
        ("$.event.type", "Unknown value `creatd`; did you mean `created`?"),
        ("$.maybe.type", archived),
        ("$.patch.type", archived),
        ("$.many[1].type", archived),
        ('$.by_name["a b"].type', archived),
        ("$.nested[1][0].type", archived),
        ("$.page.items[0].type", archived),
        ('$.flag["flag-kind"]', "Unknown value `dim`; known are `on/off`"),
        ("$.shape.events[0].type", archived),
    ]


@pytest.mark.parametrize(
    "text",
    [
        NEW,
        '{ "type" : "archived",\n "value": [1.0, 1e2, 0.10, -0] }',
        '{"value":1,"type":"archived","\\u00e9":"\\u00e9é"}',
        '{"type":"archived"}',
        '{"type":"archived","type":"archived"}',
    ],
)
def test_an_unknown_variant_is_sent_back_byte_by_byte(text: str) -> None:
    assert EVENT.encode_checked(EVENT.decode(text.encode())) == text.encode()
    report = f'{{"event":{text}}}'.encode()
    assert REPORT.encode_checked(REPORT.decode(report)) == report


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("5", "$", "Expected `object`, got `int`"),
        ("[]", "$", "Expected `object`, got `array`"),
        ("null", "$", "Expected `object`, got `null`"),
        ('"purged"', "$", "Expected `object`, got `str`"),
        ("{}", "$.type", "Missing"),
        ('{"value":1}', "$.type", "Missing"),
        ('{"type":null}', "$.type", "Expected `str`, got `null`"),
        ('{"type":1}', "$.type", "Expected `str`, got `int`"),
        ('{"type":{"a":1}}', "$.type", "Expected `str`, got `object`"),
        ('{"type":"created"}', "$.value", "Missing"),
        ('{"type":"noted"}', "$.value", "Missing"),
        ('{"type":"deleted","value":0}', "$.value", "Expected `int64` >= 1"),
        (
            '{"type":"created","value":{"name":"x","email":5}}',
            "$.value.email",
            "Expected `str`, got `int`",
        ),
        (
            '{"type":"grouped","value":[{"type":"grouped","value":[{"type":5}]}]}',
            "$.value[0].value[0].type",
            "Expected `str`, got `int`",
        ),
        (
            '{"type":"purged","type":"noted","value":null}',
            "$.type",
            "Member is written twice",
        ),
        (
            f'{{"type":"grouped","value":[{", ".join([NEW] * 5)}]}}',
            "$.value",
            "Expected `array` of length <= 4",
        ),
    ],
)
def test_both_sides_refuse_what_is_no_variant(
    text: str, path: str, message: str
) -> None:
    assert refusal(EVENT, text, strictly=False) == [(path, message)]
    strictly = refusal(EVENT, text, strictly=True)
    assert (path, message) in strictly
    within = f'{{"event":{text},"many":[{text}],"page":{{"items":[{text}]}}}}'
    places = [
        (f"{prefix}{path[1:]}", message)
        for prefix in ("$.event", "$.many[0]", "$.page.items[0]")
    ]
    assert refusal(REPORT, within, strictly=False) == places


def test_an_unknown_variant_beside_another_fault_is_no_excuse() -> None:
    text = (
        f'{{"event":{NEW},"many":[{NEW},{{"type":"deleted","value":0}}],"price":1,'
        f'"page":{{"items":[{NEW}],"next":2}}}}'
    )
    wrong_price = 'Expected `decimal`, a number written as text such as "1.50"'
    assert refusal(REPORT, text, strictly=False) == [
        ("$.many[1].value", "Expected `int64` >= 1"),
        ("$.page.next", "Expected `str`, got `int`"),
        ("$.price", wrong_price),
    ]
    # Faults that only this codec's own checks find.
    limit = f'{{"event":{NEW},"many":[{{"type":"deleted","value":-1}}]}}'
    assert refusal(REPORT, limit, strictly=False) == [
        ("$.many[0].value", "Expected `int64` >= 1")
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (f'{{"event":{NEW}'.encode(), "Input data was truncated"),
        (f'{{"event":{NEW}}}x'.encode(), "JSON is malformed: trailing characters"),
        (b'{"event":{"type":"new","value":1e400}}', "Number out of range"),
    ],
)
def test_what_is_no_json_stays_refused_behind_an_unknown_variant(
    source: bytes, message: str
) -> None:
    with pytest.raises(Refused) as caught:
        REPORT.decode(source)
    assert caught.value.problems[0].message.startswith(message)


def test_bytes_that_are_no_text_are_refused_in_an_unknown_variant() -> None:
    with pytest.raises(Refused) as caught:
        REPORT.decode(b'{"event":{"type":"new","value":"\xff"}}')
    assert [tuple(problem) for problem in caught.value.problems] == [("$", "Not UTF-8")]


def nested(levels: int) -> str:
    return '{"type":"grouped","value":[' * levels + NEW + "]}" * levels


def test_unknown_variants_are_looked_for_to_a_depth_of_64() -> None:
    # The union and its list are a level each.
    text = nested(32)
    assert EVENT.encode_checked(EVENT.decode(text.encode())) == text.encode()
    assert refusal(EVENT, nested(33), strictly=False) == [
        ("$", "Too many or too deep unknown variants")
    ]


def test_the_depth_of_what_is_known_is_not_bounded_so() -> None:
    text = nested(100).replace(NEW, '{"type":"purged"}')
    assert EVENT.encode_checked(EVENT.decode(text.encode())) == text.encode()


def test_a_hundred_thousand_pieces_are_opened_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert piecewise.MAX_OPENED == 100_000
    codec: Codec[list[Event]] = Codec(list[Event])
    monkeypatch.setattr(piecewise, "MAX_OPENED", 5)
    # The list is one, each unknown variant another; known ones are not opened.
    fits = f'[{NEW},{NEW},{{"type":"purged"}},{NEW},{{"type":"purged"}},{NEW}]'
    assert len(codec.decode(fits.encode())) == 6
    assert refusal(codec, fits.replace("purged", "x", 1), strictly=False) == [
        ("$", "Too many or too deep unknown variants")
    ]


def calls_made(codec: Codec[Any], source: bytes) -> int:
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        codec.decode(source)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("item", [NEW, '{"type":"purged"}'])
def test_the_work_grows_as_the_value_does(item: str) -> None:
    codec: Codec[list[Event]] = Codec(list[Event])

    def calls(items: int) -> int:
        return calls_made(codec, f"[{','.join([item] * items)},{NEW}]".encode())

    calls(1)
    assert calls(4_000) < 2.1 * calls(2_000)


def test_nothing_is_opened_where_all_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    class NeverDecodes:
        def decode(self, source: object) -> object:
            raise AssertionError

    codec: Codec[Event] = Codec(Event)
    monkeypatch.setattr(codec, "_piecewise", NeverDecodes())
    assert codec.decode(b'{"type":"purged"}') == EventPurged()
    with pytest.raises(AssertionError):
        codec.decode(NEW.encode())


def test_a_hundred_thousand_different_tags_leave_memory_flat() -> None:
    codec: Codec[list[Event]] = Codec(list[Event])

    def read(start: int, count: int) -> None:
        for index in range(start, start + count, 1_000):
            tags = range(index, index + 1_000)
            items = ",".join(f'{{"type":"tag{tag}"}}' for tag in tags)
            values = codec.decode(f"[{items}]".encode())
            assert isinstance(values[-1], EventUnknown)
            assert values[-1].tag == f"tag{index + 999}"

    read(0, 1_000)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        read(1_000, 100_000)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 100_000  # bytes: one a tag would be too many


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
