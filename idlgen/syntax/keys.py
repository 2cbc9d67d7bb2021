"""Reads the keys of maps: those that a form lists, misspelt ones, and types that commas cut."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from idlgen.diagnostics import Diagnostic, Label, Source, Span
from idlgen.diagnostics.suggest import did_you_mean, nearest
from idlgen.syntax.forms import Form
from idlgen.syntax.yaml_tree import (
    Entry,
    ErrorNode,
    MappingNode,
    Node,
    ScalarNode,
    describe,
    is_broken,
    is_null,
)

# The longest type that a hint writes out.
MAX_QUOTED = 80
# How alike a misspelt key is to the one that it is taken for, of 1.
SURELY_ALIKE = 0.8

# What people write who come from another language.
_FOREIGN = {
    "description": "doc",
    "summary": "doc",
    "struct": "fields",
    "properties": "fields",
    "values": "enum",
    "variants": "union",
    "oneOf": "union",
    "oneof": "union",
    "minimum": "min",
    "maximum": "max",
    "exclusiveMinimum": "exclusive_min",
    "exclusiveMaximum": "exclusive_max",
    "request": "params",
    "input": "params",
    "args": "params",
    "response": "returns",
    "result": "returns",
    "output": "returns",
    "throws": "errors",
    "raises": "errors",
    "rpcs": "methods",
    "code": "status",
    "json": "wire",
}
NO_ENTRIES: dict[str, Entry] = {}


class KeyReader:
    """Takes maps apart, and reports what has another shape."""

    def __init__(self, source: Source, report: Callable[[Diagnostic], None]) -> None:
        self.source = source
        self.emit = report

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
            foreign = _FOREIGN.get(key.text)
            hint = did_you_mean(key.text, form.keys)
            if foreign in form.keys:
                hint = f"did you mean `{foreign}`?"
            if key.text == "example" and form.instead is not None:
                advice = form.instead
            elif hint:
                advice = f"{hint} {form.what} takes {allowed}"
            else:
                advice = f"it takes {allowed}"
            message = f"{form.what} has no key `{key.text}`"
            self.report("IDL020", key, message, advice)

    def rejoin(self, node: MappingNode) -> None:
        """Report `{a: map<K, V>}`, which YAML reads as the keys `a` and `V>`."""
        if not any(">" in key for key in node.entries):
            return
        parts: list[Entry] = []
        depth = 0
        for entry in [*node.entries.values()]:
            if parts and _is_lone(entry):
                parts.append(entry)
                depth += _opened(entry.key)
                if depth <= 0:
                    self.report_cut(node, parts)
                    parts = []
            else:
                depth = _opened(entry.value)
                parts = [entry] if depth > 0 else []

    def report_cut(self, node: MappingNode, parts: list[Entry]) -> None:
        """Report that commas cut a type into the value of a key and lone keys."""
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
                hint=f"quote the type: {_quoted(parts)}",
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
        elif key not in form.keys and not (key == "example" and form.instead):
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
    # Only a misspelt key needs it.
    from difflib import SequenceMatcher

    alike = SequenceMatcher(None, key.lower(), found).ratio()
    return found if alike >= SURELY_ALIKE else None


def _opened(node: Node) -> int:
    """Return how many brackets a text opens that it does not close."""
    if isinstance(node, ScalarNode):
        return node.text.count("<") - node.text.count(">")
    return 0


def _is_lone(entry: Entry) -> bool:
    """Tell whether a key without a value may be the rest of what a comma cut off."""
    key = entry.key
    return key.plain and not key.text.startswith("x-") and is_null(entry.value)


def _quoted(parts: list[Entry]) -> str:
    first, *rest = parts
    text = first.value.text if isinstance(first.value, ScalarNode) else ""
    whole = ", ".join((text, *(entry.key.text for entry in rest)))
    return f"'{whole}'" if len(whole) <= MAX_QUOTED else "'map<K, V>'"
