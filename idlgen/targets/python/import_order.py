"""The order of types in a module, so that it can be imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from idlgen.model import (
    Alias,
    Api,
    Enum,
    Field,
    NamedType,
    Newtype,
    NullableType,
    Package,
    Presence,
    Struct,
    TypeDeclaration,
    TypeRef,
    Union,
)
from idlgen.targets.python.references import named_in
from idlgen.targets.python.values import flat_struct


def import_order(api: Api, package: Package) -> Iterator[TypeDeclaration]:
    """Yield the types as written, but what is needed while importing goes first.

    Only aliases, newtypes and plain defaults are evaluated then; annotations are not.
    """
    done: set[str] = set()
    types = package.types
    for first in types.values():
        waiting = [first]
        while waiting:
            declared = waiting[-1]
            needed = [
                types[ref.name]
                for ref in _needs(api, package, declared)
                if ref.package == package.name and ref.name not in done
            ]
            if needed:
                waiting.extend(needed)
                continue
            waiting.pop()
            if declared.name not in done:
                done.add(declared.name)
                yield declared


def _needs(
    api: Api, package: Package, declared: TypeDeclaration
) -> Iterator[NamedType]:
    match declared:
        case Alias(type=type_) | Newtype(type=type_):
            yield from _evaluated(api, package, type_)
        case Struct(fields=fields):
            yield from _defaults(api, fields)
        case Union(variants=variants, flat=True):
            for variant in variants:
                if variant.type is not None:
                    yield from _defaults(
                        api, api.fields(flat_struct(api, variant.type))
                    )
        case Union() | Enum():
            pass


def _evaluated(api: Api, package: Package, ref: TypeRef) -> Iterator[NamedType]:
    """Yield what `ref` names, also through aliases of other packages.

    In a cycle of imports what stands behind those is written instead.
    """
    seen: set[NamedType] = set()
    waiting = [ref]
    while waiting:
        for named in named_in(waiting.pop()):
            if named in seen:
                continue
            seen.add(named)
            yield named
            declared = api.declaration(named)
            if named.package != package.name and isinstance(declared, Alias):
                waiting.append(declared.type)


def _defaults(api: Api, fields: Sequence[Field]) -> Iterator[NamedType]:
    for field in fields:
        if field.presence is Presence.DEFAULTED:
            yield from _values_of(api, field.type)


def _values_of(api: Api, ref: TypeRef) -> Iterator[NamedType]:
    type_ = api.unaliased(ref)
    if isinstance(type_, NullableType):
        yield from _values_of(api, type_.inner)
    elif isinstance(type_, NamedType) and isinstance(
        api.declaration(type_), Enum | Newtype
    ):
        yield type_
