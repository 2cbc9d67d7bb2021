r"""Patterns: each row says what Python's `re.search` must find, and what it must not."""

from __future__ import annotations

import re

import pytest

from idlgen.syntax.patterns import PatternError, parse_pattern


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        ("^[^@]+@[^@]+$", ["a@b", "a@b\n"], ["ab", "a@"]),
        (r"^\d{2,3}$", ["12", "123"], ["1", "١٢", "12\n"]),
        (r"^\w+$", ["a_1"], ["é", "a-b"]),
        (r"\bcat\b", ["a cat"], ["concat"]),
        ("a.b", ["axb"], ["a\nb", "a\u2028b"]),
        (r"[\d\-x]", ["-", "5", "x"], ["y"]),
        ("[a-c^-]", ["b", "^", "-"], ["d"]),
        (r"^(?:ab|cd)+?$", ["abcd"], ["abc"]),
        ("^a(?=b)", ["ab"], ["ac"]),
        ("^a(?!b)", ["ac"], ["ab"]),
        (r"a\.b", ["a.b"], ["axb"]),
        (r"^\x41\u0042$", ["AB"], ["ab"]),
        ("홍", ["홍길동"], ["김"]),
        ("", ["", "a"], []),
        ("[&&~~]", ["&", "~"], ["-"]),
        (r"^[\s]$", ["\ufeff", " "], ["a"]),
        (r"^\S$", ["a"], [" ", "\ufeff"]),
        ("a|b|", ["", "a"], []),
    ],
)
def test_what_python_finds(
    pattern: str, found: list[str], not_found: list[str]
) -> None:
    python = re.compile(parse_pattern(pattern).python)

    assert [text for text in found if not python.search(text)] == []
    assert [text for text in not_found if python.search(text)] == []


@pytest.mark.parametrize(
    ("pattern", "at"),
    [
        ("(?<=a)b", 0),
        ("(?P<n>a)", 0),
        ("(?i)a", 0),
        ("(?>a)", 0),
        (r"\p{L}", 0),
        (r"\Aa", 0),
        (r"a\Z", 1),
        (r"(a)\1", 3),
        ("a++", 2),
        ("a{2}{3}", 4),
        ("*a", 0),
        ("a{", 1),
        ("a}", 1),
        ("[", 0),
        ("[]", 1),
        ("(", 0),
        (")", 0),
        ("[\\D]", 1),
        ("\\", 0),
        ("(" * 60 + ")" * 60, 51),
        ("[z-a]", 0),
    ],
)
def test_what_is_not_common_is_refused_at_its_place(pattern: str, at: int) -> None:
    with pytest.raises(PatternError) as caught:
        parse_pattern(pattern)

    assert caught.value.at == at
