"""What a schema says in several ways: flags, nulls, numbers, and keys in any order."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from idlgen.model import Choice, Declaration, Field, Method
from tests.property.yaml_printer import Literal, Quoted, Text, Tree


class Writing:
    """Writes what has nothing to do with types."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def shuffled(self, keys: dict[str, Tree | None]) -> dict[str, Tree]:
        """Return the keys of a construct, whose order says nothing but for `x-` keys."""
        names = [key for key, value in keys.items() if value is not None]
        own = iter([name for name in names if name.startswith("x-")])
        self.random.shuffle(names)
        names = [next(own) if name.startswith("x-") else name for name in names]
        return {name: value for name in names if (value := keys[name]) is not None}

    def text(self, text: str | None) -> Text | None:
        return None if text is None else Text(text)

    def flag(self, *, is_set: bool) -> Literal | None:
        if is_set:
            return Literal(self.random.choice(("true", "True", "TRUE")))
        return Literal("false") if self.chance(0.1) else None

    def null(self) -> Literal:
        return Literal(self.random.choice(("null", "~", "Null", "NULL")))

    def number(self, value: bool | float) -> Literal:
        if isinstance(value, bool):
            words = ("true", "True", "TRUE") if value else ("false", "False", "FALSE")
            return Literal(self.random.choice(words))
        if isinstance(value, int) and value >= 0 and self.chance(0.2):
            written = (f"0x{value:X}", hex(value), oct(value), f"+{value}")
            return Literal(self.random.choice(written))
        return Literal(repr(value))

    def pinned(self, number: int | None) -> Literal | None:
        return None if number is None else self.number(number)

    def any(self, value: object) -> Tree:
        """Return a value of which nothing is known."""
        if value is None:
            return self.null()
        if isinstance(value, str):
            return Quoted(value)
        if isinstance(value, list):
            return [self.any(item) for item in value]
        if isinstance(value, dict):
            return {key: self.any(item) for key, item in value.items()}
        assert isinstance(value, bool | int | float)
        return self.number(value)

    def extensions(self, extensions: Mapping[str, object]) -> dict[str, Tree | None]:
        return {key: self.any(value) for key, value in extensions.items()}

    def notes(
        self, declared: Declaration | Field | Method | Choice
    ) -> dict[str, Tree | None]:
        return {
            "doc": self.text(declared.doc),
            "deprecated": self.text(declared.deprecated),
            "since": self.text(declared.since),
            "name": self.text(declared.code_name),
            **self.extensions(declared.extensions),
        }
