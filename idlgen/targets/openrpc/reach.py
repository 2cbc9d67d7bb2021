"""What a package's document holds: its own types and errors, and all that these use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from idlgen.model import (
    Alias,
    Api,
    Enum,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    Package,
    SetType,
    StreamType,
    Struct,
    TypeRef,
    Union,
)


def errors_of(package: Package) -> list[NamedType]:
    """Return the errors that the package declares, and others that its methods raise."""
    own = (NamedType(package.name, name) for name in package.errors)
    raised = (
        error
        for service in package.services.values()
        for method in service.methods
        for error in method.errors
    )
    return list(dict.fromkeys([*own, *raised]))


def types_of(api: Api, package: Package) -> list[NamedType]:
    """Return the types, each once: own ones as declared, then others as first used.

    Generic structs are there as the instances that are used.
    """
    found = dict.fromkeys(
        NamedType(package.name, name)
        for name, declared in package.types.items()
        if not (isinstance(declared, Struct) and declared.params)
    )
    waiting = list(found)
    _add(found, waiting, _used_by_methods(package))
    for error in errors_of(package):
        _add(found, waiting, (field.type for field in api.error(error).fields))
    for ref in waiting:  # grows while it is read
        _add(found, waiting, _used_by(api, ref))
    return waiting


def _add(
    found: dict[NamedType, None], waiting: list[NamedType], refs: Iterable[TypeRef]
) -> None:
    for ref in refs:
        for name in _names_in(ref):
            if name not in found:
                found[name] = None
                waiting.append(name)


def _used_by_methods(package: Package) -> Iterator[TypeRef]:
    for service in package.services.values():
        for method in service.methods:
            yield from (param.type for param in method.params)
            if method.returns is not None:
                yield method.returns


def _used_by(api: Api, ref: NamedType) -> Iterator[TypeRef]:
    match api.declaration(ref):
        case Struct():
            yield from (field.type for field in api.fields(ref))
        case Union(variants=variants):
            yield from (each.type for each in variants if each.type is not None)
        case Alias(type=type_) | Newtype(type=type_):
            yield type_
        case Enum():
            pass


def _names_in(ref: TypeRef) -> Iterator[NamedType]:
    match ref:
        case NamedType():
            yield ref
        case ListType(element) | SetType(element):
            yield from _names_in(element)
        case MapType(key, value):
            yield from _names_in(key)
            yield from _names_in(value)
        case NullableType(inner):
            yield from _names_in(inner)
        case StreamType(item):
            yield from _names_in(item)
        case _:
            pass
