"""The order of types in a module, so that it can be imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from idlgen.model import (
    Alias,
    Api,
    Enum,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    Presence,
    SetType,
    Struct,
    TypeDeclaration,
    TypeRef,
)
from idlgen.targets.python.values import behind_aliases


def import_order(
    api: Api, types: Mapping[str, TypeDeclaration]
) -> Iterator[TypeDeclaration]:
    """Yield `types` as written, but what is needed while importing goes first.

    Only aliases, newtypes and plain defaults are evaluated then; annotations are not.
    """
    done: set[str] = set()
    for first in types.values():
        waiting = [first]
        while waiting:
            declared = waiting[-1]
            needed = [types[name] for name in _needs(api, declared) if name not in done]
            if needed:
                waiting.extend(needed)
                continue
            waiting.pop()
            if declared.name not in done:
                done.add(declared.name)
                yield declared


def _needs(api: Api, declared: TypeDeclaration) -> Iterator[str]:
    match declared:
        case Alias(type=type_) | Newtype(type=type_):
            yield from _named(type_)
        case Struct(fields=fields):
            for field in fields:
                if field.presence is Presence.DEFAULTED:
                    yield from _values_of(api, field.type)
        case Enum():
            pass


def _named(ref: TypeRef) -> Iterator[str]:
    match ref:
        case NamedType(name=name):
            yield name
        case ListType(element=inner) | SetType(element=inner):
            yield from _named(inner)
        case NullableType(inner=inner):
            yield from _named(inner)
        case MapType(key=key, value=value):
            yield from _named(key)
            yield from _named(value)
        case _:
            pass


def _values_of(api: Api, ref: TypeRef) -> Iterator[str]:
    type_ = behind_aliases(api, ref)
    if isinstance(type_, NullableType):
        yield from _values_of(api, type_.inner)
    elif isinstance(type_, Enum | Newtype):
        yield type_.name
