"""Generic structs with their type params filled in."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from idlgen.model.declarations import Field, Struct
from idlgen.model.types import (
    ListType,
    MapType,
    NamedType,
    NullableType,
    SetType,
    StreamType,
    TypeParam,
    TypeRef,
)


def instance_fields(struct: Struct, args: tuple[TypeRef, ...]) -> tuple[Field, ...]:
    """Return the fields of `struct` with `args` for its params, in their order."""
    if not struct.params:
        return struct.fields
    given = dict(zip(struct.params, args, strict=True))
    return tuple(
        structs.replace(field, type=substituted(field.type, given))
        for field in struct.fields
    )


def substituted(ref: TypeRef, given: Mapping[str, TypeRef]) -> TypeRef:
    """Return `ref` with the types `given` in place of type params."""
    match ref:
        case TypeParam(name=name):
            return given.get(name, ref)
        case ListType(element=element):
            return ListType(substituted(element, given))
        case SetType(element=element):
            return SetType(substituted(element, given))
        case MapType(key=key, value=value):
            return MapType(substituted(key, given), substituted(value, given))
        case NullableType(inner=inner):
            return NullableType(substituted(inner, given))
        case StreamType(item=item):
            return StreamType(substituted(item, given))
        case NamedType(args=args) if args:
            filled = tuple(substituted(arg, given) for arg in args)
            return NamedType(ref.package, ref.name, filled)
        case _:
            return ref
