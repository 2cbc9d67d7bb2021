"""JSON Schemas (draft-07, as OpenRPC has them) of types as members and calls use them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from idlgen.model import (
    Alias,
    Api,
    Constraints,
    Enum,
    Field,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    Presence,
    ScalarType,
    SetType,
    TypeRef,
)
from idlgen.targets.openrpc.component_names import ComponentNames
from idlgen.targets.openrpc.constraints import keywords, tightened
from idlgen.targets.openrpc.notes import notes, value_notes
from idlgen.targets.openrpc.scalars import Json, key_schema, scalar_schema

NULL: Json = {"type": "null"}


class Members(NamedTuple):
    """The members of an object, and the names of those that are always there."""

    properties: Json
    required: list[str]


def object_schema(members: Members, *, is_strict: bool = False) -> Json:
    """Return the schema of an object; a strict one has no other members."""
    schema: Json = {"type": "object", "properties": members.properties}
    if members.required:
        schema["required"] = members.required
    if is_strict:
        schema["additionalProperties"] = False
    return schema


class Schemas:
    """Makes the schemas of one document; what is declared is referred to."""

    def __init__(self, api: Api, names: ComponentNames) -> None:
        self.api = api
        self.names = names

    def reference(self, ref: NamedType) -> Json:
        """Return the reference to the component of a declared type or error."""
        return {"$ref": f"#/components/schemas/{self.names.key(ref)}"}

    def type(self, ref: TypeRef) -> Json:
        """Return the schema of `ref`."""
        match ref:
            case ScalarType(scalar):
                return scalar_schema(scalar)
            case NamedType():
                return self.reference(ref)
            case ListType(element):
                return {"type": "array", "items": self.type(element)}
            case SetType(element):
                items = self.type(element)
                return {"type": "array", "items": items, "uniqueItems": True}
            case MapType(key, value):
                return self._map(key, value)
            case NullableType(inner):
                return nullable(self.type(inner))
            case _:
                raise AssertionError(ref)

    def limited(self, ref: TypeRef, constraints: Constraints) -> Json:
        """Return the schema of the values of `ref` that meet `constraints`."""
        added = keywords(self.api, ref, constraints)
        schema = self.type(ref)
        return _beside(schema, tightened(schema, added)) if added else schema

    def value(self, field: Field) -> Json:
        """Return the schema of a member's value, without what is said to people.

        Null is read as the absence of an optional one.
        """
        schema = self.limited(field.type, field.constraints)
        return nullable(schema) if field.presence is Presence.OPTIONAL else schema

    def members(self, fields: Iterable[Field]) -> Members:
        """Return what an object with these members says of them."""
        fields = tuple(fields)
        return Members(
            {field.wire_name: self._member(field) for field in fields},
            [f.wire_name for f in fields if f.presence is Presence.REQUIRED],
        )

    def _member(self, field: Field) -> Json:
        return noted(
            self.value(field), notes(field), {**value_notes(field), **field.extensions}
        )

    def _map(self, key: TypeRef, value: TypeRef) -> Json:
        schema: Json = {"type": "object"}
        names = self._map_keys(key)
        if names is not None:
            schema["propertyNames"] = names
        return {**schema, "additionalProperties": self.type(value)}

    def _map_keys(self, key: TypeRef) -> Json | None:
        """Return the schema of the names of a map's members, which are always texts."""
        named = key
        while isinstance(key, NamedType):
            declared = self.api.declaration(key)
            if isinstance(declared, Enum):
                return self.type(named)
            assert isinstance(declared, Alias | Newtype)
            key = declared.type
        assert isinstance(key, ScalarType)
        if key is not named and scalar_schema(key.scalar)["type"] == "string":
            return self.type(named)
        return key_schema(key.scalar)


def nullable(schema: Json) -> Json:
    """Return the schema that takes null too."""
    kinds = schema.get("type")
    if not schema:
        return schema
    if kinds is None:
        return {"anyOf": [schema, NULL]}
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {**schema, "type": [*listed, "null"]}


def noted(schema: Json, before: Json, after: Json) -> Json:
    """Return `schema` with notes around it."""
    if not before and not after:
        return schema
    return {**before, **_beside(schema, schema), **after}


def _beside(schema: Json, merged: Json) -> Json:
    """Return `merged`, made of `schema`, so that readers heed all of it.

    What stands beside a reference is passed over in draft-07.
    """
    if "$ref" not in schema:
        return merged
    rest = {name: value for name, value in merged.items() if name != "$ref"}
    return {"allOf": [schema], **rest}
