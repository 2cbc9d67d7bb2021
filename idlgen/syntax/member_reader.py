"""Reads type expressions, and the fields and params that have them."""

from __future__ import annotations

from idlgen.diagnostics import Diagnostic, Span
from idlgen.syntax import forms
from idlgen.syntax.keys import NO_ENTRIES
from idlgen.syntax.nodes import MemberDecl, TypeText
from idlgen.syntax.shapes import MEMBER_NAME, ShapeReader
from idlgen.syntax.type_parser import TypeSyntaxError, parse_type
from idlgen.syntax.yaml_tree import (
    Entry,
    ErrorNode,
    MappingNode,
    Node,
    ScalarNode,
    is_null,
)


class MemberReader(ShapeReader):
    """What types, errors and methods have in common."""

    def members(self, node: Node, key: str) -> list[MemberDecl]:
        """Read `fields:` or `params:`."""
        if is_null(node) or not isinstance(node, MappingNode):
            self.shape(node, f"`{key}`", "a map of names to types")
            return []
        self.rejoin(node)
        return [self.member(entry) for entry in node.entries.values()]

    def member(self, entry: Entry) -> MemberDecl:
        name, value = entry.key, entry.value
        if not MEMBER_NAME.fullmatch(name.text):
            self.bad_name(name, MEMBER_NAME)
        if isinstance(value, ScalarNode):
            type_ = self.type_text(value)
            return MemberDecl(name=name, type=type_)
        entries = self.entries(value, forms.MEMBER)
        return MemberDecl(
            name=name,
            type=self.required_type(entries, value, name.text),
            default=self.value(entries.get("default")),
            constraints=self.constraints(entries),
            wire=self.scalar(entries.get("wire")),
            sensitive=self.flag(entries.get("sensitive")),
            number=self.number(entries.get("number")),
            notes=self.notes(entries),
        )

    def constraints(self, entries: dict[str, Entry]) -> dict[str, Entry]:
        if entries.keys().isdisjoint(forms.CONSTRAINTS):
            return NO_ENTRIES
        return {key: entries[key] for key in forms.CONSTRAINTS if key in entries}

    def required_type(
        self, entries: dict[str, Entry], node: Node, name: str
    ) -> TypeText | None:
        entry = entries.get("type")
        if entry is not None:
            return self.type_text(entry.value)
        message = f"`{name}` has no type"
        self.missing("type", forms.MEMBER, node, node, message, "add `type:`")
        return None

    def type_text(self, node: Node) -> TypeText | None:
        if isinstance(node, ErrorNode):
            return None
        if not isinstance(node, ScalarNode) or is_null(node):
            self.shape(node, "a type", "a type expression such as `list<string>`")
            return None
        # In a quoted scalar the text begins after the quote; escapes inside a type
        # would shift what follows them, which costs a caret and nothing else.
        base = node.start if node.plain else node.start + 1
        parsed = parse_type(node.text)
        if not isinstance(parsed, TypeSyntaxError):
            return TypeText(parsed, base)
        self.emit(
            Diagnostic(
                code="IDL103",
                message=parsed.message,
                span=Span(self.source, base + parsed.start, base + parsed.end),
                hint=parsed.hint,
            )
        )
        return None
