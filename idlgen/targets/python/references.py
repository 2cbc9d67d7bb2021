"""What types refer to."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.model import (
    Alias,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    SetType,
    StreamType,
    Struct,
    TypeDeclaration,
    TypeRef,
    Union,
)


def named_in(ref: TypeRef) -> Iterator[NamedType]:
    """Yield the declared types that `ref` names, with those that are their arguments."""
    match ref:
        case NamedType(args=args):
            yield ref
            for arg in args:
                yield from named_in(arg)
        case ListType(element=inner) | SetType(element=inner):
            yield from named_in(inner)
        case NullableType(inner=inner) | StreamType(item=inner):
            yield from named_in(inner)
        case MapType(key=key, value=value):
            yield from named_in(key)
            yield from named_in(value)
        case _:
            pass


def named_by(declared: TypeDeclaration) -> Iterator[NamedType]:
    """Yield the declared types that the members of `declared` name."""
    match declared:
        case Alias(type=type_) | Newtype(type=type_):
            yield from named_in(type_)
        case Struct(fields=fields):
            for field in fields:
                yield from named_in(field.type)
        case Union(variants=variants):
            for variant in variants:
                if variant.type is not None:
                    yield from named_in(variant.type)
        case _:
            pass
