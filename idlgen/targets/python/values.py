"""JSON values of a schema as Python expressions."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast

import msgspec

from idlgen.emit.python_text import bytes_literal, float_literal, literal
from idlgen.model import (
    Alias,
    Api,
    Enum,
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
    Struct,
    TypeDeclaration,
    TypeRef,
    Union,
)
from idlgen.targets.python.annotations import Annotations, Scope
from idlgen.targets.python.names import FIELD_NAMES, enum_member_name, value_name
from idlgen.targets.python.union_names import union_names

_CONSTANTS = (bool, int, float, str, type(None))
_LITERALS = frozenset(
    {
        Scalar.BOOL,
        Scalar.INT,
        Scalar.INT32,
        Scalar.UINT32,
        Scalar.INT64,
        Scalar.UINT64,
        Scalar.FLOAT,
        Scalar.FLOAT32,
        Scalar.STRING,
        Scalar.ANY,
    }
)
# By a class method of the type that parses the JSON text.
_FROM_ISO = {
    Scalar.DATETIME: "datetime",
    Scalar.DATE: "date",
    Scalar.TIME: "time",
}
_FROM_TEXT = {Scalar.DECIMAL: "Decimal", Scalar.UUID: "UUID"}


def behind_aliases(api: Api, ref: TypeRef) -> TypeRef | TypeDeclaration:
    """Return the declaration that `ref` names, or the type without a name that it is."""
    ref = api.unaliased(ref)
    return api.declaration(ref) if isinstance(ref, NamedType) else ref


def flat_struct(api: Api, ref: TypeRef) -> NamedType:
    """Return the struct, no alias, that a variant of a flat union carries."""
    struct = api.unaliased(ref)
    assert isinstance(struct, NamedType)
    return struct


_ANY = ScalarType(Scalar.ANY)
_OBJECT = MapType(ScalarType(Scalar.STRING), _ANY)
_ARRAY = ListType(_ANY)


class Values:
    """Writes values as expressions in one scope."""

    def __init__(self, api: Api, scope: Scope) -> None:
        self._api = api
        self._scope = scope
        self._annotations = Annotations(api, scope, at_runtime=False)

    def is_plain(self, ref: TypeRef, value: object) -> bool:
        """Whether the expression is a literal or an enum's member: one object for all."""
        ref = self._api.unaliased(ref)
        if isinstance(ref, NamedType) and self._scope.is_late(ref.package):
            return False
        type_ = behind_aliases(self._api, ref)
        if isinstance(type_, NullableType):
            return value is None or self.is_plain(type_.inner, value)
        if isinstance(type_, Newtype):
            return self.is_plain(type_.type, value)
        if isinstance(type_, ScalarType):
            return type_.scalar in _LITERALS and isinstance(value, _CONSTANTS)
        return isinstance(type_, Enum)

    def expression(self, ref: TypeRef, value: object) -> str:
        """Return the expression of the JSON `value`, which fits the type `ref`."""
        if isinstance(ref, NamedType):
            return self._declared(ref, value)
        if isinstance(ref, NullableType):
            return "None" if value is None else self.expression(ref.inner, value)
        if isinstance(ref, ScalarType):
            return self._scalar(ref.scalar, value)
        if isinstance(ref, MapType):
            return self._map(ref, cast(Mapping[str, object], value))
        if isinstance(ref, ListType | SetType):
            return self._sequence(ref, cast(Sequence[object], value))
        raise ValueError("a type that was not resolved reached a target")

    def made(self, ref: TypeRef, value: object) -> str:
        """Return the expression as the whole of a factory.

        Where a list or map may also be null, as all JSON may, mypy does not look at the
        field for what the factory's one holds, and so it is told.
        """
        expression = self.expression(ref, value)
        untold = self._untold(self._api.unaliased(ref), value)
        if not value or untold is None:
            return expression
        return f"{self._annotations.type(untold)}({expression})"

    def _untold(self, ref: TypeRef, value: object) -> ListType | MapType | None:
        """Return the type of a list or map of which mypy would guess what it holds."""
        if isinstance(ref, NullableType):
            ref = self._api.unaliased(ref.inner)
            match ref:
                case ListType(element=inside) | MapType(value=inside):
                    return None if self._is_one_class(inside) else ref
        if ref != _ANY or not isinstance(value, list | dict):
            return None
        return _ARRAY if isinstance(value, list) else _OBJECT

    def _is_one_class(self, ref: TypeRef) -> bool:
        """Whether a value's class says all about its type."""
        match behind_aliases(self._api, ref):
            case ScalarType(scalar=scalar):
                return scalar is not Scalar.ANY
            case declared:
                return isinstance(declared, Enum | Newtype | Struct)

    def _sequence(self, ref: ListType | SetType, values: Sequence[object]) -> str:
        items = ", ".join([self.expression(ref.element, value) for value in values])
        if isinstance(ref, ListType):
            return f"[{items}]"
        # `frozenset()` alone is of unknown items to pyright where nothing is expected.
        return f"{self._scope.use('frozenset')}({f'{{{items}}}' if items else '()'})"

    def _map(self, ref: MapType, values: Mapping[str, object]) -> str:
        items = [
            f"{self._key(ref.key, key)}: {self.expression(ref.value, value)}"
            for key, value in values.items()
        ]
        return f"{{{', '.join(items)}}}"

    def _key(self, ref: TypeRef, key: str) -> str:
        if isinstance(ref, ScalarType) and ref.scalar in _LITERALS:
            # The integers among the keys; JSON has them as text.
            return literal(key) if ref.scalar is Scalar.STRING else str(int(key))
        if isinstance(ref, NamedType):
            declared = self._api.declaration(ref)
            if isinstance(declared, Alias):
                return self._key(declared.type, key)
            if isinstance(declared, Newtype):
                made = self._key(declared.type, key)
                return f"{self._scope.declared(ref, declared)}({made})"
        return self.expression(ref, key)

    def _declared(self, ref: NamedType, value: object) -> str:
        declared = self._api.declaration(ref)
        match declared:
            case Alias(type=type_):
                return self.expression(type_, value)
            case Newtype(type=type_):
                made = self.expression(type_, value)
                return f"{self._scope.declared(ref, declared)}({made})"
            case Enum():
                name = self._scope.declared(ref, declared)
                return f"{name}.{_member(declared, value)}"
            case Union():
                return self._union(ref, declared, cast(Mapping[str, object], value))
            case Struct():
                members = cast(Mapping[str, object], value)
                arguments = self._arguments(self._api.fields(ref), members)
                # With the arguments of a generic one, which `[]` would leave open.
                return f"{self._annotations.type(ref)}({arguments})"

    def _union(self, ref: NamedType, union: Union, value: Mapping[str, object]) -> str:
        chosen = next(
            names
            for names in union_names(union).variants
            if names.variant.text == value[union.tag]
        )
        payload, arguments = chosen.variant.type, ""
        if payload is not None and union.flat:
            fields = self._api.fields(flat_struct(self._api, payload))
            arguments = self._arguments(fields, value)
        elif payload is not None:
            arguments = f"value={self.expression(payload, value['value'])}"
        return f"{self._scope.of_types(ref.package, chosen.name)}({arguments})"

    def _arguments(self, fields: Sequence[Field], value: Mapping[str, object]) -> str:
        arguments = [
            f"{value_name(field.identifier, FIELD_NAMES)}="
            f"{self.expression(field.type, value[key])}"
            for field in fields
            if (key := field.wire_name) in value
            and not (field.presence is Presence.OPTIONAL and value[key] is None)
        ]
        return ", ".join(arguments)

    def _scalar(self, scalar: Scalar, value: object) -> str:
        if scalar in {Scalar.FLOAT, Scalar.FLOAT32}:
            return float_literal(cast(float, value))
        if scalar in _LITERALS:
            return json_expression(value)
        text = cast(str, value)
        if scalar in _FROM_ISO:
            return (
                f"{self._scope.use(_FROM_ISO[scalar])}.fromisoformat({literal(text)})"
            )
        if scalar in _FROM_TEXT:
            return f"{self._scope.use(_FROM_TEXT[scalar])}({literal(text)})"
        if scalar is Scalar.DURATION:
            return self._duration(msgspec.convert(text, timedelta))
        return bytes_literal(b64decode(text))

    def _duration(self, value: timedelta) -> str:
        parts = {
            "days": value.days,
            "seconds": value.seconds,
            "microseconds": value.microseconds,
        }
        arguments = [f"{unit}={count}" for unit, count in parts.items() if count]
        return f"{self._scope.use('timedelta')}({', '.join(arguments) or 'seconds=0'})"


def _member(enum: Enum, text: object) -> str:
    name = next(value.identifier for value in enum.values if value.text == text)
    return enum_member_name(name, closed=enum.closed)


def json_expression(value: object) -> str:
    """Return the expression of any JSON value."""
    match value:
        case str():
            return literal(value)
        case list():
            items = cast(Sequence[object], value)
            return f"[{', '.join(map(json_expression, items))}]"
        case dict():
            members = cast(Mapping[str, object], value)
            entries = [
                f"{literal(key)}: {json_expression(item)}"
                for key, item in members.items()
            ]
            return f"{{{', '.join(entries)}}}"
        case None | bool() | int():
            return repr(value)
        case _:
            return float_literal(cast(float, value))
