"""JSON Schemas of what the `types` and `errors` sections declare: the components."""

from __future__ import annotations

from idlgen.model import (
    VALUE_KEY,
    Alias,
    Enum,
    NamedType,
    Newtype,
    Struct,
    Union,
    Variant,
)
from idlgen.targets.openrpc.component_names import named_instance
from idlgen.targets.openrpc.constraints import base_of
from idlgen.targets.openrpc.notes import choices_text, notes, partial_text, with_text
from idlgen.targets.openrpc.scalars import Json
from idlgen.targets.openrpc.schemas import Members, Schemas, noted, object_schema


def type_component(schemas: Schemas, ref: NamedType) -> Json:
    """Return the schema of a declared type, or of an instance of a generic one."""
    declared = schemas.api.declaration(ref)
    after: Json = {"examples": [declared.example]} if declared.has_example else {}
    after.update(declared.extensions)
    instance = named_instance(schemas.api, ref)
    before: Json = {"title": schemas.names.title(ref), **notes(declared)}
    if instance is not None:
        shared = type_component(schemas, instance)
        return {**shared, **before, **after}
    if isinstance(declared, Enum):
        before = with_text(before, choices_text(declared.values))
    elif isinstance(declared, Struct):
        before = with_text(before, partial_text(declared))
    return noted(_declared(schemas, ref), before, after)


def _declared(schemas: Schemas, ref: NamedType) -> Json:
    declared = schemas.api.declaration(ref)
    match declared:
        case Struct(strict=strict):
            members = schemas.members(schemas.api.fields(ref))
            return object_schema(members, is_strict=strict)
        case Enum():
            return _enum(declared)
        case Union():
            return {"oneOf": _variants(schemas, declared)}
        case Alias() | Newtype():
            return schemas.limited(declared.type, declared.constraints)


def error_component(schemas: Schemas, ref: NamedType) -> Json:
    """Return the schema of the `data` of a declared error."""
    error = schemas.api.error(ref)
    facts: Json = {
        "error": {"const": f"{ref.package}.{error.name}"},
        "status": {"const": error.status.value},
    }
    if error.fields:
        facts["fields"] = object_schema(schemas.members(error.fields))
    body = object_schema(Members(facts, list(facts)))
    before: Json = {"title": schemas.names.title(ref), **notes(error)}
    after: Json = {}
    if error.has_example:
        data: Json = {
            "error": f"{ref.package}.{error.name}",
            "status": error.status.value,
        }
        if error.fields:
            data["fields"] = error.example
        after["examples"] = [data]
    return noted(body, before, {**after, **error.extensions})


def _enum(enum: Enum) -> Json:
    known: Json = {"type": "string", "enum": [value.text for value in enum.values]}
    opened: Json = {"anyOf": [known, {"type": "string"}]}
    schema = known if enum.closed else opened
    own = {value.text: value.extensions for value in enum.values if value.extensions}
    return {**schema, "x-idl-values": own} if own else schema


def _variants(schemas: Schemas, union: Union) -> list[Json]:
    variants = [_variant(schemas, union, variant) for variant in union.variants]
    return variants if union.closed else [*variants, _unknown(union)]


def _variant(schemas: Schemas, union: Union, variant: Variant) -> Json:
    before: Json = {"title": f"{union.identifier} {variant.text}", **notes(variant)}
    tag: Json = {union.tag: {"const": variant.text}}
    payload, is_strict = _payload(schemas, union, variant)
    members = Members({**tag, **payload.properties}, [union.tag, *payload.required])
    return noted(
        object_schema(members, is_strict=is_strict), before, variant.extensions
    )


def _payload(schemas: Schemas, union: Union, variant: Variant) -> tuple[Members, bool]:
    """Return the members beside the tag, and whether there may be no others."""
    if variant.type is None:
        return Members({}, []), False
    if not union.flat:
        return Members({VALUE_KEY: schemas.type(variant.type)}, [VALUE_KEY]), False
    base = base_of(schemas.api, variant.type)
    assert isinstance(base, NamedType)
    struct = schemas.api.declaration(base)
    assert isinstance(struct, Struct)
    return schemas.members(schemas.api.fields(base)), struct.strict


def _unknown(union: Union) -> Json:
    """Return the schema of the variants that a later version may bring."""
    known = [variant.text for variant in union.variants]
    tag: Json = {"type": "string", "not": {"enum": known}}
    return {
        "title": f"{union.identifier} unknown",
        "description": "A variant of a later version.",
        **object_schema(Members({union.tag: tag}, [union.tag])),
    }
