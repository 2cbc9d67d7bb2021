"""What `user.d.ts` shows of a package, as strings that need no more than printing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from idlgen.emit.typescript_text import property_name, string_literal
from idlgen.model import (
    Api,
    Enum,
    EnumValue,
    Error,
    Field,
    Newtype,
    Package,
    Presence,
    Struct,
    TypeDeclaration,
)
from idlgen.targets.docs.statuses import JSON_RPC_CODES
from idlgen.targets.docs.typescript_comments import (
    WIDTH,
    called,
    comment,
    deprecation,
    member_comment,
    one_line,
    schema_name,
)
from idlgen.targets.docs.typescript_methods import ServiceView, service_view
from idlgen.targets.docs.typescript_types import TypeScriptTypes

_MAY_BE_ABSENT = (Presence.OPTIONAL, Presence.PATCH)
_ANY_OTHER_TEXT = "(string & {})"  # unlike `string`, it leaves completion its values


class MemberView(NamedTuple):
    """One line of an interface: `key: type;`."""

    comment: str
    key: str
    type: str


class TypeView(NamedTuple):
    """`interface name { members }`, or `type name = text` where `text` is not empty.

    `text` holds its leading space or line break.
    """

    comment: str
    name: str
    text: str
    members: Sequence[MemberView]


class ErrorView(NamedTuple):
    """A declared error; `identity` and `status` are string literals."""

    comment: str
    name: str
    identity: str
    status: str
    members: Sequence[MemberView]


class TypeScriptView(NamedTuple):
    """All of the file; `is_empty` where it would declare nothing."""

    comment: str
    types: Sequence[TypeView]
    errors: Sequence[ErrorView]
    services: Sequence[ServiceView]
    is_empty: bool


def typescript_view(api: Api, package: Package) -> TypeScriptView:
    """Return what the declarations of `package` look like in TypeScript."""
    types = TypeScriptTypes(api, package)
    return TypeScriptView(
        comment=_package_comment(package),
        types=[_type(types, package, each) for each in package.types.values()],
        errors=[_error(types, package, each) for each in package.errors.values()],
        services=[service_view(api, types, each) for each in package.services.values()],
        is_empty=not (package.types or package.errors or package.services),
    )


def _package_comment(package: Package) -> str:
    version = f"Version {one_line(package.version)}." if package.version else ""
    return comment(
        "",
        package.doc or f"Interface of package {package.name}.",
        (version,) if version else (),
        ("@packageDocumentation",),
    )


def _type(
    types: TypeScriptTypes, package: Package, declaration: TypeDeclaration
) -> TypeView:
    name = types.name(declaration.name)
    facts = schema_name(name, declaration.name)
    text = ""
    note = ""
    members: Sequence[MemberView] = ()
    match declaration:
        case Struct(fields=fields, partial_of=whole):
            members = _members(types, fields, "  ")
            if whole:
                facts = (_patch_fact(types.name(whole)), *facts)
        case Enum():
            text = _enum_text(name, declaration)
        case _:
            text = f" {types.text(declaration.type)}"
            constraints = declaration.constraints
            note = types.constrained_note(declaration.type, constraints)
            if isinstance(declaration, Newtype):
                # With the package, for another package may have the name as well.
                identity = string_literal(f"{package.name}.{declaration.name}")
                text += f" & {{ readonly __brand: {identity} }}"
    tags = deprecation(declaration.deprecated)
    return TypeView(
        comment("", declaration.doc, facts, tags, note=note), name, text, members
    )


def _patch_fact(whole: str) -> str:
    return (
        f"A patch of {{@link {whole}}}: what is left out stays as it is, null clears."
    )


def _members(
    types: TypeScriptTypes, fields: Sequence[Field], indent: str
) -> list[MemberView]:
    members = []
    for field in fields:
        key = property_name(field.wire_name)
        if field.presence in _MAY_BE_ABSENT:
            key += "?"
        told = member_comment(indent, field, types.member_note(field))
        members.append(MemberView(told, key, types.text(field.type)))
    return members


def _enum_text(name: str, enum: Enum) -> str:
    texts = [string_literal(value.text) for value in enum.values]
    if not enum.closed:
        texts.append(_ANY_OTHER_TEXT)
    line = f" {' | '.join(texts)}"
    comments = [_value_comment(value) for value in enum.values]
    if len(f"export type {name} ={line};") <= WIDTH and not any(comments):
        return line
    comments.append("")
    lines = []
    for said, text in zip(comments, texts, strict=False):
        if said:
            lines.append(f"\n  {said}")
        lines.append(f"\n  | {text}")
    return "".join(lines)


def _value_comment(value: EnumValue) -> str:
    note = called(value.code_name) if value.code_name else ""
    return comment("  ", value.doc, (), deprecation(value.deprecated), note=note)


def _error(types: TypeScriptTypes, package: Package, error: Error) -> ErrorView:
    fact = f"The `data` of JSON-RPC error {JSON_RPC_CODES[error.status]}"
    if error.message is not None:
        fact += f', "{one_line(error.message)}"'
    name = types.name(error.name)
    facts = (f"{fact}.", *schema_name(name, error.name))
    return ErrorView(
        comment("", error.doc, facts, deprecation(error.deprecated)),
        name,
        string_literal(f"{package.name}.{error.name}"),
        string_literal(error.status.value),
        _members(types, error.fields, "    "),
    )
