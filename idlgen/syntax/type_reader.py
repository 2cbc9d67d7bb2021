"""Reads the `types` section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from idlgen.syntax import forms
from idlgen.syntax.keys import NO_ENTRIES
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
from idlgen.syntax.shapes import NO_NOTES, VALUE_NUMBERS
from idlgen.syntax.type_names import TypeNameReader
from idlgen.syntax.yaml_tree import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    is_null,
)

Entries: TypeAlias = dict[str, Entry]


class TypeReader(TypeNameReader):
    """One method a kind of type."""

    def types(self, entry: Entry | None) -> Iterator[TypeDecl]:
        """Yield what can be read of each declaration."""
        for key, value in self.named(entry, "types", None):
            name, params = self.type_name(key)
            yield self.type_declaration(name, params, value)

    def type_declaration(
        self, name: ScalarNode, params: list[ScalarNode], value: Node
    ) -> TypeDecl:
        """Return what can be read: uses of what cannot are no faults of their own."""
        kind, entries = self.kind(name, value)
        if params and kind != "fields":
            if kind is not None:
                self.report(
                    "IDL105",
                    params[0],
                    "only structs take type params",
                    "give the type `fields:`, or leave the brackets out",
                )
            return StructDecl(name, params, [], None, False, self.notes(entries))
        if isinstance(value, ScalarNode):
            return AliasDecl(name, self.type_text(value), NO_ENTRIES, NO_NOTES)
        match kind:
            case "fields":
                return self.struct(name, params, entries)
            case "enum":
                return self.enum(name, entries)
            case "union":
                return self.union(name, entries)
            case None:
                return AliasDecl(name, None, NO_ENTRIES, self.notes(entries))
        declared = AliasDecl if kind == "alias" else NewtypeDecl
        type_ = self.type_text(entries[kind].value)
        return declared(name, type_, self.constraints(entries), self.notes(entries))

    def kind(self, name: ScalarNode, value: Node) -> tuple[str | None, Entries]:
        """Return the key that tells which kind of type `value` declares, and its entries."""
        if isinstance(value, ScalarNode):
            return "alias", NO_ENTRIES
        if not isinstance(value, MappingNode):
            self.shape(value, f"type `{name.text}`", "a type expression or a map")
            return None, NO_ENTRIES
        kinds = [key for key in forms.TYPE_KINDS if key in value.entries]
        if len(kinds) == 1:
            return kinds[0], self.entries(value, forms.TYPE_KINDS[kinds[0]])
        if kinds:
            self.several_kinds(name, value, kinds)
            return None, NO_ENTRIES
        entries = self.entries(value, forms.TYPE)
        kinds = [key for key in forms.TYPE_KINDS if key in entries]
        if kinds:
            return kinds[0], entries
        if value.complete and not any(self.unknown(value, forms.TYPE)):
            choices = ", ".join(f"`{key}`" for key in forms.TYPE_KINDS)
            self.report(
                "IDL022",
                name,
                f"type `{name.text}` does not say what it is",
                (
                    "add the `fields:` that it has besides, `{}` for none"
                    if "extends" in entries
                    else f"give it one of {choices}"
                ),
            )
        return None, NO_ENTRIES

    def several_kinds(
        self, name: ScalarNode, value: MappingNode, kinds: list[str]
    ) -> None:
        choices = ", ".join(f"`{key}`" for key in forms.TYPE_KINDS)
        self.report(
            "IDL023",
            value.entries[kinds[1]].key,
            f"type `{name.text}` has both `{kinds[0]}` and `{kinds[1]}`",
            f"a type has exactly one of {choices}",
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
            self.shape(
                node,
                "`union`",
                "a map of tags to types",
                "give each type a tag, as in `{created: User, purged: null}`",
            )
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
