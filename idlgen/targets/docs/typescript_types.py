"""References to types, as TypeScript writes them."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Api,
    Constraints,
    Enum,
    Field,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Package,
    Scalar,
    ScalarType,
    SetType,
    TypeRef,
)
from idlgen.targets.docs.constraints import constraint_sentence
from idlgen.targets.docs.notation import notation
from idlgen.targets.docs.sentences import joined
from idlgen.targets.docs.typescript_comments import code
from idlgen.targets.docs.typescript_names import type_names

SCALARS = {
    Scalar.BOOL: "boolean",
    Scalar.INT: "number",
    Scalar.INT32: "number",
    Scalar.UINT32: "number",
    Scalar.INT64: "bigint",
    Scalar.UINT64: "bigint",
    Scalar.FLOAT: "number",
    Scalar.FLOAT32: "number",
    Scalar.DECIMAL: "string",
    Scalar.STRING: "string",
    Scalar.BYTES: "string",
    Scalar.DATETIME: "string",
    Scalar.DATE: "string",
    Scalar.TIME: "string",
    Scalar.DURATION: "string",
    Scalar.UUID: "string",
    Scalar.ANY: "unknown",
}

_NOTES = {
    Scalar.INT64: "Format: JSON number of up to 64 bits.",
    Scalar.UINT64: "Format: JSON number of up to 64 bits.",
    Scalar.DECIMAL: "Format: decimal number.",
    Scalar.BYTES: "Format: base64.",
    Scalar.DATETIME: "Format: RFC 3339 date and time.",
    Scalar.DATE: "Format: ISO 8601 date.",
    Scalar.TIME: "Format: ISO 8601 time.",
    Scalar.DURATION: "Format: ISO 8601 duration.",
    Scalar.UUID: "Format: UUID.",
}


class TypeScriptTypes:
    """Writes types as they stand in the file of one package."""

    def __init__(self, api: Api, package: Package) -> None:
        self._api = api
        self._names = type_names(package)
        self._declared = frozenset(self._names.values())
        self._record = self._standard("Record")
        self._texts: dict[TypeRef, str] = {}
        self._notes: dict[TypeRef, str] = {}
        self.promise = self._standard("Promise")

    def _standard(self, name: str) -> str:
        """Return how to name TypeScript's own type where the schema may have one too."""
        return f"globalThis.{name}" if name in self._declared else name

    def text(self, ref: TypeRef) -> str:
        """Return the type, such as `(string | null)[]`."""
        known = self._texts.get(ref)
        if known is None:
            known = self._texts[ref] = self._text(ref)
        return known

    def name(self, declared: str) -> str:
        """Return the TypeScript name of the declaration that the schema calls so."""
        return self._names[declared]

    def member_note(self, field: Field) -> str:
        """Return what the TypeScript type of a field or a param does not tell, or ""."""
        return self.constrained_note(field.type, field.constraints)

    def constrained_note(self, ref: TypeRef, constraints: Constraints) -> str:
        """Return `note` with the constraints before it."""
        note = self.note(ref)
        if constraints is NO_CONSTRAINTS:
            return note
        told = constraint_sentence(self._api, ref, constraints, code)
        return joined([told, note])

    def note(self, ref: TypeRef) -> str:
        """Return what the TypeScript type does not tell of the values, or ""."""
        known = self._notes.get(ref)
        if known is None:
            known = self._notes[ref] = joined(self._noted(ref))
        return known

    def _noted(self, ref: TypeRef) -> Iterator[str]:
        match ref:
            case ScalarType(scalar):
                yield _NOTES.get(scalar, "")
            case NullableType(inner) | ListType(inner):
                yield self.note(inner)
            case SetType(element):
                yield "A set: no value stands twice."
                yield self.note(element)
            case MapType(key, value):
                if key != ScalarType(Scalar.STRING) and not self._is_enum(key):
                    yield f"Keys: {notation(key)}."
                yield self.note(value)

    def _text(self, ref: TypeRef) -> str:
        match ref:
            case ScalarType(scalar):
                return SCALARS[scalar]
            case NamedType(_, name):
                return self._names[name]
            case NullableType(inner):
                return f"{self.text(inner)} | null"
            case ListType(element) | SetType(element):
                inside = self.text(element)
                nullable = isinstance(element, NullableType)
                return f"({inside})[]" if nullable else f"{inside}[]"
            case MapType(key, value):
                return self._map(key, self.text(value))
        raise AssertionError(f"{ref} reached a target")

    def _map(self, key: TypeRef, value: str) -> str:
        # A record over an enum would ask for every value of it.
        if self._is_enum(key):
            return f"{{ [key in {self.text(key)}]?: {value} }}"
        return f"{self._record}<string, {value}>"

    def _is_enum(self, ref: TypeRef) -> bool:
        while isinstance(ref, NamedType):
            match self._api.declaration(ref):
                case Enum():
                    return True
                case Alias(type=ref):
                    continue
                case _:
                    return False
        return False
