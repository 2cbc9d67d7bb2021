"""JSON whose meaning is left open: members that repeat, numbers that no double holds."""

from __future__ import annotations

import json
import re
from math import isinf

import msgspec
from msgspec import Struct


class Fault(ValueError):
    """JSON that no two readers need agree on; its text says why."""


TWICE = "Member is written twice"
TOO_LARGE = "Number out of range"

BACKSLASH = ord("\\")
SAFE_DIGITS = 308
"""An integer of so many digits is below the largest double, about 1.8e308."""


def _single_members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Fault(TWICE)
    return members


def _integer(text: str) -> bool:
    return len(text) <= SAFE_DIGITS or _number(text)


def _number(text: str) -> bool:
    if is_out_of_range(text):
        raise Fault(TOO_LARGE)
    return True


def is_out_of_range(number: str | bytes) -> bool:
    """Return whether a number of JSON is one that no double holds (RFC 8259, 6)."""
    return isinf(float(number))


# What a number is does not matter here, and one of 5,000 digits is an error to `int`.
_SCANNER = json.JSONDecoder(
    object_pairs_hook=_single_members, parse_int=_integer, parse_float=_number
)
# A hundred nanoseconds less for each number, of which 4 MiB hold two million.
_OF_SMALL_NUMBERS = json.JSONDecoder(
    object_pairs_hook=_single_members, parse_int=bool, parse_float=bool
)
_LAST_WINS = json.JSONDecoder(parse_int=bool, parse_float=bool)


class Scan(Struct, frozen=True, gc=False):
    """A JSON value, perhaps with bools for numbers, and a fault that stands in it.

    `colons` are those of its text, inside of texts too.
    """

    tree: object
    fault: str | None
    colons: int


_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_LARGE_NUMBER = re.compile(rf"[0-9]{{{SAFE_DIGITS - 99}}}|[eE]\+?[0-9]{{3}}")
"""Stands in each text with a number that no double holds: 209 digits, or from 1e100 on."""
_LONG_INTEGER = re.compile(rb"[0-9]{%d}" % (SAFE_DIGITS + 1))


def read_shape(source: bytes) -> Scan:
    """Return what `scan` does of the text of `source`, which must be JSON of RFC 8259.

    Raises:
        msgspec.DecodeError, ValueError, RecursionError: it is none, or nested too deeply.
    """
    colons = source.count(b":")
    try:
        tree = _decode(source)
        # As many colons as members: it is flat, and whole.
        is_flat = isinstance(tree, dict) and len(tree) == colons
        if (is_flat and len(source) <= SAFE_DIGITS) or _is_whole(tree, source, colons):
            return Scan(tree, None, colons)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        pass
    text = source.decode()
    msgspec.json.decode(source, type=msgspec.Raw)
    return scan(text)


def _is_whole(tree: object, source: bytes, colons: int) -> bool:
    r"""Return whether no member of `source` can have been lost, and no number rounded.

    Each member has one colon outside of texts. Where there are as many as the value has
    members, nothing is lost. Else, whatever is lost with a repeated member, the rest has
    fewer colons when it is written again, unless one was hidden as `\u003a`.
    """
    if len(source) > SAFE_DIGITS and _LONG_INTEGER.search(source) is not None:
        return False
    if isinstance(tree, dict) and len(tree) == colons:
        return True
    return BACKSLASH not in source and _encode(tree).count(b":") == colons


def scan(text: str) -> Scan:
    """Read JSON only to see its shape.

    Raises:
        ValueError: it is no JSON; what Python takes beyond JSON is not found.
        RecursionError: it is nested too deeply.
    """
    scanner = _SCANNER if _LARGE_NUMBER.search(text) else _OF_SMALL_NUMBERS
    try:
        return Scan(scanner.decode(text), None, text.count(":"))
    except Fault as fault:
        return Scan(_LAST_WINS.decode(text), str(fault), text.count(":"))


def end_of_value(text: str, start: int) -> int:
    """Return where the value that begins at `start` ends.

    Raises:
        ValueError, RecursionError: as `scan`.
    """
    return _LAST_WINS.raw_decode(text, start)[1]


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
