"""The JSON Schema (draft 2020-12) of a drawn type, and a validator that knows our scalars.

The keyword `scalar` stands for what JSON Schema has no word for: texts that are numbers,
bytes, times and the like, with what binds them. It is written after the language's
manual and shares nothing with the runtime.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

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
    TypeDeclaration,
    TypeRef,
)
from tests.property.drawn import base_of
from tests.property.limits import FLOATS
from tests.property.scalar_values import RANGES

Schema = dict[str, Any]

_KEYWORDS = {
    "min": "minimum",
    "max": "maximum",
    "exclusive_min": "exclusiveMinimum",
    "exclusive_max": "exclusiveMaximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
}
_BY_TEXT = (Scalar.INT64, Scalar.UINT64, Scalar.DECIMAL, Scalar.FLOAT, Scalar.FLOAT32)
_TEXTS = {
    Scalar.INT64: r"-?(0|[1-9][0-9]*)",
    Scalar.UINT64: r"-?(0|[1-9][0-9]*)",
    Scalar.DECIMAL: r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?",
    Scalar.BYTES: r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    Scalar.DATETIME: r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:?\d\d)",
    Scalar.DATE: r"\d{4}-\d\d-\d\d",
    Scalar.TIME: r"\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:?\d\d)?",
    Scalar.DURATION: r"[-+]?P(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
    Scalar.UUID: r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}(\1[0-9a-fA-F]{4}){2}\1[0-9a-fA-F]{12}",
}
_FLOAT32_MAX = 3.4028234663852886e38


def validator_of(
    ref: TypeRef, types: Mapping[str, TypeDeclaration]
) -> Draft202012Validator:
    """Return the validator of values of `ref`."""
    exporter = _Exporter(types)
    structs = {
        name: exporter.struct(declared)
        for name, declared in types.items()
        if isinstance(declared, Struct)
    }
    validator: Draft202012Validator = _Validator(
        {"$defs": structs, **exporter.type(ref)}
    )
    return validator


class _Exporter:
    def __init__(self, types: Mapping[str, TypeDeclaration]) -> None:
        self._types = types

    def struct(self, struct: Struct) -> Schema:
        return {
            "type": "object",
            "properties": {f.wire_name: self._member(f) for f in struct.fields},
            "required": [
                field.wire_name
                for field in struct.fields
                if field.presence is Presence.REQUIRED
            ],
        }

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
                return {"type": "array", "items": items, "uniqueItems": True}
            case MapType(key=key, value=value):
                return {
                    "type": "object",
                    "propertyNames": self._key(key),
                    "additionalProperties": self.type(value),
                }
            case NullableType(inner=inner):
                return {"anyOf": [self.type(inner), {"type": "null"}]}
            case NamedType(name=name):
                declared = self._types[name]
                if isinstance(declared, Struct):
                    return {"$ref": f"#/$defs/{name}"}
                if isinstance(declared, Enum):
                    return {"enum": [value.text for value in declared.values]}
                return self._limited(declared.type, declared.constraints)
            case _:
                raise AssertionError(ref)

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


# --- the keywords that JSON Schema lacks ------------------------------------------------


def _check_scalar(
    _validator: object, keyword: Schema, value: object, _schema: object
) -> Iterator[ValidationError]:
    scalar = keyword["scalar"]
    is_text = isinstance(value, str)
    if value is None or isinstance(value, bool | list | dict):
        return
    if scalar not in RANGES and is_text == (scalar in FLOATS):
        # `type` tells of it.
        return
    text = _TEXTS.get(scalar)
    flags = re.ASCII | re.IGNORECASE  # as in the grammars of RFC 3339
    if isinstance(value, str) and text and not re.fullmatch(text, value, flags):
        yield ValidationError(f"{value!r} is no {scalar}")
        return
    try:
        measured = _PARSERS.get(scalar, Fraction)(value)
    except (ValueError, OverflowError, Base64Error) as error:
        yield ValidationError(f"{value!r} is no {scalar}: {error}")
        return
    if scalar in RANGES:
        low, high = RANGES[scalar]
        if not low <= measured <= high:
            yield ValidationError(f"{value!r} is out of range")
    for name, test in _TESTS.items():
        if name in keyword and not test(measured, keyword[name]):
            yield ValidationError(f"{value!r} does not keep {name} {keyword[name]}")


def _exact(value: Any) -> Fraction:
    # A float counts by the digits that people and JSON write.
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _duration(text: str) -> str:
    if not re.search(r"\d[A-Z]$", text, re.IGNORECASE) or text.upper().endswith("T"):
        raise ValueError("nothing stands after a letter")
    return text


_PARSERS: Mapping[Scalar, Callable[[Any], Any]] = {
    **dict.fromkeys(_BY_TEXT, _exact),
    Scalar.BYTES: b64decode,
    Scalar.DATETIME: lambda text: datetime.fromisoformat(text.upper()),
    Scalar.DATE: date.fromisoformat,
    Scalar.TIME: lambda text: time.fromisoformat(text.upper()),
    Scalar.DURATION: _duration,
    Scalar.UUID: str,
}
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "min": lambda value, bound: value >= _exact(bound),
    "max": lambda value, bound: value <= _exact(bound),
    "exclusive_min": lambda value, bound: value > _exact(bound),
    "exclusive_max": lambda value, bound: value < _exact(bound),
    "multiple_of": lambda value, bound: value % _exact(bound) == 0,
    "min_length": lambda value, count: len(value) >= count,
    "max_length": lambda value, count: len(value) <= count,
}


def _check_number(
    validator: Any, schema: Schema, value: object, _schema: object
) -> Iterator[ValidationError]:
    """Check the name of a member that is an integer."""
    text = str(value)
    if not re.fullmatch(r"-?(0|[1-9][0-9]*)", text, re.ASCII):
        yield ValidationError(f"{text!r} is no integer")
    else:
        yield from validator.descend(int(text), schema)


# It has no types.
_extended: Callable[..., Any] = validators.extend
_Validator = _extended(
    Draft202012Validator, {"scalar": _check_scalar, "number": _check_number}
)
