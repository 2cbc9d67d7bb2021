"""Random choices, and what anything that is declared may say of itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypedDict, TypeVar

from hypothesis import strategies as st

from idlgen.diagnostics import Source, Span
from tests.property.scalar_values import json_values
from tests.property.words import folded, member_name, texts, versions

T = TypeVar("T")

SEEDS = st.integers(0, 2**32 - 1)
NOWHERE = Span(Source("", ""), 0, 0)


class Notes(TypedDict, total=False):
    """What anything declared may say beside its meaning, and where it stands."""

    doc: str | None
    deprecated: str | None
    since: str | None
    code_name: str | None
    extensions: dict[str, object]
    span: Span


class Drawing:
    """Draws what has nothing to do with types."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        # Hypothesis draws what looks odd; how an Api is built only has to vary, and to
        # ask Hypothesis for each choice takes ten times as long.
        self.random = Random(draw(SEEDS))

    def sometimes(self, percent: int = 25) -> bool:
        return self.random.randrange(100) < percent

    def pick(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def count(self, most: int) -> range:
        return range(self.random.randint(0, most))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return self.random.sample(items, len(items))

    def fresh(self, name: Callable[[Random], str], taken: set[str]) -> str:
        """Make a name that differs from those `taken` in every target, and take it."""
        made = name(self.random)
        while folded(made) in taken:
            made = f"{name(self.random)}{len(taken)}"
        taken.add(folded(made))
        return made

    def text(self, texts: st.SearchStrategy[str], taken: set[str]) -> str:
        """Draw a text that is none of those `taken`, and take it."""
        return self.fresh(lambda _: self.draw(texts), taken)

    def number(self, highest: int, taken: set[int]) -> int | None:
        """Draw what `number:` may pin; protobuf's own numbers are none."""
        if not self.sometimes(10):
            return None
        number = self.random.randint(1, self.pick((30, highest)))
        if number in taken or 19_000 <= number < 20_000:
            return None
        taken.add(number)
        return number

    def notes(self, taken: set[str]) -> Notes:
        """Draw notes; a `name:` is none of those `taken`."""
        notes: Notes = {"extensions": self.extensions(), "span": NOWHERE}
        if self.sometimes():
            notes["doc"] = self.draw(texts) if self.sometimes(50) else None
            notes["deprecated"] = self.draw(texts) if self.sometimes() else None
            notes["since"] = self.draw(versions) if self.sometimes() else None
            if self.sometimes(40):
                notes["code_name"] = self.fresh(member_name, taken)
        return notes

    def extensions(self) -> dict[str, object]:
        if not self.sometimes(8):
            return {}
        keys = texts.map(lambda text: f"x-{text}")
        return self.draw(st.dictionaries(keys, json_values, min_size=1, max_size=2))
