"""YAML nodes that keep their place, and text as it was written."""

from __future__ import annotations

import re
from typing import TypeAlias

from msgspec import Struct as Record


class ScalarNode(Record, gc=False):
    """A scalar: its text after unquoting and folding, and whether it stood unquoted.

    `start` and `end` are offsets into the source.
    """

    text: str
    plain: bool
    start: int
    end: int


class SequenceNode(Record):
    """A list; not `complete` where the text broke off before its end."""

    items: list[Node]
    start: int
    end: int
    complete: bool = False


class MappingNode(Record):
    """A map in the order written; a repeated key has been reported and left out.

    Not `complete` where the text broke off before its end.
    """

    entries: dict[str, Entry]
    start: int
    end: int
    complete: bool = False


class Entry(Record):
    """One key of a map and its value."""

    key: ScalarNode
    value: Node


class ErrorNode(Record, gc=False):
    """Stands where a diagnostic has already told what is wrong."""

    start: int
    end: int


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode | ErrorNode

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MAX_DIGITS = 4000


def is_null(node: Node) -> bool:
    """Tell whether the node is an unquoted null (YAML 1.2 core schema)."""
    return isinstance(node, ScalarNode) and node.plain and node.text in _NULLS


def as_bool(node: Node) -> bool | None:
    """Return the boolean that an unquoted scalar means in the core schema, or None."""
    if isinstance(node, ScalarNode) and node.plain:
        return _BOOLS.get(node.text)
    return None


def as_int(node: Node) -> int | None:
    """Return the integer that an unquoted scalar means in the core schema, or None."""
    if not isinstance(node, ScalarNode) or not node.plain:
        return None
    text = node.text
    if len(text) > _MAX_DIGITS or not _INT.fullmatch(text):
        return None
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    return int(text)


def as_float(node: Node) -> float | None:
    """Return the finite number that an unquoted scalar means, or None.

    The core schema's `.inf` and `.nan` are texts here, for no type can hold them.
    """
    # The text first: the integer -0 has no sign.
    if isinstance(node, ScalarNode) and node.plain and _FLOAT.fullmatch(node.text):
        return _finite(node.text)
    integer = as_int(node)
    return None if integer is None else _finite(str(integer))


def _finite(text: str) -> float | None:
    number = float(text)
    return number if abs(number) != float("inf") else None


def plain_value(node: Node) -> object:
    """Return what the node means in the core schema, as JSON-like Python data."""
    if isinstance(node, MappingNode):
        return {key: plain_value(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, SequenceNode):
        return [plain_value(item) for item in node.items]
    if isinstance(node, ErrorNode) or is_null(node):
        return None
    for read in (as_bool, as_int, as_float):
        if (value := read(node)) is not None:
            return value
    return node.text


def describe(node: Node) -> str:
    """Return how a message calls the node: "a map", "a list", "null" or "a text"."""
    if isinstance(node, MappingNode):
        return "a map"
    if isinstance(node, SequenceNode):
        return "a list"
    if is_null(node):
        return "null"
    if as_bool(node) is not None:
        return "a boolean"
    return "a number" if as_float(node) is not None else "a text"


def is_broken(node: Node) -> bool:
    """Tell whether a diagnostic has already told that the node is not what it should be."""
    if isinstance(node, SequenceNode | MappingNode):
        return not node.complete
    return isinstance(node, ErrorNode)
