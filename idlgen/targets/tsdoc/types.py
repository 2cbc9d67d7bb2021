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
    Scalar,
    ScalarType,
    SetType,
    StreamType,
    TypeParam,
    TypeRef,
)
from idlgen.targets.tsdoc.comments import code
from idlgen.targets.tsdoc.constraints import constraint_sentence
from idlgen.targets.tsdoc.facts import member_facts
from idlgen.targets.tsdoc.notation import notation
from idlgen.targets.tsdoc.scope import Scope
from idlgen.targets.tsdoc.sentences import joined

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

    def __init__(self, api: Api, package: str, scope: Scope) -> None:
        self._api = api
        self._package = package
        self._scope = scope
        self._texts: dict[TypeRef, str] = {}
        self._notes: dict[TypeRef, str] = {}

    def text(self, ref: TypeRef) -> str:
        """Return the type, such as `(string | null)[]`."""
        known = self._texts.get(ref)
        if known is None:
            known = self._texts[ref] = self._text(ref)
        return known

    def result(self, ref: TypeRef | None) -> str:
        """Return what a method that returns `ref` gives when it is called."""
        if isinstance(ref, StreamType):
            return self.text(ref)
        return f"{self._scope.promise}<{self.text(ref) if ref else 'void'}>"

    def member_note(self, field: Field) -> str:
        """Return what the TypeScript type of a field or a param does not tell, or ""."""
        note = self.constrained_note(field.type, field.constraints)
        if field.since is None and not field.sensitive:
            return note
        return joined([note, *member_facts(field, code)])

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
            case NullableType(inner) | ListType(inner) | StreamType(inner):
                yield self.note(inner)
            case SetType(element):
                yield "A set: no value stands twice."
                yield self.note(element)
            case MapType(key, value):
                if key != ScalarType(Scalar.STRING) and not self._is_enum(key):
                    yield f"Keys: {notation(key, self._package)}."
                yield self.note(value)
            case NamedType(args=args):
                for arg in args:
                    yield self.note(arg)

    def _text(self, ref: TypeRef) -> str:
        match ref:
            case ScalarType(scalar):
                return SCALARS[scalar]
            case NamedType(args=args):
                name = self._scope.declared(ref)
                inside = ", ".join([self.text(arg) for arg in args])
                return f"{name}<{inside}>" if args else name
            case TypeParam(name):
                return self._scope.type_param(name)
            case NullableType(inner):
                return f"{self.text(inner)} | null"
            case ListType(element) | SetType(element):
                inside = self.text(element)
                nullable = isinstance(element, NullableType)
                return f"({inside})[]" if nullable else f"{inside}[]"
            case MapType(key, value):
                return self._map(key, self.text(value))
            case StreamType(item):
                return f"{self._scope.async_iterable}<{self.text(item)}>"
        raise AssertionError(f"{ref} reached a target")

    def _map(self, key: TypeRef, value: str) -> str:
        # A record over an enum would ask for every value of it.
        if self._is_enum(key):
            return f"{{ [{self._scope.key} in {self.text(key)}]?: {value} }}"
        return f"{self._scope.record}<string, {value}>"

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
