"""Types and errors as interfaces and type aliases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from idlgen.emit.typescript_text import property_name, string_literal
from idlgen.model import (
    Alias,
    Enum,
    Error,
    Field,
    Newtype,
    Package,
    Presence,
    Struct,
    TypeDeclaration,
    Union,
)
from idlgen.targets.tsdoc.choices import (
    enum_text,
    union_text,
    unknown_variant,
)
from idlgen.targets.tsdoc.comments import (
    code,
    comment,
    deprecation,
    member_comment,
    one_line,
    schema_name,
    value_tag,
)
from idlgen.targets.tsdoc.facts import STRICT, since_fact
from idlgen.targets.tsdoc.names import type_name
from idlgen.targets.tsdoc.scope import Scope
from idlgen.targets.tsdoc.sentences import joined
from idlgen.targets.tsdoc.types import TypeScriptTypes
from idlgen.wire.jsonrpc import ERROR_CODES

_MAY_BE_ABSENT = (Presence.OPTIONAL, Presence.PATCH)
_NO_EXTENSIONS: Mapping[str, object] = {}


class MemberView(NamedTuple):
    """One line of an interface: `key: type;`."""

    comment: str
    key: str
    type: str
    extensions: Mapping[str, object] = _NO_EXTENSIONS


class TypeView(NamedTuple):
    """`interface name { members }`, or `type name = text` where `text` is not empty.

    `name` holds the type params, `text` its leading space or line break.
    """

    comment: str
    name: str
    text: str
    members: Sequence[MemberView]
    extensions: Mapping[str, object]


class ErrorView(NamedTuple):
    """A declared error; `identity` and `status` are string literals."""

    comment: str
    name: str
    identity: str
    status: str
    members: Sequence[MemberView]
    extensions: Mapping[str, object]


class Declarations:
    """Turns the types and errors of one package into views."""

    def __init__(self, package: Package, scope: Scope, types: TypeScriptTypes) -> None:
        self._package = package
        self._scope = scope
        self._types = types

    def type(self, declaration: TypeDeclaration) -> Iterator[TypeView]:
        """Yield the view of a type, and that of what it cannot do without."""
        name = type_name(declaration)
        text = note = ""
        facts: list[str] = []
        members: Sequence[MemberView] = ()
        match declaration:
            case Struct():
                members = self.members(declaration.fields, "  ")
                facts.extend(self._struct_facts(declaration))
            case Enum():
                text = enum_text(name, declaration)
            case Union():
                text = union_text(self._types, declaration)
            case Alias() | Newtype():
                text = f" {self._other_name(declaration)}"
                note = self._types.constrained_note(
                    declaration.type, declaration.constraints
                )
        note = joined([note, since_fact(declaration.since, code)])
        facts.extend(schema_name(name, declaration.name))
        tags = [value_tag("", declaration.example)] if declaration.has_example else []
        tags += deprecation(declaration.deprecated)
        yield TypeView(
            comment("", declaration.doc, facts, tags, note=note),
            name + self._type_params(declaration),
            text,
            members,
            declaration.extensions,
        )
        if isinstance(declaration, Union) and not declaration.closed:
            yield self._unknown(name, declaration)

    def error(self, error: Error) -> ErrorView:
        """Return the view of an error."""
        fact = f"The `data` of JSON-RPC error {ERROR_CODES[error.status]}"
        if error.message is not None:
            fact += f', "{one_line(error.message)}"'
        name = type_name(error)
        facts = (f"{fact}.", *schema_name(name, error.name))
        tags = [value_tag("", self._data(error))] if error.has_example else []
        tags += deprecation(error.deprecated)
        since = since_fact(error.since, code)
        return ErrorView(
            comment("", error.doc, facts, tags, note=since),
            name,
            self.identity(error),
            string_literal(error.status.value),
            self.members(error.fields, "    "),
            error.extensions,
        )

    def _data(self, error: Error) -> object:
        name = f"{self._package.name}.{error.name}"
        data: dict[str, object] = {"error": name, "status": error.status.value}
        return {**data, "fields": error.example} if error.fields else data

    def identity(self, declaration: TypeDeclaration | Error) -> str:
        """Return the literal of what the wire calls a declaration: `"user.User"`."""
        # With the package, for another package may have the name as well.
        return string_literal(f"{self._package.name}.{declaration.name}")

    def _type_params(self, declaration: TypeDeclaration) -> str:
        if not isinstance(declaration, Struct) or not declaration.params:
            return ""
        return f"<{', '.join(map(self._scope.type_param, declaration.params))}>"

    def _struct_facts(self, struct: Struct) -> Iterator[str]:
        if struct.partial_of:
            whole = self._scope.declared(struct.partial_of)
            yield (
                f"A patch of {{@link {whole}}}: what is left out stays as it is, "
                "null clears."
            )
        if struct.strict:
            yield STRICT

    def _other_name(self, declaration: Alias | Newtype) -> str:
        text = self._types.text(declaration.type)
        if isinstance(declaration, Alias):
            return text
        return f"{text} & {{ readonly __brand: {self.identity(declaration)} }}"

    def _unknown(self, name: str, union: Union) -> TypeView:
        told, name, members = unknown_variant(name, self.identity(union), union)
        views = [MemberView("", key, type_) for key, type_ in members]
        return TypeView(told, name, "", views, _NO_EXTENSIONS)

    def members(self, fields: Sequence[Field], indent: str) -> list[MemberView]:
        """Return the lines of an interface that has `fields`."""
        members = []
        for field in fields:
            key = property_name(field.wire_name)
            if field.presence in _MAY_BE_ABSENT:
                key += "?"
            told = member_comment(indent, field, self._types.member_note(field))
            text = self._types.text(field.type)
            members.append(MemberView(told, key, text, field.extensions))
        return members
