"""The JSON Schema (draft 2020-12) of a drawn type: its twin, as two kinds of readers see it.

Servers are strict: they know all values of enums and all variants of unions, and refuse
what repeats in a set and unknown members of strict structs. Clients are lenient: they
keep what they do not know of what is open. Where idlgen refuses more than JSON Schema
can, `differences` says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsonschema import Draft202012Validator

from idlgen.model import (
    Constraints,
    Enum,
    Field,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Presence,
    Scalar,
    ScalarType,
    SetType,
    Struct,
    TypeRef,
    Union,
    Variant,
)
from tests.property.json_scalars import Schema, SchemaValidator
from tests.property.references import Types, bare, base_of, fields_of, struct_behind
from tests.property.scalar_values import RANGES

_KEYWORDS: Mapping[str, str] = {
    "min": "minimum",
    "max": "maximum",
    "exclusive_min": "exclusiveMinimum",
    "exclusive_max": "exclusiveMaximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
}
_FLOAT32_MAX = 3.4028234663852886e38


def validator_of(ref: TypeRef, types: Types, *, strict: bool) -> Draft202012Validator:
    """Return the validator of values of `ref` for servers, or for clients."""
    exporter = _Exporter(types, strict=strict)
    schema = exporter.type(ref)
    validator: Draft202012Validator = SchemaValidator(
        {"$defs": exporter.definitions(), **schema}
    )
    return validator


class _Exporter:
    """Structs and unions, those of generic structs with arguments, are definitions."""

    def __init__(self, types: Types, *, strict: bool) -> None:
        self._types = types
        self._strict = strict
        self._numbers: dict[NamedType, int] = {}

    def definitions(self) -> dict[str, Schema]:
        """Return the schemas of all that has been referred to, and of what they use."""
        found: dict[str, Schema] = {}
        while len(found) < len(self._numbers):
            ref = [*self._numbers][len(found)]
            found[str(len(found))] = self._definition(ref)
        return found

    def _definition(self, ref: NamedType) -> Schema:
        declared = self._types[bare(ref)]
        if isinstance(declared, Union):
            return self._union(declared)
        return self._struct(ref, {}, [])

    def _struct(
        self, ref: NamedType, beside: Mapping[str, Schema], needed: Sequence[str]
    ) -> Schema:
        """Return the schema of a struct with more members `beside` its fields."""
        struct = self._types[bare(ref)]
        assert isinstance(struct, Struct)
        fields = fields_of(ref, self._types)
        properties = {field.wire_name: self._member(field) for field in fields}
        required = [f.wire_name for f in fields if f.presence is Presence.REQUIRED]
        schema = _object({**properties, **beside}, [*required, *needed])
        if struct.strict and self._strict:
            schema["additionalProperties"] = False
        return schema

    def _union(self, union: Union) -> Schema:
        choices = [self._variant(union, variant) for variant in union.variants]
        if not union.closed and not self._strict:
            texts = [variant.text for variant in union.variants]
            unknown = {"type": "string", "not": {"enum": texts}}
            choices.append(_object({union.tag: unknown}, [union.tag]))
        return {"anyOf": choices}

    def _variant(self, union: Union, variant: Variant) -> Schema:
        tag: Schema = {union.tag: {"const": variant.text}}
        # Clients do not miss the tag where there is but one.
        needed = [union.tag] if self._strict or len(union.variants) > 1 else []
        if variant.type is None:
            return _object(tag, needed)
        if not union.flat:
            payload = self.type(variant.type)
            return _object({**tag, "value": payload}, [*needed, "value"])
        struct = struct_behind(variant.type, self._types)
        assert struct is not None
        return self._struct(struct, tag, needed)

    def _member(self, field: Field) -> Schema:
        schema = self._limited(field.type, field.constraints)
        if field.presence is Presence.OPTIONAL:
            return {"anyOf": [schema, {"type": "null"}]}
        return schema

    def type(self, ref: TypeRef) -> Schema:
        match ref:
            case ScalarType(scalar=scalar):
                return _scalar(scalar)
            case ListType(element=element):
                return {"type": "array", "items": self.type(element)}
            case SetType(element=element):
                items = self.type(element)
                return {"type": "array", "items": items, "uniqueItems": self._strict}
            case MapType(key=key, value=value):
                return {
                    "type": "object",
                    "propertyNames": self._key(key),
                    "additionalProperties": self.type(value),
                }
            case NullableType(inner=inner):
                return {"anyOf": [self.type(inner), {"type": "null"}]}
            case NamedType():
                return self._named(ref)
            case _:
                raise AssertionError(ref)

    def _named(self, ref: NamedType) -> Schema:
        declared = self._types[bare(ref)]
        if isinstance(declared, Struct | Union):
            number = self._numbers.setdefault(ref, len(self._numbers))
            return {"$ref": f"#/$defs/{number}"}
        if not isinstance(declared, Enum):
            return self._limited(declared.type, declared.constraints)
        if declared.closed or self._strict:
            return {"enum": [value.text for value in declared.values]}
        return {"type": "string"}

    def _limited(self, ref: TypeRef, constraints: Constraints) -> Schema:
        base = base_of(ref, self._types)
        limits = {
            name: bound
            for name in constraints.__struct_fields__
            if (bound := getattr(constraints, name)) is not None
        }
        if not limits:
            return self.type(ref)
        if isinstance(base, ScalarType) and base.scalar is not Scalar.STRING:
            keywords: Schema = {"scalar": {"scalar": base.scalar, **limits}}
        elif isinstance(base, ScalarType):
            keywords = {_KEYWORDS[name]: bound for name, bound in limits.items()}
        else:
            what = "Properties" if isinstance(base, MapType) else "Items"
            keywords = {
                f"{name.removesuffix('_items')}{what}": bound
                for name, bound in limits.items()
            }
        return {"allOf": [self.type(ref), keywords]}

    def _key(self, key: TypeRef) -> Schema:
        """Return the schema of names of members, which are always texts."""
        base = base_of(key, self._types)
        if isinstance(base, ScalarType) and base.scalar in RANGES:
            return {"number": self.type(key)}
        return self.type(key)


def _object(properties: Mapping[str, Schema], required: Sequence[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required}


def _scalar(scalar: Scalar) -> Schema:
    keyword: Schema = {"scalar": {"scalar": scalar}}
    if scalar in (Scalar.INT64, Scalar.UINT64):
        return {"type": ["integer", "string"], **keyword}
    if scalar in RANGES:
        low, high = RANGES[scalar]
        return {"type": "integer", "minimum": low, "maximum": high}
    match scalar:
        case Scalar.ANY:
            return {}
        case Scalar.BOOL:
            return {"type": "boolean"}
        case Scalar.FLOAT:
            return {"type": "number"}
        case Scalar.FLOAT32:
            limits = {"minimum": -_FLOAT32_MAX, "maximum": _FLOAT32_MAX}
            return {"type": "number", **limits}
        case Scalar.STRING:
            return {"type": "string"}
        case _:
            return {"type": "string", **keyword}
