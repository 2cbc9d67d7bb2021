"""Errors of the kitchen: declared, inherited from a service, renamed, and undeclared."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from generated_examples.kitchen_sink.errors import (
    DishUnknown,
    KitchenClosed,
    SinkBlocked,
    SoldOut,
)
from generated_examples.kitchen_sink.types import DishCard, DishCode, Sink
from idlgen.runtime import Internal
from tests.e2e.kitchen.staff import NOT_ON_THE_MENU, SOUP


def test_a_declared_error_has_its_class_its_text_and_its_fields(kitchen: Any) -> None:
    with pytest.raises(DishUnknown, match=r"^there is no dish XX-99$") as caught:
        kitchen.get_dish(NOT_ON_THE_MENU)
    assert caught.value.code == "XX-99"
    assert caught.value.status == "not_found"
    with pytest.raises(DishUnknown):
        kitchen.order(1, {NOT_ON_THE_MENU: 1})


def test_an_error_carries_structs_times_and_other_names(kitchen: Any) -> None:
    with pytest.raises(SoldOut) as caught:
        kitchen.order(1, {SOUP: 101})
    error = caught.value
    assert str(error) == "SO-01 is sold out, 7 left {for today}"
    assert (error.code, error.left, error.back_at) == (SOUP, 7, time(18, 30))
    assert error.instead == [DishCard(code=SOUP, name="Борщ", price=Decimal("9.50"))]
    assert error.details["x-code"] == "SO-01"


def test_an_error_of_the_service_is_every_methods(kitchen: Any) -> None:
    with pytest.raises(KitchenClosed, match=r"^kitchen closed$") as caught:
        kitchen.get_dish(DishCode("CL-00"))
    assert caught.value.retryable


def test_an_error_may_have_another_name_in_python(scullery: Any) -> None:
    sink = Sink(litres=0, plates=-1, drift=0, taps=frozenset(), cleaned=frozenset())
    with pytest.raises(SinkBlocked, match=r"^The sink is blocked\.$") as caught:
        scullery.use(sink)
    assert caught.value.error_name == "kitchen_sink.Blocked"


def test_what_is_not_declared_is_not_told(kitchen: Any) -> None:
    with pytest.raises(Internal) as caught:
        kitchen.phone("fire")
    assert "secret" not in str(caught.value)
