"""JSON that is nearly right: one node of a value replaced, cut or doubled."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.property.scalar_values import RANGES

# On both sides of where the integers end.
_EDGES = sorted(
    {edge + step for ends in RANGES.values() for edge in ends for step in (-1, 0, 1)}
)
_TEXT_PIECES = "0159 -+.:TtZzPWDHMSYEe=\n_aé{}\u0661"
_KEYS = ("x", "1", "01", "-0", "+1", "A", "", "type", "value")
_OTHERS: tuple[Any, ...] = (
    *(None, True, False, "", "a", "0", "1", "1.0", "1e5", [], {}, [1], [[]], {"a": 1}),
    *(0, 1, -1, 2**31, 2**53, 2**63, 2**64, 1.0, 0.1, 1e300, float("inf")),
    *("2020-01-01", "2020-01-01T00:00:00Z", "24:00:00", "PT1S", "P1Y", "AA==", "AB=="),
    "00000000-0000-0000-0000-000000000000",
)


def mutated(value: Any, random: Random) -> Any:
    """Return a copy of a JSON value with a change somewhere in it."""
    if isinstance(value, list) and value and random.random() < 0.8:
        return _list(list(value), random)
    if isinstance(value, dict) and value and random.random() < 0.8:
        return _object(dict(value), random)
    if isinstance(value, str) and value and random.random() < 0.6:
        return _text(value, random)
    if isinstance(value, int | float) and random.random() < 0.6:
        return random.choice(
            (value + 1, value - 1, -value, float(value), str(value), *_EDGES)
        )
    return random.choice(_OTHERS)


def _list(items: list[Any], random: Random) -> list[Any]:
    at = random.randrange(len(items))
    match random.randrange(10):
        case 0:
            items.append(items[at])
        case 1:
            del items[at]
        case _:
            items[at] = mutated(items[at], random)
    return items


def _object(members: dict[str, Any], random: Random) -> dict[str, Any]:
    key = random.choice(list(members))
    match random.randrange(10):
        case 0:
            del members[key]
        case 1:
            members[random.choice((*_KEYS, key.upper(), f"{key}x"))] = members[key]
        case _:
            members[key] = mutated(members[key], random)
    return members


def _text(text: str, random: Random) -> str:
    at, piece = random.randrange(len(text)), random.choice(_TEXT_PIECES)
    return random.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + piece + text[at:],
            text[:at] + piece + text[at + 1 :],
            text + piece,
        )
    )
