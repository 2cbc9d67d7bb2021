"""The kitchen served over HTTP, and its clients, each called without and with `await`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from generated_examples.kitchen_sink.client import (
    AsyncKitchenClient,
    AsyncWashingUpClient,
    KitchenClient,
    WashingUpClient,
)
from generated_examples.kitchen_sink.house.types import Currency, Money
from generated_examples.kitchen_sink.stores.pantry.client import (
    AsyncPantryClient,
    PantryClient,
)
from generated_examples.kitchen_sink.stores.pantry.types import Supply
from generated_examples.kitchen_sink.types import ShelfNumber
from idlgen.runtime import AsyncResultStream, AsyncServiceClient, asgi_app
from idlgen.runtime.auth import Assumed
from tests.e2e.kitchen.staff import (
    BREAD,
    GARLIC,
    SOUP,
    WATER,
    Cook,
    Keeper,
    Scrubber,
)
from tests.runtime.contract.serving import serving as under_uvicorn

PATIENCE = 60
"""Seconds of a call, for which the schema may leave less than a busy machine takes."""


class Clients(NamedTuple):
    """A client of each service, called alike whether it is sync or async."""

    kitchen: Any
    scullery: Any
    pantry: Any


class Waiting:
    """An async client whose calls are waited for."""

    def __init__(self, client: AsyncServiceClient, runner: asyncio.Runner) -> None:
        self._client = client
        self._runner = runner

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*args: Any, **keywords: Any) -> Any:
            called = method(*args, **keywords)
            if isinstance(called, AsyncResultStream):
                return self._items(called)
            return self._runner.run(called)

        return call

    @contextmanager
    def _items(self, stream: AsyncResultStream[Any]) -> Iterator[Iterator[Any]]:
        """Give the items of the stream without `await`."""
        items = self._runner.run(stream.__aenter__())
        try:
            yield self._each(items)
        finally:
            self._runner.run(stream.__aexit__(None, None, None))

    def _each(self, items: AsyncIterator[Any]) -> Iterator[Any]:
        async def following() -> list[Any]:
            return [await anext(items, None)]

        while (found := self._runner.run(following())) != [None]:
            yield found[0]


@contextmanager
def serving(*implementations: object) -> Iterator[str]:
    """Serve them under uvicorn in a thread; the URL."""
    app = asgi_app(*implementations, authenticate=Assumed())
    with under_uvicorn(app) as port:
        yield f"http://127.0.0.1:{port}/rpc"


@pytest.fixture(scope="session")
def supplies() -> list[Supply]:
    """What is on the shelves of the pantry that is served."""
    return [
        Supply(
            ingredient=GARLIC,
            shelf=ShelfNumber(999),
            cost=Money(amount=Decimal("1.10"), currency=Currency.CHF),
            for_=frozenset({SOUP, BREAD}),
            best_before=date(2024, 2, 29),
            opened_by="the apprentice",
        ),
        Supply(
            ingredient=WATER,
            shelf=ShelfNumber(0),
            cost=Money(amount=Decimal(0)),
            opened_by=None,
        ),
    ]


@pytest.fixture(scope="session")
def url(supplies: list[Supply]) -> Iterator[str]:
    """Where all services of the restaurant answer."""
    with serving(Cook(), Scrubber(), Keeper(*supplies)) as url:
        yield url


@pytest.fixture(scope="session", params=["sync", "async"])
def clients(url: str, request: pytest.FixtureRequest) -> Iterator[Clients]:
    """The generated clients, in both kinds."""
    with ExitStack() as open_:
        if request.param == "sync":
            yield Clients(
                open_.enter_context(KitchenClient(url, timeout=PATIENCE)),
                open_.enter_context(WashingUpClient(url, timeout=PATIENCE)),
                open_.enter_context(PantryClient(url, timeout=PATIENCE)),
            )
            return
        runner = open_.enter_context(asyncio.Runner())
        made = (
            AsyncKitchenClient(url, timeout=PATIENCE),
            AsyncWashingUpClient(url, timeout=PATIENCE),
            AsyncPantryClient(url, timeout=PATIENCE),
        )
        yield Clients(*(Waiting(client, runner) for client in made))
        for client in made:
            runner.run(client.aclose())


@pytest.fixture
def kitchen(clients: Clients) -> Any:
    """A client of the service that cooks."""
    return clients.kitchen


@pytest.fixture
def scullery(clients: Clients) -> Any:
    """A client of the service that washes up."""
    return clients.scullery


@pytest.fixture
def pantry(clients: Clients) -> Any:
    """A client of the service of another package."""
    return clients.pantry
