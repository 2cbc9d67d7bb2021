"""On what idlgen and python-jsonschema rightly disagree, and why."""

from __future__ import annotations

import re
from typing import NamedTuple

_REPEATS = r"^(Repeats `\$|Expected no repeats$|Key is written twice$)"


class Difference(NamedTuple):
    """A value on which the two disagree, and the reason.

    It is always idlgen that refuses, with a problem that `refusal` matches: of sensitive
    members it says no more than what was expected.
    """

    reason: str
    type: str
    written: str
    refusal: str


DIFFERENCES = [
    Difference(
        "To JSON Schema 1.0 is an integer; a schema's integers are written as such.",
        "int",
        "1.0",
        r"^Expected `int`(, got `float`)?$",
    ),
    Difference(
        "Likewise where integers are decoded by the runtime itself.",
        "int64",
        "1.0",
        r"^Expected `u?int64`, an integer from ",
    ),
    Difference(
        "Python's json reads a number that no float can hold as infinity.",
        "float",
        "1e400",
        r"^(Number out of range|Does not fit its type)$",
    ),
    Difference(
        "A set repeats a value whichever way it is written: as number or as text.",
        "set<int64>",
        '[1, "1"]',
        _REPEATS,
    ),
    Difference(
        "Likewise decimals, times and UUIDs, which have several texts.",
        "set<decimal>",
        '["1.0", "1"]',
        _REPEATS,
    ),
    Difference(
        "Likewise a map, whose keys are numbers or UUIDs.",
        "map<int, int>",
        '{"0": 1, "-0": 2}',
        _REPEATS,
    ),
    Difference(
        r"Patterns are ECMAScript's: `\w` is ASCII. python-jsonschema asks Python's re.",
        r"{alias: string, pattern: '^\w+$'}",
        '"é"',
        r" matching regex ",
    ),
    Difference(
        "Likewise `$` is the end of the text, not a place before a last line end.",
        "{alias: string, pattern: '^a$'}",
        r'"a\n"',
        r" matching regex ",
    ),
    Difference(
        "Likewise `.` is none of ECMAScript's line ends.",
        "{alias: string, pattern: '^.$'}",
        r'"\u2028"',
        r" matching regex ",
    ),
]
"""What differs by intent; all else must agree."""


def is_known(problems: list[str]) -> bool:
    """Whether each problem is one that JSON Schema cannot see."""
    known = re.compile("|".join(row.refusal for row in DIFFERENCES))
    return bool(problems) and all(known.search(problem) for problem in problems)


def repeats(problems: list[str]) -> bool:
    """Whether a set repeats a value, or a map a key."""
    return any(re.match(_REPEATS, problem) for problem in problems)
