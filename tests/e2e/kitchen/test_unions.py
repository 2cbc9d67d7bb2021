"""Unions there and back: open and closed, flat, without a payload, and inside themselves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from generated_examples.kitchen_sink.house.types import Currency, Money, Swap
from generated_examples.kitchen_sink.types import (
    Device,
    DeviceHood,
    DeviceOven,
    DeviceReplaced,
    DeviceUnplugged,
    DishCard,
    Instruction,
    InstructionDo,
    InstructionInstead,
    InstructionTogether,
    InstructionWait,
    Oven,
    TicketEvent,
    TicketEventCooked,
    TicketEventCooking,
    TicketEventEaten,
    TicketEventForgotten,
    TicketEventPaid,
    TicketEventPlaced,
    TicketEventReturned,
    TicketEventSwapped,
    TicketEventUnknown,
)
from idlgen.runtime import Client, InvalidArgument, JsonValue
from tests.e2e.kitchen.staff import BREAD, NOT_YET_KNOWN, SOUP, SOUP_CARD, Cook

TICKET = Cook().order(1, {SOUP: 2})
SWAP: Swap[Any, DishCard] = Swap(gone=BREAD, instead=SOUP_CARD, why="stale")

# A variant, and what it is on the wire.
EVENTS: list[tuple[TicketEvent, JsonValue]] = [
    (TicketEventCooking(value=SOUP), {"type": "cooking", "value": "SO-01"}),
    (
        TicketEventCooked(value={SOUP: 2, BREAD: 0}),
        {"type": "cooked", "value": {"SO-01": 2, "BR-00": 0}},
    ),
    (TicketEventReturned(value="cold"), {"type": "sent back", "value": "cold"}),
    (TicketEventReturned(value=None), {"type": "sent back", "value": None}),
    (
        TicketEventSwapped(value=SWAP),
        {
            "type": "swapped",
            "value": {
                "gone": "BR-00",
                "instead": {"code": "SO-01", "name": "Борщ", "price": "9.50"},
                "why": "stale",
            },
        },
    ),
    (
        TicketEventPaid(value=Money(amount=Decimal("19.00"), currency=Currency.CHF)),
        {"type": "paid", "value": {"amount": "19.00", "currency": "CHF"}},
    ),
    (TicketEventEaten(), {"type": "eaten"}),
]


@pytest.mark.parametrize(("event", "json"), EVENTS)
def test_each_variant_travels(
    kitchen: Any, url: str, event: TicketEvent, json: JsonValue
) -> None:
    answer = kitchen.tell(event)
    assert answer == event
    assert type(answer) is type(event)
    with Client(url) as client:
        assert client.call("Kitchen.tell", event=json) == json


def test_a_variant_carries_a_whole_struct(kitchen: Any) -> None:
    answer = kitchen.tell(TicketEventPlaced(value=TICKET))
    match answer:
        case TicketEventPlaced(value=ticket):
            assert ticket == TICKET
        case _:
            pytest.fail(repr(answer))


def test_a_list_holds_variants_of_all_kinds(kitchen: Any) -> None:
    events = [event for event, _ in EVENTS]
    for last in events:
        earlier = [*events, last]
        assert kitchen.tell(TicketEventEaten(), earlier=earlier) == last


def test_a_variant_that_the_client_does_not_know_is_kept(kitchen: Any) -> None:
    event = kitchen.tell(TicketEventForgotten())
    match event:
        case TicketEventUnknown(tag=tag, raw=raw):
            assert (tag, raw) == ("blessed", NOT_YET_KNOWN)
        case _:
            pytest.fail(repr(event))


def test_a_server_refuses_variants_that_it_does_not_know(
    kitchen: Any, url: str
) -> None:
    unknown = kitchen.tell(TicketEventForgotten())
    with pytest.raises(InvalidArgument) as caught:
        kitchen.tell(unknown)
    assert [problem.path for problem in caught.value.problems] == ["$.event.type"]
    with Client(url) as client, pytest.raises(InvalidArgument) as caught:
        client.call("Kitchen.tell", event={"type": "cookin", "value": "SO-01"})
    (problem,) = caught.value.problems
    assert problem.path == "$.event.type"
    assert "did you mean `cooking`?" in problem.message


@pytest.mark.parametrize(
    ("event", "path"),
    [
        ({}, "$.event.type"),
        ({"value": "SO-01"}, "$.event.type"),
        ({"type": 5}, "$.event.type"),
        ({"type": "cooking"}, "$.event.value"),
        ({"type": "cooking", "value": "so"}, "$.event.value"),
        ({"type": "paid", "value": {"amount": "0.001"}}, "$.event.value.amount"),
        ("eaten", "$.event"),
    ],
)
def test_what_is_wrong_with_a_variant_has_its_path(
    url: str, event: JsonValue, path: str
) -> None:
    with Client(url) as client, pytest.raises(InvalidArgument) as caught:
        client.call("Kitchen.tell", event=event)
    assert [problem.path for problem in caught.value.problems] == [path]


DEVICES: dict[str, tuple[Device, JsonValue]] = {
    "left": (
        DeviceOven(degrees=-273, door="ajar"),
        {"kind": "oven", "degrees": -273, "racks": 2, "door": "ajar"},
    ),
    "above": (DeviceHood(speed=0.5), {"kind": "hood", "speed": 0.5}),
    "right": (
        DeviceReplaced(gone="coal", instead=Oven(degrees=230, racks=4)),
        {
            "kind": "replaced",
            "gone": "coal",
            "instead": {"degrees": 230, "racks": 4},
        },
    ),
    "": (DeviceUnplugged(), {"kind": "unplugged"}),
}


def test_variants_of_a_flat_union_travel_beside_their_tag(
    kitchen: Any, url: str
) -> None:
    devices = {place: device for place, (device, _) in DEVICES.items()}
    assert kitchen.install(devices) == devices
    json = {place: json for place, (_, json) in DEVICES.items()}
    with Client(url) as client:
        assert client.call("Kitchen.install", devices=json) == json


def test_a_closed_union_has_no_other_variants(url: str) -> None:
    with Client(url) as client, pytest.raises(InvalidArgument) as caught:
        client.call("Kitchen.install", devices={"a": {"kind": "stove"}, "b": {}})
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.devices.a.kind", "$.devices.b.kind"]


COOKING: list[Instruction] = [
    InstructionTogether(
        value=[
            InstructionDo(value="stir"),
            InstructionInstead(value=None),
            InstructionInstead(
                value=InstructionTogether(
                    value=[InstructionWait(value=timedelta(minutes=90))]
                )
            ),
            InstructionTogether(value=[]),
        ]
    ),
    InstructionDo(value=""),
]


def test_a_union_holds_itself(kitchen: Any) -> None:
    assert kitchen.cook(COOKING) == COOKING[0]
    assert kitchen.cook([]) is None


def test_variants_can_be_compared_hashed_and_shown() -> None:
    cooking = TicketEventCooking(value=SOUP)
    events: list[TicketEvent] = [cooking, TicketEventEaten(), TicketEventForgotten()]
    assert [event == TicketEventEaten() for event in events] == [False, True, False]
    assert {*events, TicketEventCooking(value=SOUP)} == {*events}
    assert repr(DeviceHood(speed=1.0)) == "DeviceHood(speed=1.0)"
