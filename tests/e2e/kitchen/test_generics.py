"""Generic structs there and back: of one param and two, derived, recursive, imported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from generated_examples.kitchen_sink.house.types import Swap
from generated_examples.kitchen_sink.types import (
    DatedPage,
    Leftover,
    MenuHead,
    Section,
    TicketEventSwapped,
    Weighed,
)
from idlgen.runtime import Client, InvalidArgument, JsonValue
from tests.e2e.kitchen.staff import BREAD, MENU, SOUP, SOUP_CARD

MONDAY = date(2024, 2, 26)
LEFTOVERS = Section(
    title="fridge",
    entries=[
        Leftover(what=SOUP, weight=0.5, from_=MONDAY),
        Leftover(what=BREAD, weight=99999.5, from_=date(9999, 12, 31)),
    ],
    parts=[
        Section(
            title="door", entries=[], parts=[Section(title="", entries=[], parts=[])]
        )
    ],
)


def test_pages_follow_one_another(kitchen: Any) -> None:
    pages = [kitchen.browse(MONDAY)]
    while pages[-1].next is not None:
        pages.append(kitchen.browse(MONDAY, cursor=pages[-1].next))
    assert pages == [
        DatedPage(items=MENU[:2], next="2", day=MONDAY),
        DatedPage(items=MENU[2:4], next="4", day=MONDAY),
        DatedPage(items=MENU[4:], day=MONDAY),
    ]


def test_a_recursive_struct_keeps_its_argument(kitchen: Any) -> None:
    assert kitchen.keep(LEFTOVERS) == Section(
        title="fridge",
        entries=[Weighed(what=SOUP, weight=0.5), Weighed(what=BREAD, weight=99999.5)],
        parts=[
            Section(
                title="door",
                entries=[],
                parts=[Section(title="", entries=[], parts=[])],
            )
        ],
    )


def test_a_struct_may_be_part_of_an_instance(kitchen: Any) -> None:
    kept = kitchen.keep(LEFTOVERS, head=MenuHead(next="4", day=MONDAY))
    assert kept.title == "2024-02-26, 4"


@pytest.mark.parametrize(
    ("leftovers", "path"),
    [
        ({"title": "x", "entries": [{"what": "so", "weight": 1}]}, "entries[0].what"),
        ({"title": "x", "entries": [], "parts": [{"entries": []}]}, "parts[0].title"),
        (
            {
                "title": "x",
                "entries": [],
                "parts": [
                    {
                        "title": "y",
                        "entries": [
                            {"what": "SO-01", "weight": 0, "from": "2024-02-26"}
                        ],
                    }
                ],
            },
            "parts[0].entries[0].weight",
        ),
    ],
)
def test_arguments_are_checked_wherever_they_stand(
    url: str, leftovers: JsonValue, path: str
) -> None:
    with Client(url) as client, pytest.raises(InvalidArgument) as caught:
        client.call("Kitchen.keep", leftovers=leftovers)
    assert f"$.leftovers.{path}" in [problem.path for problem in caught.value.problems]


def test_two_params_keep_their_places(url: str) -> None:
    swap = {"gone": "SO-01", "instead": "BR-00"}
    with Client(url) as client, pytest.raises(InvalidArgument) as caught:
        client.call("Kitchen.tell", event={"type": "swapped", "value": swap})
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.event.value.instead"]


def test_instances_are_made_like_any_struct() -> None:
    swap = Swap(gone=SOUP, instead=SOUP_CARD)
    assert TicketEventSwapped(value=swap).value.instead.price == Decimal("9.50")
    assert Weighed[str](what="a", weight=1.0) == Weighed(what="a", weight=1.0)
