"""What `user.md` shows of a package, as strings that need no more than printing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from idlgen.emit.markdown_text import cell, code, paragraphs
from idlgen.model import (
    Api,
    Enum,
    Error,
    Newtype,
    Package,
    Struct,
    TypeDeclaration,
)
from idlgen.targets.docs.markdown_anchors import Anchors
from idlgen.targets.docs.markdown_members import (
    MemberView,
    called,
    code_name,
    deprecation,
    members,
    prose,
)
from idlgen.targets.docs.markdown_methods import ServiceView, service_view
from idlgen.targets.docs.markdown_types import ON_THE_WIRE, MarkdownTypes
from idlgen.targets.docs.sentences import joined
from idlgen.targets.docs.statuses import JSON_RPC_CODES


class ContentsLine(NamedTuple):
    """One entry of the contents, `depth` spaces in."""

    indent: str
    link: str


class ValueView(NamedTuple):
    """An enum's value; both texts are fit for a cell."""

    value: str
    description: str


class SectionView(NamedTuple):
    """A type or an error; `fields` and `values` are empty where it has none."""

    heading: str
    prose: str
    fields: Sequence[MemberView]
    values: Sequence[ValueView]


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


def markdown_view(api: Api, package: Package) -> MarkdownView:
    """Return what the page of `package` shows."""
    title = f"Package {package.name}"
    anchors = _Outline(title, package)
    types = MarkdownTypes(api, anchors.declarations)
    services = [
        service_view(api, package, types, each) for each in package.services.values()
    ]
    sections = [_type(types, each) for each in package.types.values()]
    errors = [_error(types, each) for each in package.errors.values()]
    return MarkdownView(
        title=paragraphs(title),
        version=code(package.version) if package.version else "",
        doc=paragraphs(package.doc) if package.doc else "",
        contents=anchors.contents,
        services=services,
        types=sections,
        errors=errors,
        first_error=code(f"{package.name}.{next(iter(package.errors), '')}"),
        scalars=[
            ScalarView(code(scalar.value), ON_THE_WIRE[scalar])
            for scalar in types.scalars()
            if scalar in ON_THE_WIRE
        ],
    )


class _Outline:
    """The headings in the order of the template, which decides their anchors."""

    def __init__(self, title: str, package: Package) -> None:
        self.contents: list[ContentsLine] = []
        self.declarations: dict[str, str] = {}
        self._anchors = Anchors()
        self._anchors.add(title)
        self._anchors.add("Contents")
        if package.services:
            self._add("", "Services")
        for service in package.services.values():
            self.declarations[service.name] = self._add("  ", service.name)
            for method in service.methods:
                self._add("    ", method.name)
        self._add_section("Types", package.types)
        self._add_section("Errors", package.errors)

    def _add_section(self, heading: str, names: Iterable[str]) -> None:
        for number, name in enumerate(names):
            if number == 0:
                self._add("", heading)
            self.declarations[name] = self._add("  ", name)

    def _add(self, indent: str, heading: str) -> str:
        anchor = self._anchors.add(heading)
        link = f"[{paragraphs(heading)}](#{anchor})"
        self.contents.append(ContentsLine(indent, link))
        return anchor


def _type(types: MarkdownTypes, declaration: TypeDeclaration) -> SectionView:
    match declaration:
        case Struct():
            return _struct(types, declaration)
        case Enum():
            return _enum(declaration)
        case _:
            inner = types.prose(declaration.type)
            if isinstance(declaration, Newtype):
                fact = (
                    f"A type of its own over {inner}, which is what the wire carries."
                )
            else:
                fact = f"Another name for {inner}."
            told = types.constraints(declaration.type, declaration.constraints)
            return _section(declaration, [f"{fact} {told}".rstrip()])


def _struct(types: MarkdownTypes, struct: Struct) -> SectionView:
    facts = []
    if struct.partial_of:
        whole = types.link(struct.partial_of)
        facts.append(
            f"A patch of {whole}: what is left out stays as it is, null clears."
        )
    if not struct.fields:
        facts.append("It has no fields.")
    return _section(struct, facts, fields=members(types, struct.fields))


def _enum(enum: Enum) -> SectionView:
    described = any(
        value.doc or value.code_name or value.deprecated is not None
        for value in enum.values
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
    views = []
    for value in enum.values:
        parts = []
        if value.deprecated is not None:
            parts.append(deprecation(value.deprecated))
        if value.doc:
            parts.append(cell(value.doc))
        if value.code_name:
            parts.append(called(value.code_name))
        views.append(ValueView(code(value.text), joined(parts)))
    return views


def _error(types: MarkdownTypes, error: Error) -> SectionView:
    status = code(error.status.value)
    fact = f"Status {status}, JSON-RPC code `{JSON_RPC_CODES[error.status]}`"
    if error.message is not None:
        fact += f", message {code(' '.join(error.message.split()))}"
    return _section(error, [f"{fact}."], fields=members(types, error.fields))


def _section(
    declaration: TypeDeclaration | Error,
    facts: Sequence[str],
    *,
    fields: Sequence[MemberView] = (),
    values: Sequence[ValueView] = (),
) -> SectionView:
    told = (*facts, *code_name(declaration))
    return SectionView(
        heading=paragraphs(declaration.name),
        prose=prose(declaration.doc, told, declaration.deprecated),
        fields=fields,
        values=values,
    )
