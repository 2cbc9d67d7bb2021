"""Dishes there and back: structs of every scalar, patches, inherited fields, open enums."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from generated_examples.kitchen_sink.types import (
    Allergen,
    Course,
    CourseOfTasting,
    DishCard,
    DishCode,
    DishDraft,
    DishPatch,
    IngredientPartial,
)
from tests.e2e.kitchen.staff import BORSCHT, SOUP, WATER, shallow


def test_a_dish_with_everything_returns_as_it_was_sent(kitchen: Any) -> None:
    draft = DishDraft(**{k: v for k, v in shallow(BORSCHT).items() if k != "code"})
    assert kitchen.add_dish(draft) == BORSCHT


def test_what_a_dish_leaves_out_has_its_default(kitchen: Any) -> None:
    draft = DishDraft(name="x", price=Decimal("0.01"), ingredients=[WATER])
    dish = kitchen.add_dish(draft)
    assert (dish.course, dish.allergens, dish.heat) == (Course.MAIN, frozenset(), None)
    assert (dish.spiciness, dish.serves, dish.photo) == (0.0, 1, None)
    assert (dish.remark, dish.side) == (None, None)


def test_inherited_and_own_fields_travel_together(kitchen: Any) -> None:
    given = CourseOfTasting(**shallow(BORSCHT), position=2**32 - 1, wine=None)
    assert kitchen.add_tasting(given) == given


def test_params_take_their_defaults_on_the_server(kitchen: Any) -> None:
    (card,) = kitchen.list_dishes()
    assert card == DishCard(code=SOUP, name="- 50", price=Decimal("1.00"))
    (card,) = kitchen.list_dishes(
        course=Course.SAVOURY,
        without=frozenset({Allergen.GLUTEN, Allergen.NUTS}),
        limit=500,
    )
    assert card.name == "savoury gluten nuts 500"


def test_a_patch_changes_what_it_holds(kitchen: Any) -> None:
    patch = DishPatch(name="Суп", heat=None, side=None, allergens=frozenset())
    changed = kitchen.change_dish(SOUP, patch)
    assert changed == msgspec.structs.replace(
        BORSCHT, name="Суп", heat=None, side=None, allergens=frozenset()
    )
    assert kitchen.change_dish(SOUP, DishPatch()) == BORSCHT


@pytest.mark.parametrize(
    "patch",
    [
        IngredientPartial(),
        IngredientPartial(origin=None, supplier=None),
        IngredientPartial(name="", weight=5e-324, organic=False),
        IngredientPartial(origin="Ω", supplier="ß", keeps=timedelta(milliseconds=1)),
    ],
)
def test_three_states_survive(scullery: Any, patch: IngredientPartial) -> None:
    answer = scullery.change(patch)
    assert answer == patch
    assert shallow(answer) == shallow(patch)


def test_a_value_that_the_client_does_not_know_is_kept(kitchen: Any) -> None:
    dish = kitchen.get_dish(DishCode("NE-00"))
    assert dish.course == "flambé"
    assert not dish.course.is_recognized
    assert dish.course == Course.UNRECOGNIZED
