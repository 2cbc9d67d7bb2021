"""Reads maps, texts and flags out of YAML nodes and reports what has another shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from idlgen.diagnostics import Diagnostic, Label, Source, Span
from idlgen.diagnostics.suggest import did_you_mean
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
            self.text(entries.get("since")),
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
        """Return the entries of a map whose keys `form` lists; others are reported."""
        if not isinstance(node, MappingNode):
            self.shape(node, form.what, "a map")
            return NO_ENTRIES
        self.rejoin(node)
        if not node.entries.keys() <= form.keys:
            self.report_unknown(node, form)
        return node.entries

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

    def report_unknown(self, node: MappingNode, form: Form) -> bool:
        """Report the keys that `form` does not list; tell whether there was one."""
        found = False
        for key in self.unknown(node, form):
            found = True
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
        return found

    def rejoin(self, node: MappingNode) -> None:
        """Report `{a: map<K, V>}`, which YAML reads as the keys `a` and `V>`."""
        previous: Entry | None = None
        for key, entry in [*node.entries.items()]:
            if previous is not None and _is_cut(previous.value, entry):
                value = previous.value
                self.emit(
                    Diagnostic(
                        code="IDL103",
                        message="the comma ends the value in a YAML flow map",
                        span=Span(self.source, entry.key.start, entry.key.end),
                        labels=(
                            Label(
                                Span(self.source, value.start, value.end),
                                "the type begins here",
                            ),
                        ),
                        hint="quote the type: 'map<K, V>'",
                    )
                )
                previous.value = ErrorNode(value.start, value.end)
                del node.entries[key]
            else:
                previous = entry

    def shape(self, node: Node, what: str, expected: str) -> None:
        if is_broken(node):
            return
        hint = None
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


def _is_cut(before: Node, entry: Entry) -> bool:
    """Tell whether a comma cut the end of a type off the value `before` a lone key."""
    return (
        entry.key.plain
        and entry.key.text.endswith(">")
        and not entry.key.text.startswith("x-")
        and is_null(entry.value)
        and isinstance(before, ScalarNode)
        and before.text.count("<") > before.text.count(">")
    )
