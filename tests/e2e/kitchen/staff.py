"""Who works in the kitchen of schemas/kitchen_sink.yaml, and what they are given."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from generated_examples.kitchen_sink.errors import (
    DishUnknown,
    KitchenClosed,
    SinkBlocked,
    SoldOut,
)
from generated_examples.kitchen_sink.house.errors import NotYours
from generated_examples.kitchen_sink.house.types import Page
from generated_examples.kitchen_sink.server import Kitchen, WashingUp
from generated_examples.kitchen_sink.stores.pantry.errors import ShelfEmpty
from generated_examples.kitchen_sink.stores.pantry.server import Pantry
from generated_examples.kitchen_sink.stores.pantry.types import (
    Movement,
    Supply,
)
from generated_examples.kitchen_sink.types import (
    Allergen,
    Course,
    CourseOfTasting,
    DatedPage,
    Device,
    Dish,
    DishCard,
    DishCode,
    DishDraft,
    DishPatch,
    Guest,
    Heat,
    Ingredient,
    IngredientPartial,
    Instruction,
    Leftover,
    MenuHead,
    Remark,
    Section,
    ShelfNumber,
    Shelves,
    Sink,
    Stock,
    SupplyPartial,
    Ticket,
    TicketEvent,
    TicketEventForgotten,
    TicketEventUnknown,
    TicketId,
    TicketRoll,
    Weighed,
)

SOUP = DishCode("SO-01")
BREAD = DishCode("BR-00")
NOT_ON_THE_MENU = DishCode("XX-99")
NOT_YET_KNOWN: dict[str, Any] = {"type": "blessed", "value": {"by": ["the chef", None]}}
GARLIC = Ingredient(
    name="Knoblauch 🧄",
    weight=0.1,
    organic=True,
    origin="Łódź",
    supplier="Zażółć & Sons",
    keeps=timedelta(days=400, seconds=1, microseconds=1),
)
WATER = Ingredient(
    name="", weight=99999.99999999999, organic=False, supplier=None, keeps=timedelta(0)
)
BORSCHT = Dish(
    code=SOUP,
    name="Борщ",
    course=Course.HALF_MAIN,
    price=Decimal("9.50"),
    ingredients=[GARLIC, WATER],
    allergens=frozenset({Allergen.NUTS, Allergen.SULPHITES_E220}),
    heat=Heat.WELL_DONE,
    spiciness=1.0,
    serves=12,
    photo=bytes(range(256)),
    steps=["peel", "boil", ""],
    side=Dish(code=BREAD, name="x" * 60, price=Decimal(0), ingredients=[WATER]),
    remark={"deep": [None, True, -1.5, {"": "\u2028 \x7f </script>"}]},
)
SOUP_CARD = DishCard(code=SOUP, name="Борщ", price=Decimal("9.50"))
MENU = [
    DishCard(code=DishCode(f"SO-0{number}"), name="Суп", price=Decimal(number))
    for number in range(1, 6)
]


class Cook(Kitchen):
    """Answers with what it was given, or with what a dish's code asks for."""

    async def list_dishes(
        self,
        *,
        course: Course | None = None,
        without: frozenset[Allergen] = frozenset(),
        limit: int = 50,
    ) -> list[DishCard]:
        words = [course or "-", *sorted(without), str(limit)]
        return [DishCard(code=SOUP, name=" ".join(words), price=Decimal("1.00"))]

    def browse(self, day: date, *, cursor: str | None = None) -> DatedPage[DishCard]:
        start = int(cursor or 0)
        end = start + 2
        more = str(end) if end < len(MENU) else None
        return DatedPage(items=MENU[start:end], next=more, day=day)

    async def get_dish(self, code: DishCode) -> Dish:
        if code == NOT_ON_THE_MENU:
            raise DishUnknown(code=code)
        if code == "CL-00":
            raise KitchenClosed
        if code == "NE-00":
            return msgspec.structs.replace(BORSCHT, course=Course("flambé"))
        return BORSCHT

    def add_dish(self, draft: DishDraft) -> Dish:
        return Dish(code=SOUP, **shallow(draft))

    def change_dish(self, code: DishCode, patch: DishPatch) -> Dish:
        return msgspec.structs.replace(BORSCHT, code=code, **shallow(patch))

    def add_tasting(self, dish: CourseOfTasting) -> CourseOfTasting:
        return dish

    def order(
        self,
        table: int,
        lines: dict[DishCode, int],
        *,
        wanted_at: time | None = None,
        guest: str = "nobody",
    ) -> Ticket:
        if NOT_ON_THE_MENU in lines:
            raise DishUnknown(code=NOT_ON_THE_MENU)
        if lines.get(SOUP, 0) > 100:
            raise SoldOut(code=SOUP, left=7, back_at=time(18, 30), instead=[SOUP_CARD])
        return Ticket(
            id=TicketId(2**63 - 1),
            key=UUID(int=2**128 - 1),
            table=table,
            day=date(2024, 2, 29),
            wanted_at=wanted_at or time(23, 59, 59, 999999),
            placed_at=datetime(1, 1, 1, 12, tzinfo=timezone(timedelta(hours=9))),
            lines=lines,
            guest=guest,
        )

    def find_ticket(self, key: UUID) -> Ticket | None:
        if key.int == 0:
            return None
        return self.order(2**53 - 1, {BREAD: 2**32 - 1})

    def list_tickets(self, *, after: TicketId | None = None) -> TicketRoll:
        tickets = [self.order(1, {SOUP: 1})] if after is None else []
        last = tickets[-1].id if tickets else None
        return TicketRoll(tickets=tickets, tables=[1, 2], last=last)

    def tell(
        self, event: TicketEvent, *, earlier: list[TicketEvent] | None = None
    ) -> TicketEvent:
        if isinstance(event, TicketEventForgotten):
            return TicketEventUnknown("blessed", NOT_YET_KNOWN)
        return earlier[-1] if earlier else event

    async def watch_tickets(
        self, *, table: int | None = None
    ) -> AsyncIterator[TicketEvent]:
        yield TicketEventForgotten()
        yield TicketEventUnknown("blessed", NOT_YET_KNOWN)
        if table == 13:
            raise KitchenClosed

    async def weigh(
        self, portions: AsyncIterator[float], *, tare: float | None = None
    ) -> Weighed[str]:
        weight = sum([portion async for portion in portions])
        return Weighed(what="portions", weight=weight - (tare or 0))

    def talk(self, words: Iterator[str]) -> Iterator[str]:
        for word in words:
            yield word[::-1]

    def remark(self, about: TicketId, remark: Remark) -> Remark:
        return [about, remark]

    def seat(self, guest: Guest, *, door_code: str = "") -> Guest:
        if door_code != "1234":
            raise NotYours(role="waiter")
        return guest

    async def install(self, devices: dict[str, Device]) -> dict[str, Device]:
        return devices

    async def cook(self, steps: list[Instruction]) -> Instruction | None:
        return steps[0] if steps else None

    def keep(
        self, leftovers: Section[Leftover], *, head: MenuHead | None = None
    ) -> Section[Weighed[DishCode]]:
        title = leftovers.title if head is None else f"{head.day}, {head.next}"
        return Section(
            title=title,
            entries=[
                Weighed(what=left.what, weight=left.weight)
                for left in leftovers.entries
            ],
            parts=[self.keep(part) for part in leftovers.parts],
        )

    def restock(self, stock: Stock, change: SupplyPartial) -> SupplyPartial:
        if not stock:
            raise ShelfEmpty(shelf=ShelfNumber(7))
        return change

    def ring(self) -> None:
        """Nobody answers."""

    def phone(self, words: str) -> bool:
        if words == "fire":
            raise RuntimeError("the secret of the house")
        return words == ""


