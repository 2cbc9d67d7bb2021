r"""Patterns: the regular expressions that ECMAScript and Python read alike.

A schema's pattern is searched for, not matched from the start; `^` and `$` stand for the
ends of the text. What only one of the two languages has (look-behind, named groups,
inline flags, `\p{..}`, possessive quantifiers) is refused.
"""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})\??")
_CODE = re.compile(r"x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}")
_CLASSES = {
    "d": "0-9",
    "w": "A-Za-z0-9_",
    "s": r"\s\ufeff",
}
_NEGATED = {letter.upper(): letter for letter in _CLASSES}
_CONTROLS = frozenset("nrtfv")
_PUNCTUATION = frozenset("^$\\.*+?()[]{}|/-")
_ANY = r"[^\n\r\u2028\u2029]"
_WORD_BOUNDARY = {"b": r"(?a:\b)", "B": r"(?a:\B)"}


class PatternError(Exception):
    """A pattern that is not in the common subset; `at` is the offset of what is not."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


class Pattern(NamedTuple):
    """A pattern as it was written, and as Python's `re.search` needs it."""

    written: str
    python: str


def parse_pattern(text: str) -> Pattern:
    r"""Return the pattern that `text` writes.

    In Python `$` becomes `\Z`, `\d` and `\w` become ASCII and `.` stops at every line
    end, as ECMAScript has them.

    Raises:
        PatternError: the text is not in the common subset.
    """
    reader = _Reader(text)
    python = reader.alternatives()
    if reader.at < len(text):
        reader.fail("`)` without `(`")
    try:
        re.compile(python)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(str(error), 0) from None
    return Pattern(text, python)


class _Reader:
    """Recursive descent over the pattern; returns Python's form of what it reads."""

    MAX_DEPTH = 50

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def peek(self, count: int = 1) -> str:
        return self.text[self.at : self.at + count]

    def take(self, count: int = 1) -> str:
        taken = self.peek(count)
        self.at += count
        return taken

    def fail(self, message: str) -> NoReturn:
        raise PatternError(message, min(self.at, max(len(self.text) - 1, 0)))

    def alternatives(self) -> str:
        parts = []
        while self.at < len(self.text) and self.peek() != ")":
            parts.append("|" if self.peek() == "|" and self.take() else self.term())
        return "".join(parts)

    def term(self) -> str:
        character = self.peek()
        if character in "^$" or self.peek(2) in (r"\b", r"\B"):
            return self.assertion()
        if character in "*+?":
            self.fail("there is nothing to repeat")
        start = self.at
        atom = self.atom(character)
        if self.text.startswith(("(?=", "(?!"), start):
            return atom
        return atom + self.quantifier()

    def assertion(self) -> str:
        if self.peek() == "\\":
            return _WORD_BOUNDARY[self.take(2)[1]]
        return r"\Z" if self.take() == "$" else "^"

    def atom(self, character: str) -> str:
        if character == "(":
            return self.group()
        if character == "[":
            return self.set()
        if character == "\\":
            return self.escape(inside=False)
        if character in "{}]":
            self.fail(f"`{character}` stands for itself only as `\\{character}`")
        self.at += 1
        return _ANY if character == "." else re.escape(character)

    def quantifier(self) -> str:
        match = _QUANTIFIER.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        if self.peek() in ("*", "+", "?"):
            self.fail("a quantifier cannot be repeated")
        return match.group()

    def group(self) -> str:
        opening = "("
        if self.peek(2) == "(?":
            opening = self.peek(3)
            if opening not in ("(?:", "(?=", "(?!"):
                self.fail("only `(?:`, `(?=` and `(?!` are read alike by all languages")
        self.at += len(opening)
        self.depth += 1
        if self.depth > self.MAX_DEPTH:
            self.fail(f"groups are nested more than {self.MAX_DEPTH} levels deep")
        inside = self.alternatives()
        if self.take() != ")":
            self.fail("`(` is not closed")
        self.depth -= 1
        return f"{opening}{inside})"

    def set(self) -> str:
        parts = [self.take()]
        if self.peek() == "^":
            parts.append(self.take())
        if self.peek() == "]":
            self.fail("a set holds at least one character")
        while self.peek() != "]":
            if not self.peek():
                self.fail("`[` is not closed")
            parts.append(self.member())
        return "".join(parts) + self.take()

    def member(self) -> str:
        if self.peek() == "\\":
            return self.escape(inside=True)
        if self.peek() == "-" or self.peek() == "^":
            return self.range_sign()
        character = self.take()
        return f"\\{character}" if character in "[&~|" else character

    def range_sign(self) -> str:
        character = self.take()
        if character == "^" or self.peek() == "]" or self.text[self.at - 2] in "[^":
            return f"\\{character}"
        return character

    def escape(self, *, inside: bool) -> str:
        letter = self.peek(2)[1:]
        match = _CODE.match(self.text, self.at + 1)
        if match is not None:
            self.at = match.end()
            return f"\\{match.group()}"
        if letter in _CLASSES or letter in _NEGATED:
            return self.shorthand(letter, inside=inside)
        if not letter or letter not in _PUNCTUATION | _CONTROLS:
            self.fail(f"`\\{letter}` is not read alike by all languages")
        self.at += 2
        return f"\\{letter}"

    def shorthand(self, letter: str, *, inside: bool) -> str:
        if letter in _NEGATED and inside:
            self.fail(f"`\\{letter}` cannot stand in a set")
        self.at += 2
        if letter in _NEGATED:
            return f"[^{_CLASSES[_NEGATED[letter]]}]"
        return _CLASSES[letter] if inside else f"[{_CLASSES[letter]}]"
