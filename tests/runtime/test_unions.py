"""Unions on the wire: known variants, unknown ones, and what is neither."""

from __future__ import annotations

from typing import Any

import pytest

from idlgen.runtime.codec import Codec, Refused
from tests.runtime.contract.events import (
    Event,
    EventCreated,
    EventDeleted,
    EventGrouped,
    EventNoted,
    EventPurged,
    Flag,
    FlagOn,
    FlagUnknown,
    Level,
    Page,
    Shape,
    ShapeCircle,
    ShapeSquare,
)
from tests.runtime.refusals import refusal
from tests.runtime.unions import (
    ADA,
    EVENT,
    FLAG,
    NEW,
    REPORT,
    round_trip,
    unknown,
)


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
