"""References to types: what they come to, and what stands inside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from idlgen.model import (
    Alias,
    Field,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    SetType,
    StreamType,
    Struct,
    TypeDeclaration,
    TypeParam,
    TypeRef,
    instance_fields,
)

Types: TypeAlias = Mapping[NamedType, TypeDeclaration]
"""All types of all packages, each by its name without arguments."""


def bare(ref: NamedType) -> NamedType:
    """Return the name of a type without its arguments."""
    return NamedType(ref.package, ref.name)


def base_of(ref: TypeRef, types: Types) -> TypeRef:
    """Return what a type comes to through aliases, newtypes and `| null`."""
    while True:
        if isinstance(ref, NullableType):
            ref = ref.inner
            continue
        declared = types.get(bare(ref)) if isinstance(ref, NamedType) else None
        if not isinstance(declared, Alias | Newtype):
            return ref
        ref = declared.type


def plain(ref: TypeRef, types: Types) -> TypeRef:
    """Return what a type comes to through aliases and each `| null`."""
    found = behind_aliases(ref, types)
    while isinstance(found, NullableType):
        found = behind_aliases(found.inner, types)
    return found


def is_nullable(ref: TypeRef, types: Types) -> bool:
    """Whether a type is nullable, through aliases too."""
    return isinstance(behind_aliases(ref, types), NullableType)


def behind_aliases(ref: TypeRef, types: Types) -> TypeRef:
    """Return what a type comes to through aliases alone."""
    while isinstance(ref, NamedType):
        declared = types.get(bare(ref))
        if not isinstance(declared, Alias):
            break
        ref = declared.type
    return ref


def struct_behind(ref: TypeRef, types: Types) -> NamedType | None:
    """Return the struct at the end of aliases, with its arguments, if there is one."""
    found = behind_aliases(ref, types)
    if isinstance(found, NamedType) and isinstance(types.get(bare(found)), Struct):
        return found
    return None


def fields_of(ref: NamedType, types: Types) -> tuple[Field, ...]:
    """Return the fields of the struct `ref`, its arguments filled in."""
    declared = types[bare(ref)]
    assert isinstance(declared, Struct)
    return instance_fields(declared, ref.args)


def names_in(ref: TypeRef) -> Iterator[NamedType]:
    """Yield each declared type that is named in a type, arguments too."""
    if isinstance(ref, NamedType):
        yield ref
    for part in parts_of(ref):
        yield from names_in(part)


def has_params(ref: TypeRef) -> bool:
    """Whether a type param stands in a type."""
    return isinstance(ref, TypeParam) or any(map(has_params, parts_of(ref)))


def parts_of(ref: TypeRef) -> tuple[TypeRef, ...]:
    """Return the types that stand directly inside a type."""
    match ref:
        case ListType(element=part) | SetType(element=part):
            return (part,)
        case NullableType(inner=part) | StreamType(item=part):
            return (part,)
        case MapType(key=key, value=value):
            return key, value
        case NamedType(args=args):
            return args
        case _:
            return ()
