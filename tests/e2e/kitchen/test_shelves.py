"""Shelves and the sink: maps with keys of every kind, sets, integers of 64 bits."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec import UNSET

from generated_examples.kitchen_sink.types import Course, ShelfNumber, Shelves, Sink
from tests.e2e.kitchen.staff import BREAD, SOUP


@pytest.mark.parametrize(
    "shelves",
    [
        Shelves(crates={}, labels={}, positions={}, sensors={}, menu={}),
        Shelves(
            crates={"": "", "ключ": "🗝", "1": "a"},
            labels={ShelfNumber(0): None, ShelfNumber(999): ""},
            positions={-(2**53) + 1: [], 2**53 - 1: ["left", ""]},
            sensors={UUID(int=0): -0.0, UUID(int=7): 1.7976931348623157e308},
            menu={
                Course.HALF_MAIN: frozenset({SOUP, BREAD}),
                Course.MAIN: frozenset(),
            },
        ),
    ],
    ids=["empty", "full"],
)
def test_shelves_hold_keys_of_every_kind(scullery: Any, shelves: Shelves) -> None:
    assert scullery.arrange(shelves) == shelves


@pytest.mark.parametrize("note", [UNSET, None, "", "grease"])
def test_the_sink_counts_to_64_bits(scullery: Any, note: Any) -> None:
    sink = Sink(
        litres=2**64 - 1,
        plates=2**63 - 1,
        drift=-(2**31) + 3,
        taps=frozenset({True, False}),
        cleaned=frozenset({date(1, 1, 1), date(9999, 12, 31)}),
        note=note,
    )
    answer = scullery.use(sink)
    assert answer == sink
    assert answer.note is note or answer.note == note
