"""Names that are apart in the schema but the same in Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic, Label, Span
from idlgen.model import Api, Enum, Field, Package, Service, Struct, Union
from idlgen.targets.python.names import (
    ERROR_FIELD_NAMES,
    FIELD_NAMES,
    METHOD_NAMES,
    MODULE_NAMES,
    PARAM_NAMES,
    class_name,
    enum_member_name,
    module_path,
    type_name,
    value_name,
)
from idlgen.targets.python.pagination import iterator_name
from idlgen.targets.python.service_names import ServiceNames, service_names
from idlgen.targets.python.union_names import type_variables, union_names


class Named(Record, frozen=True):
    """A name in Python, and what has it in the schema."""

    name: str
    origin: str
    span: Span


def collisions(api: Api, package: Package) -> Iterator[Diagnostic]:
    """Yield each name of the package's Python modules that is taken already."""
    services = [service_names(package, s) for s in package.services.values()]
    yield from _members(package)
    yield from _twice("IDL402", _classes(package, services))
    yield from _twice("IDL402", _of_services(services))
    yield from _modules(api, package)


def _members(package: Package) -> Iterator[Diagnostic]:
    for declared in package.types.values():
        if isinstance(declared, Struct):
            yield from _fields(declared.fields, FIELD_NAMES)
        elif isinstance(declared, Enum):
            members = [
                Named(
                    enum_member_name(value.identifier, closed=declared.closed),
                    value.text,
                    value.span,
                )
                for value in declared.values
            ]
            yield from _twice("IDL401", members)
    for error in package.errors.values():
        yield from _fields(error.fields, ERROR_FIELD_NAMES)
    for service in package.services.values():
        yield from _twice("IDL401", _methods(service))
        for method in service.methods:
            yield from _fields(method.params, PARAM_NAMES)


def _methods(service: Service) -> Iterator[Named]:
    for method in service.methods:
        name = value_name(method.identifier, METHOD_NAMES)
        yield Named(name, method.name, method.span)
    for method in service.methods:
        iterator = iterator_name(method)
        if iterator is not None:
            yield Named(iterator, f"{method.name}.paginate", method.span)


def _fields(fields: Sequence[Field], reserved: frozenset[str]) -> Iterator[Diagnostic]:
    names = [value_name(field.identifier, reserved) for field in fields]
    if len(set(names)) == len(names):
        return
    yield from _twice(
        "IDL401",
        [
            Named(name, field.name, field.span)
            for name, field in zip(names, fields, strict=True)
        ],
    )


def _classes(package: Package, services: Sequence[ServiceNames]) -> Iterator[Named]:
    for type_ in package.types.values():
        yield Named(type_name(type_.identifier), type_.name, type_.span)
    for error in package.errors.values():
        yield Named(class_name(error.identifier), error.name, error.span)
    for names in services:
        for name in (
            names.interface,
            names.client,
            names.async_client,
            names.unimplemented,
            names.fake,
        ):
            yield Named(name, names.service.name, names.service.span)
    for union in package.types.values():
        if isinstance(union, Union):
            yield from _of_union(union)
    for param, struct in type_variables(package).items():
        yield Named(type_name(param), f"{struct.name}<{param}>", struct.span)


def _of_union(union: Union) -> Iterator[Named]:
    names = union_names(union)
    if names.unknown is not None:
        yield Named(names.unknown, union.name, union.span)
    for each in names.variants:
        origin = f"{union.name}.{each.variant.text}"
        yield Named(each.name, origin, each.variant.span)


def _of_services(services: Sequence[ServiceNames]) -> Iterator[Named]:
    for service in services:
        yield Named(service.constant, service.service.name, service.service.span)
        # Methods that share a handler have been reported.
        methods = {method.handler: method for method in reversed(service.methods)}
        for method in reversed(methods.values()):
            span = method.method.span
            yield Named(method.constant, method.short, span)
            yield Named(method.params_class, method.short, span)


def _twice(code: str, names: Iterable[Named]) -> Iterator[Diagnostic]:
    seen: dict[str, Named] = {}
    for named in names:
        first = seen.setdefault(named.name, named)
        if first is not named:
            yield Diagnostic(
                code=code,
                message=f"`{first.origin}` and `{named.origin}` "
                f"both make `{named.name}` in Python",
                span=named.span,
                labels=(Label(first.span, f"`{first.origin}` is here"),),
                hint="give one of them another `name:`",
            )


def _modules(api: Api, package: Package) -> Iterator[Diagnostic]:
    folder = module_path(package.name)
    for other in api.packages.values():
        if other.name == package.name:
            continue
        taken = module_path(other.name)
        below = folder.removeprefix(f"{taken}/").partition("/")[0]
        same = folder == taken and other.name < package.name
        if same or (folder.startswith(f"{taken}/") and below in MODULE_NAMES):
            yield Diagnostic(
                code="IDL403",
                message=f"packages `{other.name}` and `{package.name}` "
                f"both make the module `{folder.replace('/', '.')}` in Python",
                path=package.path,
                hint=f"give one of them another name; the other is in {other.path}",
            )
