"""Methods as OpenRPC's method objects, with what it has no word for under `x-idl-`."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.model import (
    Auth,
    Example,
    Field,
    Method,
    NamedType,
    Package,
    Presence,
    Service,
    StreamType,
    TypeRef,
)
from idlgen.targets.openrpc.constraints import base_of
from idlgen.targets.openrpc.notes import notes, value_notes
from idlgen.targets.openrpc.scalars import Json
from idlgen.targets.openrpc.schemas import NULL, Schemas, noted
from idlgen.wire.jsonrpc import method_name, service_name, written_params

RESULT = "result"


def method_object(
    schemas: Schemas, package: Package, service: Service, method: Method
) -> Json:
    """Return what OpenRPC says of a method."""
    told: Json = {
        "name": method_name(package, service, method),
        **notes(method),
        "tags": [{"$ref": f"#/components/tags/{service_name(package, service)}"}],
        "paramStructure": "by-name",
        "params": [_param(schemas, param) for param in _sent(method)],
        "result": {
            "name": RESULT,
            "schema": _result(schemas, method),
            **method.result_extensions,
        },
    }
    if method.errors:
        told["errors"] = [_error_reference(error) for error in method.errors]
    examples = [_example(method, example) for example in method.examples]
    if examples and not _streams(method):
        told["examples"] = examples
    return {**told, **dict(_facts(schemas, method)), **method.extensions}


def tag_object(service: Service) -> Json:
    """Return the tag that the methods of a service have."""
    told = notes(service)
    told.pop("deprecated", None)
    return {"name": service.identifier, **told, **service.extensions}


def _error_reference(error: NamedType) -> Json:
    return {"$ref": f"#/components/errors/{error.package}.{error.name}"}


def _sent(method: Method) -> Iterator[Field]:
    """Yield what travels in `params`: the items of a stream come after them."""
    return (param for param in method.params if param is not method.streamed_param)


def _param(schemas: Schemas, param: Field) -> Json:
    return {
        "name": param.wire_name,
        **notes(param),
        "required": param.presence is Presence.REQUIRED,
        "schema": noted(schemas.value(param), {}, value_notes(param)),
        **param.extensions,
    }


def _result(schemas: Schemas, method: Method) -> Json:
    """Return the schema of the response's result; after a stream there is none."""
    if method.returns is None or isinstance(method.returns, StreamType):
        return NULL
    return schemas.type(method.returns)


def _streams(method: Method) -> bool:
    return method.streamed_param is not None or isinstance(method.returns, StreamType)


def _example(method: Method, example: Example) -> Json:
    told: Json = {"name": example.name}
    if example.doc:
        told["description"] = example.doc.strip()
    params = written_params(method, example)
    return {
        **told,
        "params": [{"name": name, "value": params[name]} for name in params],
        "result": {"name": RESULT, "value": example.returns},
        **example.extensions,
    }


def _facts(schemas: Schemas, method: Method) -> Iterator[tuple[str, object]]:
    """Yield what clients want to know of a method and OpenRPC does not say."""
    if method.readonly:
        yield "x-idl-readonly", True
    if method.idempotent:
        yield "x-idl-idempotent", True
    if method.timeout is not None:
        yield "x-idl-timeout-ms", round(method.timeout * 1000)
    if method.auth is not Auth.NONE:
        yield "x-idl-auth", method.auth.value
    if method.scopes:
        yield "x-idl-scopes", list(method.scopes)
    if method.pagination is not None:
        yield "x-idl-paginate", _pagination(schemas, method)
    if _streams(method):
        yield "x-idl-streams", _streamed(schemas, method)


def _pagination(schemas: Schemas, method: Method) -> Json:
    """Return the wire names of the cursor, of the next one and of the items."""
    assert method.pagination is not None
    assert method.returns is not None
    page = base_of(schemas.api, method.returns)
    assert isinstance(page, NamedType)
    params = {param.name: param.wire_name for param in method.params}
    fields = {field.name: field.wire_name for field in schemas.api.fields(page)}
    return {
        "param": params[method.pagination.param],
        "next": fields[method.pagination.next],
        "items": fields[method.pagination.items],
        **method.pagination.extensions,
    }


def _streamed(schemas: Schemas, method: Method) -> Json:
    """Return what the caller streams and what it receives, each one item's schema."""
    told: Json = {}
    param = method.streamed_param
    if param is not None:
        told["param"] = {
            "name": param.wire_name,
            **notes(param),
            "schema": schemas.type(_item(param.type)),
            **param.extensions,
        }
    if isinstance(method.returns, StreamType):
        item = schemas.type(method.returns.item)
        told["result"] = {"name": RESULT, "schema": item}
    return told


def _item(ref: TypeRef) -> TypeRef:
    assert isinstance(ref, StreamType)
    return ref.item
