"""Texts made to keep limits, which say what they stand for where they may."""

from __future__ import annotations

import re
from collections.abc import Iterator

from idlgen.runtime.fakes.limits import CannotMake, Limits
from idlgen.runtime.fakes.patterns import texts_of

_GUESSES = 400
_LONGEST = 1_000_000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LINKS = ("url", "uri", "link", "href")


def made_text(limits: Limits, name: str, number: int) -> str:
    """Return `name`, or `name 2` for the second, or what else keeps the limits.

    Raises:
        CannotMake: nothing was found in a few hundred guesses.
    """
    if limits.least > _LONGEST:
        raise CannotMake(f"a text of {limits.least} characters is too long to be made")
    for text in _guesses(limits, name, number):
        if _holds(limits, text):
            return text
    if limits.patterns:
        raise CannotMake(f"no text was found that matches {limits.patterns[0]!r}")
    raise CannotMake("no text keeps its limits")


def made_bytes(limits: Limits, name: str, number: int) -> bytes:
    """Return the same as bytes, ASCII if the name is.

    Raises:
        CannotMake: as `made_text`.
    """
    ascii_name = name if name.isascii() else "bytes"
    return made_text(limits, ascii_name, number).encode()


def _holds(limits: Limits, text: str) -> bool:
    if len(text) < limits.least:
        return False
    if limits.most is not None and len(text) > limits.most:
        return False
    return all(re.search(pattern, text) for pattern in limits.patterns)


def _guesses(limits: Limits, name: str, number: int) -> Iterator[str]:
    for text in _readable(name, number):
        yield text
        yield _fitted(limits, text, number)
    yield _short(limits, number)
    for pattern in limits.patterns:
        for text in texts_of(pattern, number, limits.least, _GUESSES):
            yield text
            yield text.ljust(limits.least, "a")


def _readable(name: str, number: int) -> Iterator[str]:
    count = "" if number == 1 else str(number)
    slug = re.sub(r"[^0-9a-z]+", "-", name.lower()).strip("-") or "text"
    address = f"{slug}{count}@example.com"
    link = f"https://example.com/{slug}{count}"
    words = name.lower().split()
    if "email" in words:
        yield address
    elif words and words[-1] in _LINKS:
        yield link
    yield f"{name} {count}".strip()
    dashed = f"{slug}-{count}".strip("-")
    yield from (dashed, dashed.upper(), dashed.title(), str(number))
    yield from (address, link)


def _fitted(limits: Limits, text: str, number: int) -> str:
    """Return the text cut, or said again, so that its length is right."""
    count = "" if number == 1 else str(number)
    if limits.most is not None and len(count) > limits.most:
        return _short(limits, number)[-limits.most :] if limits.most else ""
    if limits.most is not None and len(text) > limits.most:
        kept = text[: limits.most - len(count)].strip()
        return f"{kept}{count}"[: limits.most].ljust(limits.least, "a")
    again = max(limits.least // (len(text) + 1) + 1, 1)
    said = " ".join([text] * again)
    said = said[: max(limits.least, len(text))]
    return f"{said[:-1]}a" if said.endswith(" ") else said


def _short(limits: Limits, number: int) -> str:
    """Return the number in the fewest characters, for texts that have room for few."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits.rjust(limits.least, "0")
