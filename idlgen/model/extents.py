"""How much stands inside a type: the arguments of generic structs can double at each step."""

from __future__ import annotations

from idlgen.model.types import (
    ListType,
    MapType,
    NamedType,
    NullableType,
    SetType,
    StreamType,
    TypeRef,
)

# How many types may stand inside one another, and how many in one type altogether.
MAX_DEPTH = 64
MAX_SIZE = 1_000


def is_too_large(ref: TypeRef) -> bool:
    """Return whether a type is over one of the limits, in time that they bound."""
    size = 0
    pending = [(ref, 1)]
    while pending:
        type_, depth = pending.pop()
        size += 1
        if depth > MAX_DEPTH or size > MAX_SIZE:
            return True
        pending.extend((inner, depth + 1) for inner in inside(type_))
    return False


def inside(ref: TypeRef) -> tuple[TypeRef, ...]:
    """Return the types that a type is directly made of."""
    match ref:
        case ListType(element=inner) | SetType(element=inner):
            return (inner,)
        case NullableType(inner=inner) | StreamType(item=inner):
            return (inner,)
        case MapType(key=key, value=value):
            return key, value
        case NamedType(args=args):
            return args
        case _:
            return ()
