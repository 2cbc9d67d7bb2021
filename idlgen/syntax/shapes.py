"""Reads texts, flags, numbers and names out of YAML nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from idlgen.syntax.durations import parse_duration
from idlgen.syntax.keys import KeyReader
from idlgen.syntax.nodes import Notes, Number
from idlgen.syntax.yaml_tree import (
    Entry,
    ErrorNode,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    as_bool,
    as_int,
    is_null,
    plain_value,
)

MEMBER_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9_]*")
IMPORT_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Numbers(NamedTuple):
    """The numbers from 1 that `number:` may pin, and those that are not to be had."""

    highest: int
    reserved: range


# What fields of protobuf messages and values of its enums may have.
MEMBER_NUMBERS = Numbers(536_870_911, range(19_000, 20_000))
VALUE_NUMBERS = Numbers(2_147_483_647, range(0))

# What older YAML takes for flags, and what people quote.
_FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "y"), "true"),
    **dict.fromkeys(("false", "no", "off", "n"), "false"),
}
NO_NOTES = Notes()

_RULES = {
    MEMBER_NAME: "a name is a letter or `_`, then letters, digits and `_`",
    TYPE_NAME: "a name is a capital letter, then letters, digits and `_`",
    IMPORT_NAME: "a name is a small letter, then small letters, digits and `_`",
}


class ShapeReader(KeyReader):
    """Each method returns what it can and reports the rest."""

    def notes(self, entries: dict[str, Entry]) -> Notes:
        """Read `doc`, `deprecated`, `since`, `name`, `example` and the `x-` keys."""
        if not entries:
            return NO_NOTES
        return Notes(
            self.text(entries.get("doc")),
            self.text(entries.get("deprecated")),
            self.version(entries.get("since")),
            self.code_name(entries.get("name")),
            self.value(entries.get("example")),
            self.extensions(entries),
        )

    def extensions(self, entries: dict[str, Entry]) -> dict[str, object]:
        """Return what the `x-` keys say."""
        return {
            key: plain_value(entry.value)
            for key, entry in entries.items()
            if key.startswith("x-")
        }

    def code_name(self, entry: Entry | None) -> str | None:
        scalar = self.scalar(entry)
        if scalar is not None and not MEMBER_NAME.fullmatch(scalar.text):
            self.bad_name(scalar, MEMBER_NAME)
            return None
        return None if scalar is None else scalar.text

    def value(self, entry: Entry | None) -> Node | None:
        return None if entry is None else entry.value

    def scalar(self, entry: Entry | None) -> ScalarNode | None:
        if entry is None or isinstance(entry.value, ErrorNode):
            return None
        if isinstance(entry.value, ScalarNode) and not is_null(entry.value):
            return entry.value
        self.shape(entry.value, f"`{entry.key.text}`", "a text")
        return None

    def text(self, entry: Entry | None) -> str | None:
        scalar = self.scalar(entry)
        return None if scalar is None else scalar.text

    def version(self, entry: Entry | None) -> str | None:
        """Read a version, which is any text but a blank one: people count as they like."""
        scalar = self.scalar(entry)
        if entry is None or scalar is None or scalar.text.strip():
            return None if scalar is None else scalar.text
        self.report(
            "IDL023",
            entry.key,
            f"`{entry.key.text}` is blank",
            "write a version such as `1.2.0`, or leave it out",
        )
        return None

    def flag(self, entry: Entry | None) -> bool:
        if entry is None or isinstance(entry.value, ErrorNode):
            return False
        value = as_bool(entry.value)
        if value is None:
            hint = _flag_hint(entry.value)
            self.shape(entry.value, f"`{entry.key.text}`", "`true` or `false`", hint)
        return bool(value)

    def number(
        self, entry: Entry | None, numbers: Numbers = MEMBER_NUMBERS
    ) -> Number | None:
        if entry is None or isinstance(entry.value, ErrorNode):
            return None
        value = as_int(entry.value)
        if value is None or not 0 < value <= numbers.highest:
            self.report(
                "IDL023",
                entry.value,
                f"`number` must be an integer from 1 to {numbers.highest:,}",
            )
        elif value in numbers.reserved:
            first, last = numbers.reserved[0], numbers.reserved[-1]
            self.report(
                "IDL023",
                entry.value,
                f"the numbers from {first:,} to {last:,} belong to protobuf itself",
                "choose one below or above",
            )
        else:
            return Number(value, entry.value)
        return None

    def seconds(self, entry: Entry | None) -> float | None:
        text = self.text(entry)
        if entry is None or text is None:
            return None
        duration = parse_duration(text)
        if duration is None or not duration:
            self.report(
                "IDL023",
                entry.value,
                f"`{text}` is not a duration above zero",
                "write it as `2s`, `500ms`, `1h30m` or in ISO 8601 as `PT2S`",
            )
            return None
        return duration.total_seconds()

    def names(self, entry: Entry | None) -> Iterator[ScalarNode]:
        if entry is None:
            return
        if not isinstance(entry.value, SequenceNode):
            self.shape(entry.value, f"`{entry.key.text}`", "a list of names")
            return
        for item in entry.value.items:
            if isinstance(item, ScalarNode):
                yield item
            else:
                self.shape(item, f"a name in `{entry.key.text}`", "a text")

    def named(
        self, entry: Entry | None, key: str, pattern: re.Pattern[str] | None
    ) -> Iterator[tuple[ScalarNode, Node]]:
        """Yield the entries of a section whose keys are names."""
        if entry is None:
            return
        if not isinstance(entry.value, MappingNode):
            self.shape(entry.value, f"`{key}`", "a map of names")
            return
        for member in entry.value.entries.values():
            if pattern is not None and not pattern.fullmatch(member.key.text):
                self.bad_name(member.key, pattern)
            yield member.key, member.value

    def bad_name(self, name: ScalarNode, pattern: re.Pattern[str]) -> None:
        hint = _RULES[pattern]
        if pattern is TYPE_NAME and "<" in name.text:
            hint = "only structs take type params: leave the brackets out"
        self.report("IDL101", name, f"`{name.text}` is not a name", hint)


def _flag_hint(node: Node) -> str | None:
    """Return what was meant by a text where `true` or `false` is expected."""
    meant = _FLAGS.get(node.text.lower()) if isinstance(node, ScalarNode) else None
    if meant is None or not isinstance(node, ScalarNode):
        return None
    if not node.plain:
        return f"write `{meant}`, without quotes"
    return f"write `{meant}`: `{node.text}` is a text in YAML 1.2"
