"""What stands beside a union's tag must be told from it."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import Alias, Api, NamedType, Struct, TypeRef, Union, Variant

VALUE_KEY = "value"


def union_members(api: Api) -> Iterator[Diagnostic]:
    """Yield each variant that does not fit beside the tag of its union."""
    for package in api.packages.values():
        for declared in package.types.values():
            if isinstance(declared, Union):
                yield from _clashes(api, declared)


def _clashes(api: Api, union: Union) -> Iterator[Diagnostic]:
    if not union.flat:
        if union.tag == VALUE_KEY:
            yield Diagnostic(
                code="IDL126",
                message=f"the tag of `{union.name}` is called as the value beside it",
                span=union.span,
                hint="give `tag:` another name, or make the union `flat`",
            )
        return
    for variant in union.variants:
        struct = None if variant.type is None else _struct(api, variant.type)
        if struct is not None:
            yield from _tag_taken(api, union, variant, struct)
        elif variant.type is not None:
            yield Diagnostic(
                code="IDL126",
                message=f"variant `{variant.text}` of a flat union is not a struct",
                span=variant.span,
                hint="give it a struct, or leave `flat` out",
            )


def _struct(api: Api, type_: TypeRef) -> NamedType | None:
    """Return the struct at the end of aliases, or None for any other type."""
    while isinstance(type_, NamedType):
        declared = api.declaration(type_)
        if not isinstance(declared, Alias):
            return type_ if isinstance(declared, Struct) else None
        type_ = declared.type
    return None


def _tag_taken(
    api: Api, union: Union, variant: Variant, struct: NamedType
) -> Iterator[Diagnostic]:
    for field in api.fields(struct):
        if field.wire_name == union.tag:
            yield Diagnostic(
                code="IDL126",
                message=f"variant `{variant.text}` has a field `{union.tag}`, "
                "which is the union's tag",
                span=variant.span,
                labels=(Label(field.span, "the field is here"),),
                hint="give `tag:` another name, or the field another `wire:`",
            )
