"""Texts made from a pattern, in the subset that schemas have, as Python writes it.

What is made is a guess that the caller tests: boundaries and look-aheads are passed
over, and the next guess chooses otherwise.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct as Record

_LONGEST = 10_000
_QUANTIFIER = re.compile(r"(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??")
_GROUP = re.compile(r"\?(?:a:|[:=!])")
_SET = re.compile(r"\[\^?(?:\\.|[^\]\\])*\]", re.DOTALL)
_CODE = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
_BOUNDARIES = "AZbB"
_USUAL = string.ascii_lowercase + string.digits + string.ascii_uppercase + "-_ .@/:+"
_ALPHABET = _USUAL + "".join(c for c in string.printable if c not in _USUAL)


class _Characters(Record, frozen=True):
    """One of several characters, the most usual first."""

    options: str


class _Repeat(Record, frozen=True):
    """A part again and again; `most` is None where there is no end."""

    part: _Part
    least: int
    most: int | None


class _Choice(Record, frozen=True):
    """One of several sequences; an `aside` may also be left out."""

    sequences: Sequence[Sequence[_Part]]
    aside: bool = False


_Part: TypeAlias = _Characters | _Repeat | _Choice


def texts_of(pattern: str, number: int, length: int, guesses: int) -> Iterator[str]:
    """Yield texts that the pattern may be found in, of about `length` where it can be.

    Which comes first depends on `number`, so that there are several.
    """
    tree = _Reader(pattern).alternatives()
    for guess in range(guesses):
        writer = _Writer(number, guess, length)
        writer.write(tree)
        if len(writer.text) <= _LONGEST:
            yield writer.text


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def alternatives(self, *, aside: bool = False) -> _Choice:
        """Read up to the end of the group, or of the pattern."""
        sequences: list[list[_Part]] = [[]]
        while self._at < len(self._pattern) and self._pattern[self._at] != ")":
            if self._pattern[self._at] == "|":
                self._at += 1
                sequences.append([])
            else:
                sequences[-1].append(self._term())
        return _Choice(sequences, aside)

    def _match(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self._pattern, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _term(self) -> _Part:
        part = self._atom()
        quantifier = self._match(_QUANTIFIER)
        if quantifier is None:
            return part
        sign, least, comma, most = quantifier.groups()
        if sign is not None:
            return _Repeat(part, int(sign == "+"), 1 if sign == "?" else None)
        if comma is None:
            return _Repeat(part, int(least), int(least))
        return _Repeat(part, int(least), int(most) if most else None)

    def _atom(self) -> _Part:
        found = self._match(_SET)
        if found is not None:
            return _Characters(_members(found.group()))
        character = self._pattern[self._at]
        self._at += 1
        if character == "(":
            return self._group()
        if character == "\\":
            return self._escape()
        return _Choice([[]]) if character == "^" else _Characters(character)

    def _group(self) -> _Part:
        opening = self._match(_GROUP)
        kind = "" if opening is None else opening.group()
        inside = self.alternatives(aside=kind == "?=")
        self._at += 1
        return _Choice([[]]) if kind == "?!" else inside

    def _escape(self) -> _Part:
        code = self._match(_CODE)
        if code is not None:
            return _Characters(chr(int(code.group()[1:], 16)))
        letter = self._pattern[self._at]
        self._at += 1
        if letter in _BOUNDARIES:
            return _Choice([[]])
        return _Characters(_CONTROLS.get(letter, letter))


def _members(written: str) -> str:
    """Return characters of a set: usual ones, and those that it names itself."""
    named = _CODE.sub(lambda code: chr(int(code.group()[1:], 16)), written)
    member = re.compile(written)
    characters = dict.fromkeys(_ALPHABET + named)
    return "".join(filter(member.fullmatch, characters))


class _Writer:
    """Writes one guess: the first takes what is least, the others choose by chance.

    The chance is a sequence of numbers that only the guess decides.
    """

    def __init__(self, number: int, guess: int, length: int) -> None:
        self.text = ""
        self._is_first = guess == 0
        self._state = guess * 7919 + number
        self._length = length

    def write(self, part: _Part) -> None:
        """Add a text for the part."""
        if len(self.text) > _LONGEST:
            return
        match part:
            case _Characters(options=options):
                self.text += self._character(options)
            case _Repeat():
                for _ in range(min(self._count(part), _LONGEST)):
                    self.write(part.part)
            case _Choice(sequences=sequences, aside=aside):
                if aside and (self._is_first or self._chance(2)):
                    return
                chosen = 0 if self._is_first else self._chance(len(sequences))
                for inner in sequences[chosen]:
                    self.write(inner)

    def _character(self, options: str) -> str:
        if not options:
            return ""
        if self._is_first:
            return options[(self._state + len(self.text) - 1) % len(options)]
        return options[self._chance(len(options))]

    def _count(self, repeat: _Repeat) -> int:
        missing = self._length - len(self.text)
        count = max(repeat.least, missing)
        if not self._is_first:
            more = repeat.least + self._chance(4)
            count = (more, max(repeat.least, missing - self._chance(4)))[
                self._chance(2)
            ]
        return count if repeat.most is None else min(count, repeat.most)

    def _chance(self, count: int) -> int:
        # Knuth's MMIX; its upper bits are the good ones.
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % count
