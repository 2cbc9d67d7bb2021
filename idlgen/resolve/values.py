"""Defaults and examples: do they fit their types, and what JSON are they."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Sequence

import msgspec

from idlgen.diagnostics import Diagnostic, Label
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.model import (
    VALUE_KEY,
    Alias,
    Constraints,
    Enum,
    ErrorType,
    Field,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    Presence,
    Scalar,
    ScalarType,
    SetType,
    StreamType,
    Struct,
    TypeDeclaration,
    TypeParam,
    TypeRef,
    Union,
    Variant,
    instance_fields,
)
from idlgen.resolve.constraints import violation
from idlgen.resolve.scalars import Misfit, scalar_value
from idlgen.resolve.scope import Scope
from idlgen.syntax.yaml_tree import (
    Entry,
    ErrorNode,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    describe,
    is_null,
    plain_value,
)

# How many values of an enum, or variants of a union, a message lists.
MAX_LISTED = 20


class ValueReader:
    """Reads YAML values against types; what does not fit is reported at its own place."""

    def __init__(
        self,
        scope: Scope,
        declaration: Callable[[NamedType], TypeDeclaration],
        default: Callable[[Field], object],
    ) -> None:
        self.scope = scope
        self.declaration = declaration
        self.default = default

    def read(self, node: Node, type_: TypeRef) -> object:
        """Return the JSON value of `node`, with defaults of structs filled in."""
        return self._constrained(node, type_, [])

    def constrained(self, node: Node, field: Field) -> object:
        """Return the JSON value of `node`, which must meet the constraints of `field`."""
        return self._constrained(node, field.type, [field.constraints])

    def _constrained(
        self, node: Node, type_: TypeRef, limits: list[Constraints]
    ) -> object:
        while isinstance(type_, NullableType | NamedType):
            if isinstance(type_, NullableType):
                if is_null(node):
                    return None
                type_ = type_.inner
                continue
            declared = self.declaration(type_)
            if not isinstance(declared, Alias | Newtype):
                break
            if type_ in self.scope.endless:
                return None
            limits.append(declared.constraints)
            type_ = declared.type
        value = self._value(node, type_)
        is_bytes = type_ == ScalarType(Scalar.BYTES) and isinstance(value, str)
        # What limits bind of bytes is not their base64.
        measured = b64decode(str(value)) if is_bytes else value
        for constraints in limits:
            expected = violation(measured, constraints)
            if expected is not None:
                self._misfit(node, expected)
                break
        return value

    def _value(self, node: Node, type_: TypeRef) -> object:
        """Return the value of a type that is neither nullable nor another name."""
        if isinstance(node, ErrorNode) or isinstance(type_, ErrorType):
            return None
        if isinstance(type_, ScalarType):
            return self._scalar(node, type_.scalar)
        if isinstance(type_, ListType):
            return self._list(node, type_.element)
        if isinstance(type_, SetType):
            return self._set(node, type_.element)
        if isinstance(type_, MapType):
            return self._map(node, type_)
        if isinstance(type_, StreamType):
            return self._list(node, type_.item)
        if isinstance(type_, TypeParam):
            self._report(node, f"no value fits every `{type_.name}`")
            return None
        assert isinstance(type_, NamedType)
        return self._named(node, type_)

    def members(
        self, node: Node, fields: Sequence[Field], what: str, kind: str = "field"
    ) -> dict[str, object]:
        """Return a JSON object of `fields`; unknown and missing ones are reported.

        A schema writes members by their names, the wire by their wire names.

        `what` names their owner, `kind` is what messages call a member of it.
        """
        if not isinstance(node, MappingNode):
            self._misfit(node, f"a map with the {kind}s of {what}")
            return {}
        known = {field.name: field for field in fields}
        for key, entry in node.entries.items():
            if key not in known:
                self._report(
                    entry.key,
                    f"{what} has no {kind} `{key}`",
                    did_you_mean(key, known),
                )
        members = {}
        for field in fields:
            given = node.entries.get(field.name)
            if given is not None:
                members.update(self._member(given.value, field))
            elif field.presence is Presence.DEFAULTED:
                members[field.wire_name] = self.default(field)
            elif field.presence is Presence.REQUIRED:
                self._report(node, f"{what} needs the {kind} `{field.name}`")
        return members

    def _member(self, node: Node, field: Field) -> dict[str, object]:
        if field.presence is Presence.OPTIONAL and is_null(node):
            return {}
        return {field.wire_name: self.constrained(node, field)}

    def _scalar(self, node: Node, scalar: Scalar) -> object:
        if scalar is Scalar.ANY:
            return plain_value(node)
        if not isinstance(node, ScalarNode) or is_null(node):
            self._misfit(node, f"a value of type `{scalar}`")
            return None
        try:
            return scalar_value(node, scalar)
        except Misfit as misfit:
            self._misfit(node, str(misfit))
            return None

    def _list(self, node: Node, element: TypeRef) -> list[object]:
        if not isinstance(node, SequenceNode):
            self._misfit(node, "a list")
            return []
        return [self.read(item, element) for item in node.items]

    def _set(self, node: Node, element: TypeRef) -> list[object]:
        values = self._list(node, element)
        seen: dict[bytes, Node] = {}
        if isinstance(node, SequenceNode):
            for item, value in zip(node.items, values, strict=True):
                first = seen.setdefault(msgspec.json.encode(value), item)
                if first is not item:
                    self._report(item, "a set holds each value once", first=first)
        return values

    def _map(self, node: Node, type_: MapType) -> dict[str, object]:
        if not isinstance(node, MappingNode):
            self._misfit(node, "a map")
            return {}
        values: dict[str, object] = {}
        first: dict[str, Node] = {}
        for entry in node.entries.values():
            key = self._key(entry.key, type_.key)
            if first.setdefault(key, entry.key) is not entry.key:
                self._report(entry.key, "a map holds each key once", first=first[key])
            values[key] = self.read(entry.value, type_.value)
        return values

    def _key(self, node: ScalarNode, type_: TypeRef) -> str:
        """Return the text that a key is on the wire: that of 0x10 is `16`."""
        # A key is a text on the wire; as `{1: ...}` it reads like the number.
        plain = ScalarNode(node.text, True, node.start, node.end)
        quoted = ScalarNode(node.text, False, node.start, node.end)
        value = self.read(quoted if is_null(plain) else plain, type_)
        return node.text if value is None else str(value)

    def _named(self, node: Node, type_: NamedType) -> object:
        declared = self.declaration(type_)
        if isinstance(declared, Enum):
            return self._enum(node, declared)
        if isinstance(declared, Union):
            return self._union(node, declared)
        assert isinstance(declared, Struct)
        fields = instance_fields(declared, type_.args)
        return self.members(node, fields, f"`{declared.name}`")

    def _union(self, node: Node, union: Union) -> object:
        """Return an object as the wire has it, the tag first."""
        texts = [variant.text for variant in union.variants]
        if not texts:
            # That it has no variants has been reported.
            return None
        if not isinstance(node, MappingNode):
            self._misfit(node, f"a map with `{union.tag}`")
            return None
        tag = node.entries.get(union.tag)
        if tag is None:
            hint = _one_of("variants", texts)
            self._report(node, f"`{union.name}` needs the member `{union.tag}`", hint)
            return None
        text = tag.value.text if isinstance(tag.value, ScalarNode) else None
        for variant in union.variants:
            if variant.text == text:
                return {union.tag: text, **self._payload(node, union, variant)}
        hint = did_you_mean(text or "", texts) or _one_of("variants", texts)
        shown = describe(tag.value) if text is None else f"`{text}`"
        self._report(tag.value, f"`{union.name}` has no variant {shown}", hint)
        return None

    def _payload(
        self, node: MappingNode, union: Union, variant: Variant
    ) -> dict[str, object]:
        what = f"variant `{variant.text}`"
        members = {key: e for key, e in node.entries.items() if key != union.tag}
        inside = MappingNode(members, node.start, node.end, node.complete)
        if union.flat and variant.type is not None:
            self._rename_beside_tag(members, union.tag, variant.type)
            value = self.read(inside, variant.type)
            return value if isinstance(value, dict) else {}
        for key, entry in members.items():
            if key != VALUE_KEY or variant.type is None:
                hint = did_you_mean(key, (VALUE_KEY,)) if variant.type else None
                self._report(entry.key, f"{what} has no member `{key}`", hint)
        if variant.type is None:
            return {}
        given = members.get(VALUE_KEY)
        if given is None:
            self._report(node, f"{what} needs the member `{VALUE_KEY}`")
            return {}
        return {VALUE_KEY: self.read(given.value, variant.type)}

    def _rename_beside_tag(
        self, members: dict[str, Entry], tag: str, type_: TypeRef
    ) -> None:
        """Name a field as the schema does whose name is the tag's.

        The tag stands there; so such a field is written as on the wire, where it must
        be called otherwise.
        """
        declared = None
        while isinstance(type_, NamedType):
            declared = self.declaration(type_)
            type_ = declared.type if isinstance(declared, Alias) else ErrorType()
        if isinstance(declared, Struct):
            names = {field.name: field.wire_name for field in declared.fields}
            wire = names.get(tag, tag)
            if wire in members and wire not in names:
                members[tag] = members.pop(wire)

    def _enum(self, node: Node, enum: Enum) -> str | None:
        texts = [value.text for value in enum.values]
        if not texts:
            # That it has no values has been reported.
            return None
        if isinstance(node, ScalarNode) and node.text in texts:
            return node.text
        if not isinstance(node, ScalarNode) or is_null(node):
            self._misfit(node, f"a value of `{enum.name}`")
            return None
        hint = did_you_mean(node.text, texts) or _one_of("values", texts)
        self._report(node, f"`{enum.name}` has no value `{node.text}`", hint)
        return None

    def _misfit(self, node: Node, expected: str) -> None:
        found = describe(node)
        if isinstance(node, ScalarNode):
            found = f"`{node.text}`" if node.plain else f"the text `{node.text}`"
        self._report(node, f"expected {expected}, found {found}")

    def _report(
        self,
        node: Node,
        message: str,
        hint: str | None = None,
        first: Node | None = None,
    ) -> None:
        labels: tuple[Label, ...] = ()
        if first is not None:
            labels = (Label(self.scope.document.place(first), "first here"),)
        self.scope.report(
            Diagnostic(
                code="IDL109",
                message=message,
                span=self.scope.document.place(node),
                labels=labels,
                hint=hint,
            )
        )


def _one_of(what: str, texts: Sequence[str]) -> str:
    listed = ", ".join(f"`{text}`" for text in texts[:MAX_LISTED])
    more = len(texts) - MAX_LISTED
    return f"its {what} are {listed}" + (f" and {more:,} more" if more > 0 else "")
