"""Types and errors of other packages there and back; two of the packages form a cycle."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET

import generated_examples
from generated_examples.kitchen_sink.house.errors import NotYours
from generated_examples.kitchen_sink.house.types import Page, Swap
from generated_examples.kitchen_sink.stores.pantry.errors import ShelfEmpty
from generated_examples.kitchen_sink.stores.pantry.types import (
    Movement,
    MovementCooked,
    MovementDelivered,
    MovementMoved,
    Supply,
)
from generated_examples.kitchen_sink.types import (
    Guest,
    ShelfNumber,
    SupplyPartial,
    Weighed,
)
from idlgen.runtime import Client
from tests.e2e.kitchen.staff import BORSCHT, GARLIC, shallow


def test_pages_of_one_package_hold_structs_of_another(
    pantry: Any, supplies: list[Supply]
) -> None:
    first = pantry.look()
    assert first == Page(items=supplies[:1], next="1")
    assert pantry.look(cursor=first.next) == Page(items=supplies[1:])


def test_a_union_carries_structs_of_other_packages(
    pantry: Any, supplies: list[Supply]
) -> None:
    swap = Swap(gone=ShelfNumber(1), instead=ShelfNumber(2))
    movements: list[Movement] = [
        MovementDelivered(value=supplies[0]),
        MovementMoved(value=swap),
        MovementCooked(value=BORSCHT),
    ]
    for movement in movements:
        assert pantry.move(movement) == movement


def test_newtypes_of_another_package_are_checked(pantry: Any) -> None:
    taken = pantry.take(ShelfNumber(999), 0.25)
    assert (taken.name, taken.weight) == (GARLIC.name, 0.25)


@pytest.mark.parametrize(
    "change",
    [
        SupplyPartial(),
        SupplyPartial(best_before=None, opened_by=None),
        SupplyPartial(
            ingredient=GARLIC, for_=frozenset(), best_before=date(2024, 2, 29)
        ),
    ],
)
def test_a_patch_of_an_imported_struct_has_three_states(
    kitchen: Any, supplies: list[Supply], change: SupplyPartial
) -> None:
    stock = {ShelfNumber(3): Weighed(what=supplies[0], weight=2.5)}
    answer = kitchen.restock(stock, change)
    assert answer == change
    assert shallow(answer) == shallow(change)
    assert SupplyPartial().shelf is UNSET


def test_errors_of_another_package_are_their_classes(kitchen: Any, pantry: Any) -> None:
    with pytest.raises(ShelfEmpty, match=r"^nothing is left on shelf 7$") as caught:
        kitchen.restock({}, SupplyPartial())
    assert caught.value.shelf == 7
    assert caught.value.error_name == "kitchen_sink.stores.pantry.ShelfEmpty"
    with pytest.raises(ShelfEmpty):
        pantry.take(ShelfNumber(5), 1.0)
    with pytest.raises(NotYours, match=r"^only waiter may do this$"):
        kitchen.seat(Guest(name="Bo"))


def test_each_package_has_its_own_name_on_the_wire(url: str) -> None:
    with Client(url) as client:
        page = client.call("kitchen_sink.stores.pantry.Pantry.look", cursor="1")
    assert page == {
        "items": [
            {
                "ingredient": {
                    "name": "",
                    "weight": 99999.99999999999,
                    "organic": False,
                    "supplier": None,
                    "keeps": "P0D",
                },
                "shelf": 0,
                "cost": {"amount": "0", "currency": "EUR"},
                "for": [],
                "opened_by": None,
            }
        ]
    }


GENERATED = Path(generated_examples.__path__[0])
MODULES = [
    f"generated_examples.kitchen_sink{package}.{module}"
    for package in ("", ".house", ".stores.pantry")
    for module in ("types", "errors")
]


@pytest.mark.parametrize("module", MODULES)
def test_any_module_of_the_cycle_may_be_imported_first(module: str) -> None:
    others = "; ".join(f"import {other}" for other in MODULES)
    run = subprocess.run(
        [sys.executable, "-c", f"import {module}; {others}"],
        cwd=GENERATED.parent,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")
