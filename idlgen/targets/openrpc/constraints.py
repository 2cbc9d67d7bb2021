"""Constraints as keywords of JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from idlgen.model import (
    Alias,
    Api,
    Constraints,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    Scalar,
    ScalarType,
    TypeRef,
)
from idlgen.targets.openrpc.scalars import Json

_NUMBERS = {
    "min": "minimum",
    "max": "maximum",
    "exclusive_min": "exclusiveMinimum",
    "exclusive_max": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
_TEXTS = {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"}
_LISTS = {"min_items": "minItems", "max_items": "maxItems"}
_MAPS = {"min_items": "minProperties", "max_items": "maxProperties"}


def keywords(api: Api, ref: TypeRef, constraints: Constraints) -> Json:
    """Return the keywords that say of values of `ref` what `constraints` do."""
    given = {
        name: value
        for name, value in structs.asdict(constraints).items()
        if value is not None
    }
    match base_of(api, ref):
        case ScalarType(Scalar.DECIMAL):
            # Texts have no bounds in JSON Schema.
            return {f"x-idl-{_NUMBERS[name]}": given[name] for name in given}
        case ScalarType(Scalar.BYTES):
            return {_TEXTS[name]: _base64_length(given[name]) for name in given}
        case ScalarType(Scalar.STRING):
            return _renamed(given, _TEXTS)
        case ScalarType():
            return {_NUMBERS[name]: _number(given[name]) for name in given}
        case MapType():
            return _renamed(given, _MAPS)
        case _:
            return _renamed(given, _LISTS)


def base_of(api: Api, ref: TypeRef) -> TypeRef:
    """Return what stands behind aliases, newtypes and `| null`."""
    while True:
        if isinstance(ref, NullableType):
            ref = ref.inner
            continue
        declared = api.declaration(ref) if isinstance(ref, NamedType) else None
        if not isinstance(declared, Alias | Newtype):
            return ref
        ref = declared.type


def tightened(schema: Json, added: Json) -> Json:
    """Return `schema` with the keywords `added`, of two bounds the tighter one."""
    both = {**schema, **added}
    for name, tighter in (("minimum", max), ("maximum", min)):
        if name in schema and name in added:
            both[name] = tighter(schema[name], added[name], key=_as_is)
    return both


def _as_is(bound: object) -> float:
    assert isinstance(bound, int | float)
    return bound


def _renamed(given: Mapping[str, object], names: Mapping[str, str]) -> Json:
    return {names[name]: value for name, value in given.items()}


def _number(bound: object) -> object:
    """Return a bound as people write it: `1`, not `1.0`."""
    if isinstance(bound, float) and bound.is_integer() and abs(bound) < 2**53:
        return int(bound)
    return bound


def _base64_length(count: object) -> int:
    """Return how long the text of so many bytes is; the last one may be padding."""
    assert isinstance(count, int)
    return -(-count // 3) * 4
