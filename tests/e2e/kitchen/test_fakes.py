"""The generated fakes as tests of a user's use them, and a server that lacks methods."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from generated_examples.kitchen_sink.client import AsyncKitchenClient, KitchenClient
from generated_examples.kitchen_sink.errors import DishUnknown, SoldOut
from generated_examples.kitchen_sink.house.types import Money
from generated_examples.kitchen_sink.server import Kitchen, KitchenUnimplemented
from generated_examples.kitchen_sink.testing import FakeKitchen, in_process
from generated_examples.kitchen_sink.types import (
    Course,
    DatedPage,
    DishCard,
    DishCode,
    Ingredient,
    Ticket,
    TicketEventEaten,
    TicketEventPaid,
    TicketId,
)
from idlgen.runtime import RpcError, Unimplemented
from tests.e2e.kitchen.staff import SOUP

KEY = UUID("5f0c3a52-6f0e-4d5c-9a63-0d7c0c2f6a11")
STEW_CARD = DishCard(code=SOUP, name="김치찌개", price=Decimal("9.50"))


@pytest.fixture
def fake() -> FakeKitchen:
    return FakeKitchen()


@pytest.fixture
def kitchen(fake: FakeKitchen) -> Iterator[KitchenClient]:
    with in_process(KitchenClient, fake) as client:
        yield client


def test_the_fake_answers_with_the_examples(kitchen: KitchenClient) -> None:
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


def test_without_an_example_it_makes_an_answer_to_the_question(
    kitchen: KitchenClient,
) -> None:
    assert kitchen.find_ticket(KEY) == Ticket(
        id=TicketId(1),
        key=KEY,
        table=1,
        day=date(2026, 1, 1),
        wanted_at=time(12, 1),
        placed_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
        lines={DishCode("AB-34"): 1, DishCode("BC-45"): 2},
        guest="guest",
    )
    ordered = kitchen.order(7, {SOUP: 2}, guest="Ada")
    assert (ordered.table, ordered.lines, ordered.guest) == (7, {SOUP: 2}, "Ada")
    assert [ticket.id for ticket in kitchen.iter_list_tickets()] == [1, 2]


def test_it_fails_as_it_is_told_and_remembers_the_calls(
    fake: FakeKitchen, kitchen: KitchenClient
) -> None:
    fake.fail(Kitchen.order, SoldOut(code=SOUP), times=1)
    with pytest.raises(SoldOut) as caught:
        kitchen.order(7, {SOUP: 2})
    assert caught.value.code == SOUP
    assert kitchen.order(8, {SOUP: 1}).table == 8
    assert [call.keywords["table"] for call in fake.calls.of("order")] == [7, 8]
    with pytest.raises(ValueError, match="does not declare SoldOut"):
        fake.fail(Kitchen.ring, SoldOut(code=SOUP))


def test_async_clients_hear_the_same(fake: FakeKitchen) -> None:
    fake.fail("get_dish", DishUnknown(code=SOUP))
    fake.answer("talk", lambda words: words)

    async def calls() -> None:
        async with in_process(AsyncKitchenClient, fake) as kitchen:
            with pytest.raises(DishUnknown):
                await kitchen.get_dish(SOUP)
            async with kitchen.talk(["one", "two"]) as words:
                assert [word async for word in words] == ["one", "two"]
            async with kitchen.watch_tickets() as events:
                assert len([event async for event in events]) == 3

    asyncio.run(calls())


def test_what_is_not_implemented_says_so() -> None:
    class Apprentice(KitchenUnimplemented):
        """Knows nothing yet."""

    with in_process(KitchenClient, Apprentice()) as kitchen:
        with pytest.raises(Unimplemented):
            kitchen.ring()
        with pytest.raises(RpcError, match=r"Kitchen\.getDish"):
            kitchen.get_dish(SOUP)
