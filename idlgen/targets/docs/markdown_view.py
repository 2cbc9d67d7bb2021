"""What `user.md` shows of a package, as strings that need no more than printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from idlgen.emit.json_text import json_line
from idlgen.emit.markdown_text import code, paragraphs
from idlgen.model import (
    Alias,
    Api,
    Enum,
    Error,
    Newtype,
    Package,
    Struct,
    TypeDeclaration,
    Union,
)
from idlgen.targets.docs.markdown_members import (
    MemberView,
    choice_description,
    common_facts,
    members,
    prose,
)
from idlgen.targets.docs.markdown_methods import ServiceView, service_view
from idlgen.targets.docs.markdown_outline import ContentsLine, Outline
from idlgen.targets.docs.markdown_types import ON_THE_WIRE, MarkdownTypes
from idlgen.targets.tsdoc.facts import STRICT
from idlgen.wire.jsonrpc import ERROR_CODES


class ValueView(NamedTuple):
    """An enum's value; both texts are fit for a cell."""

    value: str
    description: str
    extensions: Mapping[str, object]


class VariantView(NamedTuple):
    """A union's variant and what it carries; every text is fit for a cell."""

    tag: str
    type: str
    description: str
    extensions: Mapping[str, object]


class SectionView(NamedTuple):
    """A type or an error; of `fields`, `values` and `variants` it has one or none."""

    heading: str
    prose: str
    fields: Sequence[MemberView]
    values: Sequence[ValueView]
    variants: Sequence[VariantView]
    extensions: Mapping[str, object]


class ScalarView(NamedTuple):
    """A built-in type that the page names, and what JSON carries for it."""

    name: str
    on_the_wire: str


class MarkdownView(NamedTuple):
    """All of the page."""

    title: str
    version: str
    doc: str
    contents: Sequence[ContentsLine]
    services: Sequence[ServiceView]
    types: Sequence[SectionView]
    errors: Sequence[SectionView]
    first_error: str
    scalars: Sequence[ScalarView]
    extensions: Mapping[str, object]


def markdown_view(api: Api, package: Package) -> MarkdownView:
    """Return what the page of `package` shows."""
    outline = Outline(package)
    types = MarkdownTypes(api, package.name, outline)
    services = [
        service_view(api, package, types, each) for each in package.services.values()
    ]
    sections = [_type(types, each) for each in package.types.values()]
    errors = [_error(types, each) for each in package.errors.values()]
    return MarkdownView(
        title=paragraphs(outline.title),
        version=code(package.version) if package.version else "",
        doc=paragraphs(package.doc) if package.doc else "",
        contents=outline.contents,
        services=services,
        types=sections,
        errors=errors,
        first_error=code(f"{package.name}.{next(iter(package.errors), '')}"),
        scalars=[
            ScalarView(code(scalar.value), ON_THE_WIRE[scalar])
            for scalar in types.scalars()
            if scalar in ON_THE_WIRE
        ],
        extensions=package.extensions,
    )


def _type(types: MarkdownTypes, declaration: TypeDeclaration) -> SectionView:
    match declaration:
        case Struct():
            return _struct(types, declaration)
        case Enum():
            return _enum(declaration)
        case Union():
            return _union(types, declaration)
        case _:
            return _other_name(types, declaration)


def _other_name(types: MarkdownTypes, declaration: Alias | Newtype) -> SectionView:
    inner = types.prose(declaration.type)
    if isinstance(declaration, Newtype):
        fact = f"A type of its own over {inner}, which is what the wire carries."
    else:
        fact = f"Another name for {inner}."
    told = types.constraints(declaration.type, declaration.constraints)
    return _section(declaration, [f"{fact} {told}".rstrip()])


def _struct(types: MarkdownTypes, struct: Struct) -> SectionView:
    facts = []
    if struct.params:
        facts.append(f"Generic over {' and '.join(map(code, struct.params))}.")
    if struct.partial_of:
        whole = types.link(struct.partial_of)
        facts.append(
            f"A patch of {whole}: what is left out stays as it is, null clears."
        )
    if not struct.fields:
        facts.append("It has no fields.")
    if struct.strict:
        facts.append(STRICT)
    return _section(struct, facts, fields=members(types, struct.fields))


def _enum(enum: Enum) -> SectionView:
    described = any(
        choice_description(value) or value.extensions for value in enum.values
    )
    facts = []
    if not described:
        texts = [code(value.text) for value in enum.values]
        facts.append(f"One of {', '.join(texts)}.")
    if enum.closed:
        facts.append("Closed: every other value is an error.")
    else:
        facts.append("Open: later versions may add values, which readers keep.")
    return _section(enum, [" ".join(facts)], values=_values(enum) if described else ())


def _values(enum: Enum) -> list[ValueView]:
    return [
        ValueView(code(value.text), choice_description(value), value.extensions)
        for value in enum.values
    ]


def _union(types: MarkdownTypes, union: Union) -> SectionView:
    tells = f"An object whose {code(union.tag)} tells which variant it is"
    if union.flat:
        tells += ", with the fields of what the variant carries beside it"
    elif any(variant.type for variant in union.variants):
        tells += ", and whose `value` is what the variant carries"
    if union.closed:
        rest = "Closed: every other variant is an error."
    else:
        rest = "Open: later versions may add variants, which readers keep."
    variants = [
        VariantView(
            code(variant.text),
            types.prose(variant.type) if variant.type else "nothing",
            choice_description(variant),
            variant.extensions,
        )
        for variant in union.variants
    ]
    return _section(union, [f"{tells}. {rest}"], variants=variants)


def _error(types: MarkdownTypes, error: Error) -> SectionView:
    status = code(error.status.value)
    fact = f"Status {status}, JSON-RPC code `{ERROR_CODES[error.status]}`"
    if error.message is not None:
        fact += f", message {code(' '.join(error.message.split()))}"
    return _section(error, [f"{fact}."], fields=members(types, error.fields))


def _section(
    declaration: TypeDeclaration | Error,
    facts: Sequence[str],
    *,
    fields: Sequence[MemberView] = (),
    values: Sequence[ValueView] = (),
    variants: Sequence[VariantView] = (),
) -> SectionView:
    shown: tuple[str, ...] = ()
    if declaration.has_example:
        shown = (f"Example: {code(json_line(declaration.example))}",)
    told = (*facts, *common_facts(declaration), *shown)
    return SectionView(
        heading=paragraphs(declaration.name),
        prose=prose(declaration.doc, told, declaration.deprecated),
        fields=fields,
        values=values,
        variants=variants,
        extensions=declaration.extensions,
    )
