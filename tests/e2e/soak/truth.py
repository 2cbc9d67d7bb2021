"""What is the right answer: functions of the request, and of who makes it."""

from __future__ import annotations

from tests.runtime.contract.mill.types import Flour, Grain

LARGE = 100_000
"""Characters of the text of one grain in a hundred."""
NOBODY = "x"
"""A token that is nobody's."""
_PREFIX = "t-"


def token(name: str) -> str:
    return _PREFIX + name.replace(" ", "_")


def named(shown: str) -> str | None:
    """Return whose token it is, None where it is nobody's."""
    if not shown.startswith(_PREFIX):
        return None
    return shown.removeprefix(_PREFIX).replace("_", " ")


def is_missing(id: int) -> bool:
    return id % 7 == 3


def grain(id: int, caller: str) -> Grain:
    times = LARGE // 10 if id % 101 == 0 else id % 30
    return Grain(id=id, text=f"{id} 곡식 " * times, caller=caller)


def sifted(given: Grain, caller: str) -> Grain:
    return Grain(id=-given.id, text=given.text[::-1], caller=caller)


def ground(flour: Flour, given: Grain) -> Flour:
    """Return what there is after one more; the order of grains counts."""
    total = (flour.total * 31 + given.id + len(given.text)) % 1_000_003
    return Flour(count=flour.count + 1, total=total, caller=flour.caller)


def reply(word: str) -> str:
    return f"{word[::-1]}!"
