"""Reads maps, texts and flags out of YAML nodes and reports what has another shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from idlgen.diagnostics import Diagnostic, Label, Source, Span
from idlgen.diagnostics.suggest import did_you_mean, nearest
from idlgen.syntax.durations import parse_duration
from idlgen.syntax.forms import Form
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
    describe,
    is_broken,
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

# How alike a misspelt key is to the one that it is taken for, of 1.
SURELY_ALIKE = 0.8

NO_NOTES = Notes()
NO_ENTRIES: dict[str, Entry] = {}

_RULES = {
    MEMBER_NAME: "a name is a letter or `_`, then letters, digits and `_`",
    TYPE_NAME: "a name is a capital letter, then letters, digits and `_`",
    IMPORT_NAME: "a name is a small letter, then small letters, digits and `_`",
}


class ShapeReader:
    """Takes nodes apart; each method returns what it can and reports the rest."""

    def __init__(self, source: Source, report: Callable[[Diagnostic], None]) -> None:
        self.source = source
        self.emit = report

    def notes(self, entries: dict[str, Entry]) -> Notes:
        """Read `doc`, `deprecated`, `since`, `name` and the `x-` keys."""
        if not entries:
            return NO_NOTES
        extensions = {
            key: plain_value(entry.value)
            for key, entry in entries.items()
            if key.startswith("x-")
        }
        return Notes(
            self.text(entries.get("doc")),
            self.text(entries.get("deprecated")),
            self.version(entries.get("since")),
            self.code_name(entries.get("name")),
            extensions,
        )

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
            self.shape(entry.value, f"`{entry.key.text}`", "`true` or `false`")
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
        self.report("IDL101", name, f"`{name.text}` is not a name", _RULES[pattern])

    def entries(self, node: Node, form: Form) -> dict[str, Entry]:
        """Return the entries of a map whose keys `form` lists; others are reported.

        What is under a key that was misspelt is returned under the right one.
        """
        if not isinstance(node, MappingNode):
            self.shape(node, form.what, "a map")
            return NO_ENTRIES
        self.rejoin(node)
        if node.entries.keys() <= form.keys:
            return node.entries
        self.report_unknown(node, form)
        return _corrected(node, form)

    def missing(
        self, key: str, form: Form, node: Node, place: Node, message: str, hint: str
    ) -> None:
        """Report at `place` that the map `node` lacks `key`.

        Not where a misspelt key, or the end of a broken text, has been reported: that
        is most likely where it was meant.
        """
        if not isinstance(node, MappingNode) or not node.complete:
            return
        if key not in node.entries and not any(self.unknown(node, form)):
            self.report("IDL022", place, message, hint)

    def unknown(self, node: MappingNode, form: Form) -> Iterator[ScalarNode]:
        for key, entry in node.entries.items():
            if key not in form.keys and not key.startswith("x-"):
                yield entry.key

    def report_unknown(self, node: MappingNode, form: Form) -> None:
        for key in self.unknown(node, form):
            allowed = ", ".join(f"`{name}`" for name in sorted(form.keys))
            hint = did_you_mean(key.text, form.keys)
            self.report(
                "IDL020",
                key,
                f"{form.what} has no key `{key.text}`",
                (
                    f"{hint} {form.what} takes {allowed}"
                    if hint
                    else f"it takes {allowed}"
                ),
            )

    def rejoin(self, node: MappingNode) -> None:
        """Report `{a: map<K, V>}`, which YAML reads as the keys `a` and `V>`."""
        if not any(">" in key for key in node.entries):
            return
        open_: list[Entry] = []
        for entry in [*node.entries.values()]:
            if not open_ or not _is_lone(entry):
                open_ = [entry] if _is_open(entry.value) else []
                continue
            open_.append(entry)
            text = _joined(open_)
            if text.count("<") <= text.count(">"):
                self.report_cut(node, open_, text)
                open_ = []

    def report_cut(self, node: MappingNode, parts: list[Entry], text: str) -> None:
        """Report that commas cut `text` into the value of a key and lone keys."""
        first, *rest = parts
        value = first.value
        self.emit(
            Diagnostic(
                code="IDL103",
                message="the comma ends the value in a YAML flow map",
                span=Span(self.source, rest[-1].key.start, rest[-1].key.end),
                labels=(
                    Label(
                        Span(self.source, value.start, value.end),
                        "the type begins here",
                    ),
                ),
                hint=f"quote the type: '{text}'",
            )
        )
        first.value = ErrorNode(value.start, value.end)
        for entry in rest:
            del node.entries[entry.key.text]

    def shape(
        self, node: Node, what: str, expected: str, hint: str | None = None
    ) -> None:
        if is_broken(node):
            return
        if expected == "a text" and isinstance(node, MappingNode):
            hint = "quote a text that begins with `{`"
        self.report(
            "IDL021", node, f"{what} must be {expected}, not {describe(node)}", hint
        )

    def report(
        self, code: str, node: Node, message: str, hint: str | None = None
    ) -> None:
        self.emit(
            Diagnostic(
                code=code,
                message=message,
                span=Span(self.source, node.start, node.end),
                hint=hint,
            )
        )


def _corrected(node: MappingNode, form: Form) -> dict[str, Entry]:
    """Return the entries that `form` takes, those with misspelt keys under the right ones."""
    entries = {key: entry for key, entry in node.entries.items() if key in form.keys}
    for key, entry in node.entries.items():
        if key.startswith("x-"):
            entries[key] = entry
        elif key not in form.keys:
            meant = _meant(key, form.keys - entries.keys())
            if meant is not None:
                right = ScalarNode(meant, True, entry.key.start, entry.key.end)
                entries[meant] = Entry(right, entry.value)
    return entries


def _meant(key: str, keys: Collection[str]) -> str | None:
    """Return the key that was surely meant: a wrong guess would be a second fault."""
    found = nearest(key, sorted(keys))
    if found is None:
        return None
    alike = SequenceMatcher(None, key.lower(), found).ratio()
    return found if alike >= SURELY_ALIKE else None


def _is_open(value: Node) -> bool:
    """Tell whether a type begins here that does not end here."""
    return isinstance(value, ScalarNode) and (
        value.text.count("<") > value.text.count(">")
    )


def _is_lone(entry: Entry) -> bool:
    """Tell whether a key without a value may be the rest of what a comma cut off."""
    key = entry.key
    return key.plain and not key.text.startswith("x-") and is_null(entry.value)


def _joined(parts: list[Entry]) -> str:
    first, *rest = parts
    text = first.value.text if isinstance(first.value, ScalarNode) else ""
    return ", ".join((text, *(entry.key.text for entry in rest)))
