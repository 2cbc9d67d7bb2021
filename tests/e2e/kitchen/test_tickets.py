"""Tickets there and back: dates and ids at their bounds, results that are null, any JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from generated_examples.kitchen_sink.types import Ticket, TicketId
from idlgen.runtime import JsonValue
from tests.e2e.kitchen.staff import BREAD, SOUP


def test_a_ticket_has_bounds_and_moments(kitchen: Any) -> None:
    ticket = kitchen.order(2**53 - 1, {SOUP: 1, BREAD: 0})
    assert ticket == Ticket(
        id=TicketId(9223372036854775807),
        key=UUID("ffffffff-ffff-ffff-ffff-ffffffffffff"),
        table=9007199254740991,
        day=date(2024, 2, 29),
        wanted_at=time(23, 59, 59, 999999),
        placed_at=datetime(1, 1, 1, 3, tzinfo=UTC),
        lines={SOUP: 1, BREAD: 0},
        guest="nobody",
    )
    assert kitchen.order(1, {SOUP: 1}, wanted_at=time(0), guest="\0'").guest == "\0'"


def test_a_result_may_be_null(kitchen: Any) -> None:
    assert kitchen.find_ticket(UUID(int=0)) is None
    assert kitchen.find_ticket(UUID(int=1)).lines == {"BR-00": 4294967295}


@pytest.mark.parametrize("remark", [None, True, 0, -1.5, "", [], {}, {"a": [{"b": 1}]}])
def test_a_remark_is_any_json(kitchen: Any, remark: JsonValue) -> None:
    assert kitchen.remark(TicketId(1), remark) == [1, remark]


def test_a_method_may_take_and_return_nothing(kitchen: Any) -> None:
    assert kitchen.ring() is None
    assert kitchen.phone("") is True
    assert kitchen.phone("\ud7ff\ue000\U0010ffff") is False


def test_tickets_come_in_pages(kitchen: Any) -> None:
    first = kitchen.list_tickets()
    assert [ticket.id for ticket in first.tickets] == [9223372036854775807]
    assert first.last == 9223372036854775807
    second = kitchen.list_tickets(after=first.last)
    assert (second.tickets, second.tables, second.last) == ([], [1, 2], None)
