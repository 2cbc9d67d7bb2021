"""Reads a YAML tree into a Document: the shape of the language, and nothing of its meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from idlgen.diagnostics import Diagnostic, Source, Span
from idlgen.syntax import forms
from idlgen.syntax.nodes import (
    AliasDecl,
    Document,
    EnumDecl,
    EnumValueDecl,
    ErrorDecl,
    ExampleDecl,
    MemberDecl,
    MethodDecl,
    NewtypeDecl,
    Notes,
    ServiceDecl,
    StructDecl,
    TypeDecl,
    TypeText,
)
from idlgen.syntax.shapes import (
    MEMBER_NAME,
    NO_ENTRIES,
    NO_NOTES,
    TYPE_NAME,
    ShapeReader,
)
from idlgen.syntax.type_parser import TypeSyntaxError, parse_type
from idlgen.syntax.yaml_tree import (
    Entry,
    ErrorNode,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    as_int,
    is_null,
)

NEWEST_EDITION = 1

_PACKAGE_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


def read_document(
    source: Source, root: Node, report: Callable[[Diagnostic], None]
) -> Document:
    """Return what `root`, the tree of `source`, declares; faults of shape are reported.

    What is faulty is left out or stands with None for its type, so that the rest of
    the file is still checked.
    """
    return _Reader(source, report).document(root)


class _Reader(ShapeReader):
    """One method a construct of the language."""

    def document(self, root: Node) -> Document:
        entries = self.entries(root, forms.DOCUMENT)
        self.edition(entries.get("edition"))
        notes = self.notes(entries)
        return Document(
            source=self.source,
            package=self.package(entries.get("package")),
            version=self.text(entries.get("version")),
            notes=notes,
            types=[*self.types(entries.get("types"))],
            errors=[*self.errors(entries.get("errors"))],
            services=[*self.services(entries.get("services"))],
        )

    def edition(self, entry: Entry | None) -> None:
        if entry is None or isinstance(entry.value, ErrorNode):
            return
        if as_int(entry.value) != NEWEST_EDITION:
            self.report(
                "IDL024",
                entry.value,
                "the edition of the language is not known",
                f"this version of idlgen knows edition {NEWEST_EDITION}",
            )

    def package(self, entry: Entry | None) -> str:
        if entry is not None:
            name = self.text(entry)
            if name is not None and not _PACKAGE_NAME.fullmatch(name):
                self.report(
                    "IDL101",
                    entry.value,
                    f"`{name}` is not a package name",
                    "write dotted lower_snake words, such as `acme.user_accounts`",
                )
            return name or "_"
        stem = PurePosixPath(self.source.path).stem
        if not _PACKAGE_NAME.fullmatch(stem):
            self.emit(
                Diagnostic(
                    code="IDL101",
                    message=f"the file's name gives no package name: `{stem}`",
                    span=Span(self.source, 0, 0),
                    hint="add `package:` with a dotted lower_snake name",
                )
            )
        return stem

    def types(self, entry: Entry | None) -> Iterator[TypeDecl]:
        for name, value in self.named(entry, "types", TYPE_NAME):
            declaration = self.type_declaration(name, value)
            if declaration is not None:
                yield declaration

    def type_declaration(self, name: ScalarNode, value: Node) -> TypeDecl | None:
        if isinstance(value, ScalarNode):
            return AliasDecl(name, self.type_text(value), NO_ENTRIES, NO_NOTES)
        if not isinstance(value, MappingNode):
            self.shape(value, f"type `{name.text}`", "a type expression or a map")
            return None
        kinds = [key for key in forms.TYPE_KINDS if key in value.entries]
        if len(kinds) != 1:
            self.no_kind(name, value, kinds)
            return None
        entries = self.entries(value, forms.TYPE_KINDS[kinds[0]])
        notes = self.notes(entries)
        given = entries[kinds[0]].value
        if kinds[0] == "fields":
            extends = entries.get("extends")
            base = None if extends is None else self.type_text(extends.value)
            return StructDecl(name, self.members(given, "fields"), base, notes)
        if kinds[0] == "enum":
            closed = self.flag(entries.get("closed"))
            return EnumDecl(name, self.enum_values(given), closed, notes)
        kind = AliasDecl if kinds[0] == "alias" else NewtypeDecl
        return kind(name, self.type_text(given), self.constraints(entries), notes)

    def no_kind(self, name: ScalarNode, value: MappingNode, kinds: list[str]) -> None:
        choices = ", ".join(f"`{key}`" for key in forms.TYPE_KINDS)
        if len(kinds) > 1:
            self.report(
                "IDL023",
                value.entries[kinds[1]].key,
                f"type `{name.text}` has both `{kinds[0]}` and `{kinds[1]}`",
                f"a type has exactly one of {choices}",
            )
        elif not self.report_unknown(value, forms.TYPE) and value.complete:
            self.report(
                "IDL022",
                name,
                f"type `{name.text}` does not say what it is",
                f"give it one of {choices}",
            )

    def enum_values(self, node: Node) -> list[EnumValueDecl]:
        if _is_empty(node):
            hint = "list at least one value, or use `string`"
            self.report("IDL117", node, "an enum needs values", hint)
        if isinstance(node, MappingNode):
            return [
                EnumValueDecl(entry.key, self.value_notes(entry.value))
                for entry in node.entries.values()
            ]
        if not isinstance(node, SequenceNode):
            self.shape(node, "`enum`", "a list or a map of values")
            return []
        values = []
        for item in node.items:
            if isinstance(item, ScalarNode):
                values.append(EnumValueDecl(item, NO_NOTES))
            else:
                self.shape(item, "an enum value", "a text")
        return values

    def value_notes(self, node: Node) -> Notes:
        if is_null(node):
            return NO_NOTES
        return self.notes(self.entries(node, forms.ENUM_VALUE))

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
            return MemberDecl(name, type_, None, None, NO_ENTRIES, None, NO_NOTES)
        entries = self.entries(value, forms.MEMBER)
        return MemberDecl(
            name,
            self.required_type(entries, value, name.text),
            self.value(entries.get("default")),
            self.value(entries.get("example")),
            self.constraints(entries),
            self.scalar(entries.get("wire")),
            self.notes(entries),
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

    def errors(self, entry: Entry | None) -> Iterator[ErrorDecl]:
        for name, value in self.named(entry, "errors", TYPE_NAME):
            entries = self.entries(value, forms.ERROR)
            fields = entries.get("fields")
            self.missing(
                "status",
                forms.ERROR,
                value,
                name,
                f"error `{name.text}` has no status",
                "add `status:`, one of the RPC statuses such as `not_found`",
            )
            yield ErrorDecl(
                name=name,
                status=self.scalar(entries.get("status")),
                message=self.scalar(entries.get("message")),
                fields=[] if fields is None else self.members(fields.value, "fields"),
                notes=self.notes(entries),
            )

    def services(self, entry: Entry | None) -> Iterator[ServiceDecl]:
        for name, value in self.named(entry, "services", TYPE_NAME):
            entries = self.entries(value, forms.SERVICE)
            self.missing(
                "methods",
                forms.SERVICE,
                value,
                name,
                f"service `{name.text}` has no methods",
                "add `methods:`",
            )
            methods = self.methods(entries.get("methods"))
            errors = [*self.names(entries.get("errors"))]
            yield ServiceDecl(name, [*methods], errors, self.notes(entries))

    def methods(self, entry: Entry | None) -> Iterator[MethodDecl]:
        for name, value in self.named(entry, "methods", MEMBER_NAME):
            entries = NO_ENTRIES
            if not is_null(value):
                entries = self.entries(value, forms.METHOD)
            params = entries.get("params")
            yield MethodDecl(
                name=name,
                params=[] if params is None else self.members(params.value, "params"),
                returns=self.result(entries.get("returns")),
                errors=[*self.names(entries.get("errors"))],
                readonly=self.flag(entries.get("readonly")),
                idempotent=self.flag(entries.get("idempotent")),
                timeout=self.seconds(entries.get("timeout")),
                examples=[*self.examples(entries.get("examples"))],
                notes=self.notes(entries),
            )

    def result(self, entry: Entry | None) -> TypeText | None:
        if entry is None:
            return None
        if not isinstance(entry.value, MappingNode):
            return self.type_text(entry.value)
        entries = self.entries(entry.value, forms.RESULT)
        return self.required_type(entries, entry.value, "returns")

    def examples(self, entry: Entry | None) -> Iterator[ExampleDecl]:
        for name, value in self.named(entry, "examples", None):
            entries = self.entries(value, forms.EXAMPLE)
            yield ExampleDecl(
                name,
                self.value(entries.get("params")),
                self.value(entries.get("returns")),
                self.notes(entries),
            )


def _is_empty(node: Node) -> bool:
    if isinstance(node, MappingNode):
        return node.complete and not node.entries
    return isinstance(node, SequenceNode) and node.complete and not node.items
