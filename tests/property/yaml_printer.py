"""Prints a tree of maps, lists and scalars as YAML in a random style, and a package so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias


@dataclass(frozen=True)
class Text:
    """A text where a text is expected: it needs no quotes though it looks like a number."""

    text: str


@dataclass(frozen=True)
class Quoted:
    """A text where anything may stand: what looks like a number must be quoted."""

    text: str


@dataclass(frozen=True)
class Literal:
    """A number, a boolean or null: never quoted."""

    text: str


Scalar: TypeAlias = Text | Quoted | Literal
Tree: TypeAlias = Scalar | Sequence["Tree"] | Mapping[str, "Tree"]

_PLAIN = re.compile(
    r"[A-Za-z0-9_./(<][A-Za-z0-9_./()<>?|+*@=;^$~-]*( [A-Za-z0-9_<>()|]+)*"
)
_NULLS = ("", "~", "null", "Null", "NULL")
_SPECIAL = re.compile(
    r"true|True|TRUE|false|False|FALSE|null|Null|NULL|~"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+"
)


class Printer:
    """One way of many to write YAML; another for each seed."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._step = random.choice((1, 2, 2, 2, 4, 7))
        self._flow = random.choice((0.0, 0.2, 0.5, 1.0))
        self._quotes = random.choice((0.1, 0.5, 0.9))
        self._comments = random.choice((0.0, 0.0, 0.2))

    def document(self, tree: Mapping[str, Tree]) -> bytes:
        """Return a whole file: with a mark of the byte order or not, any line ends."""
        text = self._block_map(tree, 0)
        if self._chance(0.2):
            text = f"---\n{text}"
        if self._chance(0.2):
            text = text.replace("\n", "\r\n")
        return text.encode("utf-8-sig" if self._chance(0.2) else "utf-8")

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _block_map(self, tree: Mapping[str, Tree], indent: int) -> str:
        lines = []
        margin = " " * indent
        for key, value in tree.items():
            if self._chance(self._comments):
                lines.append(f"{margin}# a comment: [not read\n\n")
            written = self._key(key)
            if len(written) > 500:
                written = f"? {written}\n{margin}"
            lines.append(f"{margin}{written}:{self._after_colon(value, indent)}")
        return "".join(lines)

    def _block_list(self, items: Sequence[Tree], indent: int) -> str:
        margin = " " * indent
        return "".join(f"{margin}-{self._after_colon(item, indent)}" for item in items)

    def _after_colon(self, value: Tree, indent: int) -> str:
        """Return what follows a colon or a dash, up to the end of its last line."""
        inner = indent + self._step
        if isinstance(value, Text | Quoted | Literal):
            return f" {self._block_scalar(value, inner)}\n"
        if not value or self._chance(self._flow):
            return f" {self._flow_node(value)}\n"
        if isinstance(value, Mapping):
            return "\n" + self._block_map(value, inner)
        return "\n" + self._block_list(value, inner)

    def _flow_node(self, value: Tree) -> str:
        if isinstance(value, Text | Quoted | Literal):
            return self._scalar(value)
        comma = self._random.choice((", ", ",", " , "))
        if isinstance(value, Mapping):
            entries = [
                f"{self._flow_key(key)}: {self._flow_node(item)}"
                for key, item in value.items()
            ]
            return "{" + comma.join(entries) + "}"
        return "[" + comma.join(map(self._flow_node, value)) + "]"

    def _key(self, key: str) -> str:
        return self._scalar(Text(key))

    def _flow_key(self, key: str) -> str:
        written = self._scalar(Text(key))
        return f"? {written} " if len(written) > 500 else written

    def _scalar(self, value: Scalar) -> str:
        if isinstance(value, Literal):
            return value.text
        text = value.text
        special = text in _NULLS or (
            isinstance(value, Quoted) and _SPECIAL.fullmatch(text)
        )
        if not special and _PLAIN.fullmatch(text) and not self._chance(self._quotes):
            return text
        if text.isprintable() and self._chance(0.5):
            return "'" + text.replace("'", "''") + "'"
        return '"' + "".join(map(self._escaped, text)) + '"'

    def _escaped(self, character: str) -> str:
        if character in '"\\':
            return f"\\{character}"
        if character.isprintable() and not self._chance(0.02):
            return character
        names = {"\n": "\\n", "\t": "\\t", "\0": "\\0", "\x85": "\\N"}
        if character in names and self._chance(0.7):
            return names[character]
        code = ord(character)
        if code < 0x100:
            return f"\\x{code:02x}"
        return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08x}"

    def _block_scalar(self, value: Scalar, indent: int) -> str:
        if isinstance(value, Literal) or not self._chance(0.3):
            return self._scalar(value)
        lines = value.text.removesuffix("\n").split("\n")
        if not all(
            line.isprintable() and line and not line[0].isspace() for line in lines
        ):
            return self._scalar(value)
        style = ">" if len(lines) == 1 and self._chance(0.5) else "|"
        chomping = "" if value.text.endswith("\n") else "-"
        margin = "\n" + " " * indent
        return f"{style}{chomping}{margin}{margin.join(lines)}"
