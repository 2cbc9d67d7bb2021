"""Objects whose members repeat: JSON leaves open what they mean, so they are refused."""

from __future__ import annotations

import json

from msgspec import Struct


class DuplicateMember(ValueError):
    """An object has a member twice; its text is the member's name."""


def _single_members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise DuplicateMember(name)
            seen.add(name)
    return members


# Numbers are not looked at, and one of 5,000 digits is an error to `int`.
_SCANNER = json.JSONDecoder(
    object_pairs_hook=_single_members, parse_int=bool, parse_float=bool
)
_LAST_WINS = json.JSONDecoder(parse_int=bool, parse_float=bool)


class Scan(Struct, frozen=True):
    """A JSON value with bools for numbers, and the name of a member that repeats."""

    tree: object
    duplicate: str | None = None


def scan(text: str) -> Scan:
    """Read JSON only to see its shape.

    Raises:
        ValueError: it is no JSON; what Python takes beyond JSON is not found.
        RecursionError: it is nested too deeply.
    """
    try:
        return Scan(_SCANNER.decode(text))
    except DuplicateMember as error:
        return Scan(_LAST_WINS.decode(text), str(error))


class Members(list[tuple[str, object]]):
    """An object's members as they were written, repeated ones too."""


class Number(str):
    """A number's text."""

    __slots__ = ()


def read_tree(text: str) -> object:
    """Return the JSON value with `Members` for objects and `Number` for numbers.

    Raises:
        ValueError, RecursionError: as `scan`.
    """
    return json.loads(
        text,
        object_pairs_hook=Members,
        parse_int=Number,
        parse_float=Number,
        parse_constant=Number,
    )
