"""Iterators over pages of the example schemas, over HTTP, sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest

from examples.user_service import UsersInMemory
from generated_examples.kitchen_sink.house.types import Money
from generated_examples.kitchen_sink.stores.pantry.types import Supply
from generated_examples.kitchen_sink.types import ShelfNumber
from generated_examples.user.types import Page, User, UserData, UserEventCreated
from idlgen.runtime import Internal, asgi_app
from idlgen.runtime.auth import Assumed
from tests.e2e.kitchen.staff import GARLIC, MENU, Cook, Keeper
from tests.runtime.contract.serving import serving


class Repeating(UsersInMemory):
    """Has lost count of its pages."""

    async def list_users(
        self, *, cursor: str | None = None, limit: int = 50
    ) -> Page[User]:
        page = await super().list_users(limit=limit)
        return Page(items=page.items, next="again")


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    """Where each service answers."""
    users = UsersInMemory()
    for number in range(2, 8):
        data = UserData(name=f"user {number}", email=f"{number}@example.com")
        asyncio.run(users.create_user(data))
    supplies = [
        Supply(
            ingredient=GARLIC,
            shelf=ShelfNumber(number),
            cost=Money(amount=Decimal(number)),
            opened_by=None,
        )
        for number in range(3)
    ]
    services: dict[str, list[object]] = {
        "user": [users],
        "repeating": [Repeating()],
        "kitchen": [Cook(), Keeper(*supplies)],
    }
    with ExitStack() as open_:
        ports = {
            name: open_.enter_context(
                serving(asgi_app(*served, authenticate=Assumed()))
            )
            for name, served in services.items()
        }
        yield {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}


Ask = Callable[[Any], Any]


class Listing:
    """Reads what an iterator of a client gives, `sync` or `async`."""

    def __init__(self, kind: str) -> None:
        self._prefix = "Async" if kind == "async" else ""

    def of(self, url: str, package: str, service: str, ask: Ask) -> list[Any]:
        """Return all that the iterator gives which `ask` asks a client for."""
        module = import_module(f"generated_examples.{package}.client")
        client = getattr(module, f"{self._prefix}{service}Client")
        if not self._prefix:
            with client(url) as made:
                return list(ask(made))

        async def listed() -> list[Any]:
            async with client(url) as made:
                return [item async for item in ask(made)]

        return asyncio.run(listed())


@pytest.fixture(params=["sync", "async"])
def listing(request: pytest.FixtureRequest) -> Listing:
    """Reads iterators of each kind of client."""
    return Listing(request.param)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_all_users_come_in_their_order(
    listing: Listing, urls: dict[str, str], limit: int
) -> None:
    users = listing.of(
        urls["user"], "user", "UserService", lambda c: c.iter_list_users(limit=limit)
    )
    assert [user.id for user in users] == [1, 2, 3, 4, 5, 6, 7]
    assert users[0].name == "홍길동"


def test_users_come_in_pages(listing: Listing, urls: dict[str, str]) -> None:
    pages = listing.of(
        urls["user"],
        "user",
        "UserService",
        lambda client: client.iter_list_users(cursor="1", limit=4).pages(),
    )
    assert [[user.id for user in page.items] for page in pages] == [
        [2, 3, 4, 5],
        [6, 7],
    ]
    assert [page.next for page in pages] == ["5", None]


def test_events_of_an_open_union_come_in_their_order(
    listing: Listing, urls: dict[str, str]
) -> None:
    events = listing.of(
        urls["user"], "user", "UserService", lambda c: c.iter_list_events(limit=3)
    )
    assert [type(event) for event in events] == [UserEventCreated] * 7
    assert [event.value.id for event in events] == [1, 2, 3, 4, 5, 6, 7]


def test_a_server_that_loses_count_is_stopped(
    listing: Listing, urls: dict[str, str]
) -> None:
    with pytest.raises(Internal, match="the cursor of an earlier page again"):
        listing.of(
            urls["repeating"], "user", "UserService", lambda c: c.iter_list_users()
        )


def test_a_menu_comes_with_its_other_params(
    listing: Listing, urls: dict[str, str]
) -> None:
    day = date(2026, 3, 2)
    dishes = listing.of(
        urls["kitchen"], "kitchen_sink", "Kitchen", lambda c: c.iter_browse(day)
    )
    assert dishes == MENU
    pages = listing.of(
        urls["kitchen"], "kitchen_sink", "Kitchen", lambda c: c.iter_browse(day).pages()
    )
    assert [page.day for page in pages] == [day] * 3


def test_tickets_are_asked_for_by_a_cursor_of_their_own(
    listing: Listing, urls: dict[str, str]
) -> None:
    url = urls["kitchen"]
    rolls = listing.of(
        url, "kitchen_sink", "Kitchen", lambda c: c.iter_list_tickets().pages()
    )
    assert [roll.last for roll in rolls] == [9223372036854775807, None]
    assert [roll.tables for roll in rolls] == [[1, 2], [1, 2]]
    (ticket,) = listing.of(
        url, "kitchen_sink", "Kitchen", lambda c: c.iter_list_tickets()
    )
    assert ticket.id == 9223372036854775807


def test_a_page_may_be_of_another_package(
    listing: Listing, urls: dict[str, str]
) -> None:
    supplies = listing.of(
        urls["kitchen"], "kitchen_sink.stores.pantry", "Pantry", lambda c: c.iter_look()
    )
    assert [supply.shelf for supply in supplies] == [0, 1, 2]
