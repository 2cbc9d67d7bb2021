"""What is sensitive is shown nowhere, and a strict struct takes no unknown members."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from generated_examples.kitchen_sink.stores.pantry.types import Supply
from generated_examples.kitchen_sink.types import Allergen, Guest, SupplyPartial
from idlgen.runtime import Client, InvalidArgument

SECRET = "0049 30 123456"


def test_a_secret_travels(kitchen: Any) -> None:
    guest = Guest(name="Bo", phone=SECRET, allergies=frozenset({Allergen.NUTS}))
    assert kitchen.seat(guest, door_code="1234") == guest
    assert guest.phone == SECRET


def test_a_secret_is_not_shown(supplies: list[Supply]) -> None:
    guest = Guest(name="Bo", phone=SECRET)
    assert repr(guest) == "Guest(name='Bo', phone=***, allergies=frozenset())"
    assert "apprentice" not in repr(supplies)
    assert "apprentice" not in repr(SupplyPartial(opened_by="the apprentice"))


def test_problems_do_not_quote_secrets(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    guest = {"name": "Bo", "phone": [SECRET]}
    with Client(url) as client, pytest.raises(InvalidArgument) as caught:
        client.call("Kitchen.seat", guest=guest, door_code={SECRET: 1})
    told = {problem.path: problem.message for problem in caught.value.problems}
    assert told.keys() == {"$.guest.phone", "$.door_code"}
    assert SECRET not in repr(caught.value) + str(told) + caplog.text


def test_a_strict_struct_refuses_members_that_it_does_not_know(url: str) -> None:
    guest = {"name": "Bo", "fone": "1", "alergies": []}
    with Client(url) as client, pytest.raises(InvalidArgument) as caught:
        client.call("Kitchen.seat", guest=guest, door_code="1234")
    told = {problem.path: problem.message for problem in caught.value.problems}
    assert told.keys() == {"$.guest.fone", "$.guest.alergies"}
    assert "did you mean `allergies`?" in told["$.guest.alergies"]


def test_other_structs_pass_over_what_they_do_not_know(url: str) -> None:
    event = {"type": "paid", "value": {"amount": "1", "tip": "2"}, "by": "card"}
    with Client(url) as client:
        answer = client.call("Kitchen.tell", event=event)
    assert answer == {"type": "paid", "value": {"amount": "1", "currency": "EUR"}}
