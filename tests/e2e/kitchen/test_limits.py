"""Constraints of the kitchen, kept by servers and by clients."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from generated_examples.kitchen_sink.types import DishPatch, TicketId
from idlgen.runtime import Client, InvalidArgument, JsonValue
from tests.e2e.kitchen.staff import SOUP

TOO_MUCH: JsonValue = {
    "name": "",
    "course": "mian",
    "price": "-0.001",
    "ingredients": [],
    "allergens": ["nuts", "nuts"],
    "spiciness": 1.5,
    "x-serves": 13,
    "photo": "",
    "steps": ["wait"] * 10,
    "side": {"code": "so-1", "name": "x", "price": "1", "ingredients": [{}]},
}
PATHS_OF_TOO_MUCH = {
    "$.draft.name",
    "$.draft.course",
    "$.draft.price",
    "$.draft.ingredients",
    "$.draft.allergens[1]",
    "$.draft.spiciness",
    '$.draft["x-serves"]',
    "$.draft.photo",
    "$.draft.steps",
    "$.draft.side.code",
    "$.draft.side.ingredients[0].name",
    "$.draft.side.ingredients[0].weight",
    "$.draft.side.ingredients[0].organic",
    "$.draft.side.ingredients[0].supplier",
    "$.draft.side.ingredients[0].keeps",
}


def test_the_server_names_every_limit_that_a_request_exceeds(url: str) -> None:
    with Client(url) as client, pytest.raises(InvalidArgument) as caught:
        client.call("Kitchen.addDish", draft=TOO_MUCH)
    assert {problem.path for problem in caught.value.problems} == PATHS_OF_TOO_MUCH


@pytest.mark.parametrize(
    ("call", "paths"),
    [
        (
            lambda kitchen: kitchen.order(0, {}),
            {'$["x-table"]', "$.lines"},
        ),
        (lambda kitchen: kitchen.list_dishes(limit=501), {"$.limit"}),
        (lambda kitchen: kitchen.list_dishes(limit=0), {"$.limit"}),
        (lambda kitchen: kitchen.get_dish("SO-1"), {"$.code"}),
        (lambda kitchen: kitchen.phone("help!"), {"$.words"}),
        (lambda kitchen: kitchen.remark(TicketId(0), None), {"$.about"}),
        (
            lambda kitchen: kitchen.change_dish(
                SOUP,
                DishPatch(name="x" * 61, price=Decimal("0.001"), photo=bytes(65537)),
            ),
            {"$.patch.name", "$.patch.price", "$.patch.photo"},
        ),
    ],
    ids=[
        "order",
        "too many",
        "too few",
        "a newtype's pattern",
        "pattern",
        "newtype",
        "patch",
    ],
)
def test_a_client_sends_nothing_that_exceeds_a_limit(
    kitchen: Any, call: Callable[[Any], object], paths: set[str]
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        call(kitchen)
    assert {problem.path for problem in caught.value.problems} == paths
