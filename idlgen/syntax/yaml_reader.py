"""Reads YAML text into spanned nodes from PyYAML's events; the only importer of yaml.

Not `load` and not `compose`: those hide anchors, recurse without a limit and give
nothing for a broken file. Limits, repeated keys, tags, merge keys, anchors and further
documents are judged here, so that hostile input costs no more than its own length.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from idlgen.diagnostics import Diagnostic, Label, Source, Span
from idlgen.syntax.yaml_tree import (
    Entry,
    ErrorNode,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
)

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 1_000_000

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_ARRAY = re.compile(r"(?<![\w.])([A-Za-z_][\w.]{,100})\[\]")
_BRACES = re.compile(r"\{\w+\}")


def has_libyaml() -> bool:
    """Tell whether PyYAML was built with libyaml; the pure reader refuses `a?`."""
    return bool(yaml.__with_libyaml__)


def read_yaml(
    source: Source,
    report: Callable[[Diagnostic], None],
    count: Callable[[int], None] | None = None,
) -> Node | None:
    """Return the tree of the first document of `source`, or None if there is none.

    Everything that is not plain YAML of maps, lists and scalars is reported; what was
    read before a syntax error is still returned. `count` is told how many values that
    took, for those who read many files.
    """
    builder = _Builder(source, report)
    loader = yaml.CLoader(source.text)
    try:
        builder.read(loader.get_event)
    except yaml.MarkedYAMLError as error:
        builder.syntax_error(error)
    except yaml.YAMLError as error:
        builder.reader_error(error)
    finally:
        loader.dispose()
    if count is not None:
        count(builder.nodes)
    return builder.root


class _Stop(Exception):
    """Ends the reading of a text that is over a limit."""


Report: TypeAlias = Callable[[Diagnostic], None]

# PyYAML's stubs know neither the attributes of events nor that marks are there.
Event: TypeAlias = Any


class _ListFrame:
    """An open list."""

    def __init__(self, node: SequenceNode) -> None:
        self.node = node

    def add(self, child: Node) -> None:
        self.node.items.append(child)

    def break_off(self) -> None:
        """Forget the last child: the text broke off in it or right after it."""
        if self.node.items:
            last = self.node.items[-1]
            self.node.items[-1] = ErrorNode(last.start, last.end)


class _MapFrame:
    """An open map; `key` waits for its value."""

    def __init__(self, node: MappingNode, source: Source, report: Report) -> None:
        self.node = node
        self.source = source
        self.report = report
        self.key: Node | None = None

    def add(self, child: Node) -> None:
        key = self.key
        if key is None:
            self.key = child
            if not isinstance(child, ScalarNode):
                self.complex_key(child)
            elif child.text in self.node.entries:
                self.repeated(child)
            elif child.plain and child.text == "<<":
                self.merge_key(child)
            return
        self.key = None
        if isinstance(key, ScalarNode):
            self.node.entries[key.text] = Entry(key, child)

    def break_off(self) -> None:
        """Forget the last value: the text broke off in it or right after it."""
        if self.node.entries:
            last = self.node.entries[next(reversed(self.node.entries))]
            last.value = ErrorNode(last.value.start, last.value.end)

    def repeated(self, key: ScalarNode) -> None:
        first = self.node.entries[key.text].key
        self.key = ErrorNode(key.start, key.end)
        self.report(
            Diagnostic(
                code="IDL016",
                message=f"key `{key.text}` is given twice",
                span=Span(self.source, key.start, key.end),
                labels=(
                    Label(Span(self.source, first.start, first.end), "first here"),
                ),
                hint="keep one of them, or rename one",
            )
        )

    def merge_key(self, key: ScalarNode) -> None:
        self.key = ErrorNode(key.start, key.end)
        self.report(
            Diagnostic(
                code="IDL015",
                message="merge key `<<` is not allowed in a schema",
                span=Span(self.source, key.start, key.end),
                hint="write the members out, or declare a type and name it",
            )
        )

    def complex_key(self, key: Node) -> None:
        if isinstance(key, ErrorNode):
            return
        self.report(
            Diagnostic(
                code="IDL019",
                message="a key must be a text, not a list or a map",
                span=Span(self.source, key.start, key.start + 1),
                hint="quote a text that begins with `{` or `[`",
            )
        )


class _Builder:
    """Builds the tree with a stack of its own, so that depth costs no Python frames."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source = source
        self.report = report
        self.root: Node | None = None
        self.stack: list[_ListFrame | _MapFrame] = []
        self.nodes = 0

    def read(self, next_event: Callable[[], Event]) -> None:
        """Consume events up to the end of the stream or the first limit."""
        try:
            while True:
                event = next_event()
                kind = event.__class__
                if kind is ScalarEvent:
                    self.scalar(event)
                elif kind is MappingStartEvent or kind is SequenceStartEvent:
                    self.start(event)
                elif kind is MappingEndEvent or kind is SequenceEndEvent:
                    self.end(event)
                elif kind is AliasEvent:
                    self.alias(event)
                elif kind is DocumentStartEvent and self.root is not None:
                    self.further_document(event)
                elif kind is StreamEndEvent:
                    return
        except _Stop:
            return

    def scalar(self, event: Event) -> None:
        if event.anchor is not None or event.tag is not None:
            self.properties(event)
        self.add(
            ScalarNode(
                event.value,
                not event.style,
                event.start_mark.index,
                event.end_mark.index,
            )
        )

    def start(self, event: Event) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor is not None or event.tag is not None:
            self.properties(event)
        if len(self.stack) >= MAX_DEPTH:
            self.limit(start, f"the text is nested more than {MAX_DEPTH} levels deep")
        frame: _ListFrame | _MapFrame
        if event.__class__ is MappingStartEvent:
            frame = _MapFrame(MappingNode({}, start, end), self.source, self.report)
        else:
            frame = _ListFrame(SequenceNode([], start, end))
        self.add(frame.node)
        self.stack.append(frame)

    def end(self, event: Event) -> None:
        node = self.stack.pop().node
        node.end = event.end_mark.index
        node.complete = True

    def alias(self, event: Event) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        self.report(
            Diagnostic(
                code="IDL013",
                message=f"alias `*{event.anchor}` is not allowed in a schema",
                span=Span(self.source, start, end),
                hint="write the value out, or declare a type and name it",
            )
        )
        self.add(ErrorNode(start, end))

    def add(self, node: Node) -> None:
        """Put a finished or just opened node where it belongs."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.limit(node.start, f"the text holds more than {MAX_NODES:,} values")
        if self.stack:
            self.stack[-1].add(node)
        else:
            self.root = node

    def properties(self, event: Event) -> None:
        """Report the anchor or the tag of a node; the node itself is kept."""
        start = event.start_mark.index
        if event.anchor is not None:
            code, what = "IDL013", f"anchor `&{event.anchor}`"
            hint = "declare a type and name it where it is used"
        elif event.tag == "!":
            return
        else:
            code, what = "IDL014", f"tag `{event.tag}`"
            hint = "leave the tag out; the key says what is expected"
        self.report(
            Diagnostic(
                code=code,
                message=f"{what} is not allowed in a schema",
                span=Span(self.source, start, _word_end(self.source.text, start)),
                hint=hint,
            )
        )

    def further_document(self, event: Event) -> None:
        start = event.start_mark.index
        self.report(
            Diagnostic(
                code="IDL017",
                message="a schema file holds one YAML document, here begins another",
                span=Span(self.source, start, start + 3),
                hint="move it into a file of its own",
            )
        )
        raise _Stop

    def limit(self, start: int, message: str) -> None:
        self.report(
            Diagnostic(
                code="IDL018",
                message=message,
                span=Span(self.source, start, start + 1),
                hint="split the schema into several files",
            )
        )
        raise _Stop

    def syntax_error(self, error: yaml.MarkedYAMLError) -> None:
        """Report what libyaml refused, at the place where it stopped."""
        if self.stack:
            self.stack[-1].break_off()
        text = self.source.text
        mark = error.problem_mark or error.context_mark
        at = min(mark.index, len(text)) if mark is not None else len(text)
        labels: tuple[Label, ...] = ()
        if error.context_mark is not None and error.context_mark.index != at:
            start = min(error.context_mark.index, len(text))
            label = Label(Span(self.source, start, start + 1), error.context or "")
            labels = (label,)
        self.report(
            Diagnostic(
                code="IDL012",
                message=f"not valid YAML: {error.problem or error.context}",
                span=Span(self.source, at, at + 1),
                labels=labels,
                hint=_syntax_hint(self.source, at),
            )
        )

    def reader_error(self, error: yaml.YAMLError) -> None:
        """Report a character that YAML does not admit."""
        found = _FORBIDDEN.search(self.source.text)
        if found is None:
            message, span = f"not valid YAML: {error}", Span(self.source, 0, 0)
        else:
            message = f"character U+{ord(found.group()):04X} is not allowed in YAML"
            span = Span(self.source, *found.span())
        self.report(
            Diagnostic(
                code="IDL026",
                message=message,
                span=span,
                hint='write it as an escape in double quotes, such as "\\u0007"',
            )
        )


def _word_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and not text[end].isspace() and text[end] not in ",[]{}":
        end += 1
    return max(end, start + 1)


def _syntax_hint(source: Source, at: int) -> str | None:
    line = source.lines[source.position(at).line - 1]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces; YAML does not allow tabs there"
    array = _ARRAY.search(line)
    if array is not None:
        return f"write `list<{array[1]}>` for `{array[0]}`"
    if _BRACES.search(line):
        return "quote a text that holds braces: in YAML they open a map"
    return None