class Scrubber(WashingUp):
    """Gives everything back."""

    async def arrange(self, shelves: Shelves) -> Shelves:
        return shelves

    async def use(self, sink: Sink) -> Sink:
        if sink.plates < 0:
            raise SinkBlocked
        return sink

    async def change(self, ingredient: IngredientPartial) -> IngredientPartial:
        return ingredient


class Keeper(Pantry):
    """Has one thing on each shelf."""

    def __init__(self, *supplies: Supply) -> None:
        self.supplies = supplies

    async def look(self, *, cursor: str | None = None) -> Page[Supply]:
        start = int(cursor or 0)
        more = str(start + 1) if start + 1 < len(self.supplies) else None
        return Page(items=[*self.supplies[start : start + 1]], next=more)

    async def take(self, shelf: ShelfNumber, weight: float) -> Ingredient:
        for supply in self.supplies:
            if supply.shelf == shelf:
                return msgspec.structs.replace(supply.ingredient, weight=weight)
        raise ShelfEmpty(shelf=shelf)

    async def move(self, movement: Movement) -> Movement:
        return movement


def shallow(struct: msgspec.Struct) -> dict[str, Any]:
    """Return the attributes of a struct that were given."""
    values = {name: getattr(struct, name) for name in struct.__struct_fields__}
    return {name: value for name, value in values.items() if value is not UNSET}
