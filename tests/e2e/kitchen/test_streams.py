"""Streams of each kind: of a union, of an alias with limits, both ways."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from generated_examples.kitchen_sink.client import AsyncKitchenClient, KitchenClient
from generated_examples.kitchen_sink.errors import KitchenClosed
from generated_examples.kitchen_sink.testing import in_process
from generated_examples.kitchen_sink.types import (
    TicketEventForgotten,
    TicketEventUnknown,
    Weighed,
)
from idlgen.runtime import InvalidArgument
from tests.e2e.kitchen.staff import NOT_YET_KNOWN, Cook

EVENTS = [TicketEventForgotten(), TicketEventUnknown("blessed", NOT_YET_KNOWN)]


def test_events_of_an_open_union_come_as_they_are_known(kitchen: Any) -> None:
    with kitchen.watch_tickets() as events:
        assert list(events) == EVENTS


def test_a_declared_error_ends_a_stream(kitchen: Any) -> None:
    with kitchen.watch_tickets(table=13) as events:
        assert [next(events), next(events)] == EVENTS
        with pytest.raises(KitchenClosed):
            next(events)


def test_portions_are_streamed_to_the_kitchen() -> None:
    with in_process(KitchenClient, Cook()) as kitchen:
        assert kitchen.weigh([1.5, 2.0], tare=0.5) == Weighed(
            what="portions", weight=3.0
        )
        with pytest.raises(InvalidArgument) as caught:
            kitchen.weigh([1.0, float("nan")])
        with pytest.raises(InvalidArgument, match="> 0"):
            kitchen.weigh([1.0, 0.0])
    assert caught.value.problems == (("$", "JSON has no number for nan"),)


def test_talking_goes_both_ways() -> None:
    async def talk() -> list[str]:
        async with (
            in_process(AsyncKitchenClient, Cook()) as kitchen,
            kitchen.talk(["was", "now"]) as words,
        ):
            return [word async for word in words]

    assert asyncio.run(talk()) == ["saw", "won"]
    with in_process(KitchenClient, Cook()) as kitchen, kitchen.talk(["ab"]) as words:
        assert list(words) == ["ba"]
