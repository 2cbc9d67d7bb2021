"""The generated fake, and a server that lacks methods."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from generated_examples.kitchen_sink.client import KitchenClient
from generated_examples.kitchen_sink.house.types import Money
from generated_examples.kitchen_sink.server import KitchenUnimplemented
from generated_examples.kitchen_sink.testing import FakeKitchen, in_process
from generated_examples.kitchen_sink.types import (
    Course,
    DatedPage,
    DishCard,
    Ingredient,
    TicketEventEaten,
    TicketEventPaid,
)
from idlgen.runtime import RpcError, Unimplemented
from tests.e2e.kitchen.staff import SOUP

STEW_CARD = DishCard(code=SOUP, name="김치찌개", price=Decimal("9.50"))


def test_the_fake_answers_with_the_examples() -> None:
    with in_process(KitchenClient, FakeKitchen()) as kitchen:
        assert kitchen.list_dishes(course=Course.STARTER) == [STEW_CARD]
        stew = kitchen.get_dish(SOUP)
        sunday = date(2026, 3, 1)
        page = kitchen.browse(sunday)
        told = kitchen.tell(TicketEventPaid(value=Money(amount=Decimal("19.00"))))
    assert (stew.name, stew.spiciness, stew.course) == ("김치찌개", 0.75, "starter")
    assert stew.ingredients == [
        Ingredient(
            name="kimchi",
            weight=250.0,
            organic=True,
            supplier=None,
            keeps=timedelta(days=30),
        )
    ]
    assert page == DatedPage(items=[STEW_CARD], day=sunday)
    assert told == TicketEventEaten()


def test_what_is_not_implemented_says_so() -> None:
    class Apprentice(KitchenUnimplemented):
        """Knows nothing yet."""

    with in_process(KitchenClient, Apprentice()) as kitchen:
        with pytest.raises(Unimplemented):
            kitchen.ring()
        with pytest.raises(RpcError, match=r"Kitchen\.getDish"):
            kitchen.get_dish(SOUP)
