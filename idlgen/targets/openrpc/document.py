"""The OpenRPC document of a package."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.model import Api, NamedType, Package
from idlgen.targets.openrpc.component_names import ComponentNames
from idlgen.targets.openrpc.declarations import error_component, type_component
from idlgen.targets.openrpc.methods import method_object, tag_object
from idlgen.targets.openrpc.reach import errors_of, types_of
from idlgen.targets.openrpc.scalars import Json
from idlgen.targets.openrpc.schemas import Schemas
from idlgen.wire.jsonrpc import ERROR_CODES, message_template, service_name

OPENRPC = "1.3.2"
"""The version of OpenRPC: its newest tools read 1.4 too, others nothing beyond this."""

UNVERSIONED = "0.0.0"


def document(api: Api, package: Package, url: str | None) -> Json:
    """Return the document of `package`, served at `url` where that is known."""
    types, errors = types_of(api, package), errors_of(package)
    schemas = Schemas(api, ComponentNames(api, [*types, *errors]))
    told: Json = {"openrpc": OPENRPC, "info": _info(package)}
    if url is not None:
        told["servers"] = [{"url": url}]
    told["methods"] = [
        method_object(schemas, package, service, method)
        for service in package.services.values()
        for method in service.methods
    ]
    told["components"] = dict(_components(schemas, package, types, errors))
    return told


def _info(package: Package) -> Json:
    told: Json = {"title": package.name, "version": package.version or UNVERSIONED}
    if package.doc and package.doc.strip():
        told["description"] = package.doc.strip()
    return {**told, **package.extensions}


def _components(
    schemas: Schemas, package: Package, types: list[NamedType], errors: list[NamedType]
) -> Iterator[tuple[str, Json]]:
    key = schemas.names.key
    listed: Json = {}
    for ref in types:
        # An alias may be but the name of an instance.
        if key(ref) not in listed:
            listed[key(ref)] = type_component(schemas, ref)
    for ref in errors:
        listed[key(ref)] = error_component(schemas, ref)
    if listed:
        yield "schemas", listed
    if errors:
        yield "errors", {key(ref): _error_object(schemas, ref) for ref in errors}
    yield (
        "tags",
        {service_name(package, s): tag_object(s) for s in package.services.values()},
    )


def _error_object(schemas: Schemas, ref: NamedType) -> Json:
    error = schemas.api.error(ref)
    return {
        "code": ERROR_CODES[error.status],
        "message": message_template(error),
        "data": schemas.reference(ref),
    }
