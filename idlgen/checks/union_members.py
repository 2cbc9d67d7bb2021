"""What stands beside a union's tag must be told from it."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import VALUE_KEY, Api, NamedType, Struct, Union, Variant


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
        if variant.type is None:
            continue
        carried = api.unaliased(variant.type)
        if isinstance(carried, NamedType) and isinstance(
            api.declaration(carried), Struct
        ):
            yield from _tag_taken(api, union, variant, carried)
        else:
            yield Diagnostic(
                code="IDL126",
                message=f"variant `{variant.text}` of a flat union is not a struct",
                span=variant.span,
                hint="give it a struct, or leave `flat` out",
            )


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
