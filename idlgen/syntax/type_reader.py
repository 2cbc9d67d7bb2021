"""Reads the `types` section."""

from __future__ import annotations

import re
from collections.abc import Iterator

from idlgen.syntax import forms
from idlgen.syntax.member_reader import MemberReader
from idlgen.syntax.nodes import (
    AliasDecl,
    EnumDecl,
    EnumValueDecl,
    NewtypeDecl,
    StructDecl,
    TypeDecl,
    UnionDecl,
    VariantDecl,
)
from idlgen.syntax.shapes import NO_ENTRIES, NO_NOTES, TYPE_NAME, VALUE_NUMBERS
from idlgen.syntax.yaml_tree import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    is_null,
)

_GENERIC_NAME = re.compile(r"([A-Z][A-Za-z0-9_]*)<([^<>]+)>")
_PARAM = re.compile(r"[^\s,]+")


class TypeReader(MemberReader):
    """One method a kind of type."""

    def types(self, entry: Entry | None) -> Iterator[TypeDecl]:
        """Yield what can be read of each declaration."""
        for key, value in self.named(entry, "types", None):
            name, params = self.type_name(key)
            declaration = self.type_declaration(name, params, value)
            if declaration is not None:
                yield declaration

    def type_name(self, key: ScalarNode) -> tuple[ScalarNode, list[ScalarNode]]:
        """Return the name and the type params of `Page<T>`."""
        generic = _GENERIC_NAME.fullmatch(key.text)
        if generic is None:
            if not TYPE_NAME.fullmatch(key.text):
                self.bad_name(key, TYPE_NAME)
            return key, []
        # In a quoted key the text begins after the quote.
        base = key.start if key.plain else key.start + 1
        name = ScalarNode(generic[1], key.plain, base, base + len(generic[1]))
        params = []
        for found in _PARAM.finditer(generic[2]):
            start = base + generic.start(2) + found.start()
            param = ScalarNode(found[0], key.plain, start, start + len(found[0]))
            if not TYPE_NAME.fullmatch(param.text):
                self.bad_name(param, TYPE_NAME)
            params.append(param)
        return name, params

    def type_declaration(
        self, name: ScalarNode, params: list[ScalarNode], value: Node
    ) -> TypeDecl | None:
        kind = self.kind(name, value)
        if params and kind not in ("fields", None):
            self.report(
                "IDL105",
                params[0],
                "only structs take type params",
                "give the type `fields:`, or leave the brackets out",
            )
        if isinstance(value, ScalarNode):
            return AliasDecl(name, self.type_text(value), NO_ENTRIES, NO_NOTES)
        if kind is None:
            return None
        entries = self.entries(value, forms.TYPE_KINDS[kind])
        given = entries[kind].value
        if kind == "fields":
            return self.struct(name, params, entries)
        if kind == "enum":
            return self.enum(name, entries)
        if kind == "union":
            return self.union(name, entries)
        declared = AliasDecl if kind == "alias" else NewtypeDecl
        constraints = self.constraints(entries)
        return declared(name, self.type_text(given), constraints, self.notes(entries))

    def kind(self, name: ScalarNode, value: Node) -> str | None:
        """Return the key that tells which kind of type `value` declares."""
        if isinstance(value, ScalarNode):
            return "alias"
        if not isinstance(value, MappingNode):
            self.shape(value, f"type `{name.text}`", "a type expression or a map")
            return None
        kinds = [key for key in forms.TYPE_KINDS if key in value.entries]
        if len(kinds) != 1:
            self.no_kind(name, value, kinds)
            return None
        return kinds[0]

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

    def struct(
        self, name: ScalarNode, params: list[ScalarNode], entries: dict[str, Entry]
    ) -> StructDecl:
        extends = entries.get("extends")
        return StructDecl(
            name=name,
            params=params,
            fields=self.members(entries["fields"].value, "fields"),
            extends=None if extends is None else self.type_text(extends.value),
            strict=self.flag(entries.get("strict")),
            notes=self.notes(entries),
        )

    def enum(self, name: ScalarNode, entries: dict[str, Entry]) -> EnumDecl:
        closed = self.flag(entries.get("closed"))
        values = self.enum_values(entries["enum"].value)
        return EnumDecl(name, values, closed, self.notes(entries))

    def enum_values(self, node: Node) -> list[EnumValueDecl]:
        if _is_empty(node):
            hint = "list at least one value, or use `string`"
            self.report("IDL117", node, "an enum needs values", hint)
        if isinstance(node, MappingNode):
            return [
                self.enum_value(entry.key, entry.value)
                for entry in node.entries.values()
            ]
        if not isinstance(node, SequenceNode):
            self.shape(node, "`enum`", "a list or a map of values")
            return []
        values = []
        for item in node.items:
            if isinstance(item, ScalarNode):
                values.append(EnumValueDecl(item, None, NO_NOTES))
            else:
                self.shape(item, "an enum value", "a text")
        return values

    def enum_value(self, name: ScalarNode, node: Node) -> EnumValueDecl:
        if is_null(node):
            return EnumValueDecl(name, None, NO_NOTES)
        entries = self.entries(node, forms.ENUM_VALUE)
        number = self.number(entries.get("number"), VALUE_NUMBERS)
        return EnumValueDecl(name, number, self.notes(entries))

    def union(self, name: ScalarNode, entries: dict[str, Entry]) -> UnionDecl:
        return UnionDecl(
            name=name,
            variants=self.variants(entries["union"].value),
            tag=self.scalar(entries.get("tag")),
            flat=self.flag(entries.get("flat")),
            closed=self.flag(entries.get("closed")),
            notes=self.notes(entries),
        )

    def variants(self, node: Node) -> list[VariantDecl]:
        if _is_empty(node):
            hint = "name at least one, as in `{created: User, purged: null}`"
            self.report("IDL117", node, "a union needs variants", hint)
        if not isinstance(node, MappingNode):
            self.shape(node, "`union`", "a map of tags to types")
            return []
        self.rejoin(node)
        return [self.variant(entry.key, entry.value) for entry in node.entries.values()]

    def variant(self, name: ScalarNode, node: Node) -> VariantDecl:
        if is_null(node):
            return VariantDecl(name, False, None, None, NO_NOTES)
        if not isinstance(node, MappingNode):
            return VariantDecl(name, True, self.type_text(node), None, NO_NOTES)
        entries = self.entries(node, forms.VARIANT)
        type_ = entries.get("type")
        carries = type_ is not None and not is_null(type_.value)
        return VariantDecl(
            name=name,
            carries=carries,
            type=self.type_text(type_.value) if type_ and carries else None,
            number=self.number(entries.get("number")),
            notes=self.notes(entries),
        )


def _is_empty(node: Node) -> bool:
    if isinstance(node, MappingNode):
        return node.complete and not node.entries
    return isinstance(node, SequenceNode) and node.complete and not node.items
