"""The instances of generic structs that a schema comes to: how large they are, how many.

Each struct on the way may double its argument, and each way may lead to instances of its
own, so that a short schema can come to more of them than there is memory for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from idlgen.checks.finite_generics import growing_structs
from idlgen.diagnostics import Diagnostic, Span
from idlgen.model import (
    MAX_DEPTH,
    MAX_SIZE,
    Alias,
    Api,
    NamedType,
    Package,
    ScalarType,
    Struct,
    TypeRef,
    Union,
    inside,
    is_too_large,
)

# How many different arguments generic structs may be used with, all together.
MAX_INSTANCES = 20_000

Use: TypeAlias = tuple[TypeRef, Span]


def instances(api: Api) -> Iterator[Diagnostic]:
    """Yield each place at which an instance grows too large, and where they are too many."""
    if not any(_generic(package) for package in api.packages.values()):
        return
    growing = growing_structs(api)
    found: set[NamedType] = set()
    large: set[Span] = set()
    pending = list(_written(api))
    while pending:
        ref, span = pending.pop()
        if isinstance(ref, ScalarType) or (isinstance(ref, NamedType) and not ref.args):
            continue
        if is_too_large(ref):
            if span not in large:
                yield _too_large(span)
            large.add(span)
            continue
        for instance in _instances(ref):
            if instance in found or (instance.package, instance.name) in growing:
                continue
            found.add(instance)
            if len(found) > MAX_INSTANCES:
                yield _too_many(span)
                return
            pending.extend((f.type, f.span) for f in api.fields(instance))


def _generic(package: Package) -> bool:
    return any(
        isinstance(declared, Struct) and declared.params
        for declared in package.types.values()
    )


def _written(api: Api) -> Iterator[Use]:
    """Yield every type that the schemas write, but for those of generic structs."""
    for package in api.packages.values():
        for declared in package.types.values():
            if isinstance(declared, Struct) and not declared.params:
                yield from ((field.type, field.span) for field in declared.fields)
            elif isinstance(declared, Alias):
                yield declared.type, declared.span
            elif isinstance(declared, Union):
                for variant in declared.variants:
                    if variant.type is not None:
                        yield variant.type, variant.span
        for error in package.errors.values():
            yield from ((field.type, field.span) for field in error.fields)
        for service in package.services.values():
            for method in service.methods:
                yield from ((param.type, param.span) for param in method.params)
                if method.returns is not None:
                    yield method.returns, method.span


def _instances(ref: TypeRef) -> Iterator[NamedType]:
    if isinstance(ref, NamedType) and ref.args:
        yield ref
    for inner in inside(ref):
        yield from _instances(inner)


def _too_large(span: Span) -> Diagnostic:
    return Diagnostic(
        code="IDL018",
        message=f"with the arguments that it is used with, this type stands for more than "
        f"{MAX_DEPTH} levels of types, or {MAX_SIZE:,} altogether",
        span=span,
        hint="hand on the type param itself, or declare a struct without params",
    )


def _too_many(span: Span) -> Diagnostic:
    return Diagnostic(
        code="IDL018",
        message="generic structs are used with more than "
        f"{MAX_INSTANCES:,} different arguments",
        span=span,
        hint="declare structs without params on the way",
    )
