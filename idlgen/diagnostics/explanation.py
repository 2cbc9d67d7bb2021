"""The page about a code: `explanations/IDL102.md`, split at its headings."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "explanations"
"""Holds one Markdown file a code; CONTRIBUTING.md says how they are written."""


class Section(NamedTuple):
    """A heading and the Markdown under it, without the blank lines around."""

    heading: str
    text: str


class Explanation(NamedTuple):
    """A page: its title without the code, and its sections in their order."""

    title: str
    sections: tuple[Section, ...]


def explanation(code: str) -> Explanation:
    """Return the page about `code`, which must be a key of `CODES`."""
    text = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    head, *parts = text.split("\n## ")
    return Explanation(
        title=head.strip().removeprefix(f"# {code}: "),
        sections=tuple(_section(part) for part in parts),
    )


def _section(part: str) -> Section:
    heading, _, text = part.partition("\n")
    return Section(heading, text.strip("\n"))
