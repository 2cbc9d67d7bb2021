"""Who may do what in the kitchen: by its schema's `auth` and `scopes`, end to end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from generated_examples.kitchen_sink.client import AsyncKitchenClient, KitchenClient
from generated_examples.kitchen_sink.testing import FakeKitchen
from idlgen.runtime import (
    PermissionDenied,
    Principal,
    Unauthenticated,
    asgi_app,
    known_tokens,
)
from tests.e2e.kitchen.staff import SOUP
from tests.runtime.contract.serving import serving

TOKENS = {
    "cook": Principal("Remy", frozenset({"kitchen:cook"})),
    "waiter": Principal("Alfredo", frozenset({"tickets:write"})),
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    app = asgi_app(FakeKitchen(), authenticate=known_tokens(TOKENS))
    with serving(app) as port:
        yield f"127.0.0.1:{port}/rpc"


@pytest.mark.parametrize("wire", ["http", "ws"])
def test_sync_clients_show_a_token_and_an_api_key(address: str, wire: str) -> None:
    with KitchenClient(f"{wire}://{address}") as anybody:
        assert anybody.list_dishes()
        with pytest.raises(Unauthenticated, match="needs the bearer token"):
            anybody.get_dish(SOUP)
        cook = anybody.with_options(token="cook")
        assert cook.get_dish(SOUP).code == SOUP
        with cook.watch_tickets() as events:
            assert next(events) is not None
        with pytest.raises(Unauthenticated, match="needs the API key"):
            cook.order(1, {SOUP: 1})
        with pytest.raises(PermissionDenied, match="`tickets:write`"):
            cook.with_options(api_key="cook").order(1, {SOUP: 1})
        waiter = anybody.with_options(token="waiter", api_key="waiter")
        assert waiter.order(1, {SOUP: 1}) is not None
        with pytest.raises(PermissionDenied, match="`kitchen:cook`"):
            waiter.get_dish(SOUP)


@pytest.mark.parametrize("wire", ["http", "ws"])
def test_async_clients_likewise(address: str, wire: str) -> None:
    async def token() -> str:
        return "cook"

    async def run() -> None:
        async with AsyncKitchenClient(f"{wire}://{address}", token=token) as cook:
            assert (await cook.get_dish(SOUP)).code == SOUP
            with pytest.raises(PermissionDenied, match="`tickets:write`"):
                await cook.with_options(api_key="cook").order(1, {SOUP: 1})
            async with cook.batch() as b:
                dish, menu = b.add(cook.get_dish, SOUP), b.add(cook.list_dishes)
                order = b.add(cook.order, 1, {SOUP: 1})
            assert dish.result().code == SOUP
            assert menu.result()
            with pytest.raises(Unauthenticated):
                order.result()

    asyncio.run(run())
