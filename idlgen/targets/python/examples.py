"""What the fields of a struct look like, from whatever the schema gives an example of."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Api,
    Exemplified,
    Field,
    NamedType,
    Newtype,
    NullableType,
    Presence,
    Struct,
    TypeRef,
)


def shown_fields(api: Api, struct: Struct, fields: Sequence[Field]) -> Sequence[Field]:
    """Return `fields`, those of `struct`, each with an example where there is one.

    It is the field's own, else what the struct's example has there, else its type's.
    """
    return [_shown(api, struct, field) for field in fields]


def _shown(api: Api, struct: Struct, field: Field) -> Field:
    if field.has_example:
        return field
    whole = struct.example
    if isinstance(whole, dict) and field.wire_name in whole:
        value = whole[field.wire_name]
        # The example of the whole has its defaults filled in.
        is_default = field.presence is Presence.DEFAULTED and value == field.default
        return field if is_default else _with(field, value)
    if field.presence is Presence.DEFAULTED or field.constraints is not NO_CONSTRAINTS:
        return field
    source = _example(api, field.type)
    return field if source is None else _with(field, source.example)


def _with(field: Field, example: object) -> Field:
    return structs.replace(field, has_example=True, example=example)


def _example(api: Api, ref: TypeRef) -> Exemplified | None:
    """Return the type that has an example which fits `ref`, where one has.

    Structs are left to their own fields. What narrows a type may leave its example out.
    """
    while isinstance(ref, NamedType | NullableType):
        if isinstance(ref, NullableType):
            ref = ref.inner
            continue
        declared = api.declaration(ref)
        if isinstance(declared, Struct):
            return None
        if declared.has_example:
            return declared
        if not isinstance(declared, Alias | Newtype):
            return None
        if declared.constraints is not NO_CONSTRAINTS:
            return None
        ref = declared.type
    return None
