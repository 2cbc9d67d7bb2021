"""The Document: what one schema file declares, as it was written.

Names are the keys' nodes, so that they carry their place. Values (defaults, examples)
stay YAML nodes until the resolver knows the type that they must fit.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct as Record

from idlgen.diagnostics import Source, Span
from idlgen.syntax.type_parser import TypeExpr
from idlgen.syntax.yaml_tree import Entry, Node, ScalarNode


class Notes(Record, frozen=True):
    """What any declaration may say beside its meaning.

    `code_name` is what `name:` says, `example` a value of a member, a type or an error;
    `extensions` are the `x-` keys.
    """

    doc: str | None = None
    deprecated: str | None = None
    since: str | None = None
    code_name: str | None = None
    example: Node | None = None
    extensions: dict[str, object] = {}


class TypeText(Record, frozen=True):
    """A parsed type expression and the offset in the source that its offsets count from."""

    expression: TypeExpr
    base: int


class Number(Record, frozen=True):
    """What `number:` says, and where."""

    value: int
    node: Node


class MemberDecl(Record, frozen=True, kw_only=True):
    """A field or a param; `type` is None where a diagnostic has told why.

    `constraints` are the keys of `forms.CONSTRAINTS` that it gives; `number` is its
    entry, for the message that it is taken.
    """

    name: ScalarNode
    type: TypeText | None
    default: Node | None = None
    constraints: dict[str, Entry] = {}
    wire: ScalarNode | None = None
    sensitive: bool = False
    number: Number | None = None
    notes: Notes = Notes()


class StructDecl(Record, frozen=True):
    """`Name: {fields: ..., extends: Other}`, or `Name<T>: ...` with type `params`."""

    name: ScalarNode
    params: list[ScalarNode]
    fields: list[MemberDecl]
    extends: TypeText | None
    strict: bool
    notes: Notes


class EnumValueDecl(Record, frozen=True):
    """One value of an enum."""

    name: ScalarNode
    number: Number | None
    notes: Notes


class EnumDecl(Record, frozen=True):
    """`Name: {enum: ...}`."""

    name: ScalarNode
    values: list[EnumValueDecl]
    closed: bool
    notes: Notes


class VariantDecl(Record, frozen=True):
    """One variant of a union; `carries` is false for one that is only a tag."""

    name: ScalarNode
    carries: bool
    type: TypeText | None
    number: Number | None
    notes: Notes


class UnionDecl(Record, frozen=True):
    """`Name: {union: ...}`."""

    name: ScalarNode
    variants: list[VariantDecl]
    tag: ScalarNode | None
    flat: bool
    closed: bool
    notes: Notes


class AliasDecl(Record, frozen=True):
    """`Name: expression` or `Name: {alias: expression}`.

    `partial<X>`, `pick<X, a>` and `omit<X, a>` are written so too and make structs.
    """

    name: ScalarNode
    type: TypeText | None
    constraints: dict[str, Entry]
    notes: Notes


class NewtypeDecl(Record, frozen=True):
    """`Name: {newtype: scalar}`."""

    name: ScalarNode
    type: TypeText | None
    constraints: dict[str, Entry]
    notes: Notes


TypeDecl: TypeAlias = StructDecl | EnumDecl | UnionDecl | AliasDecl | NewtypeDecl


class ErrorDecl(Record, frozen=True):
    """One entry of `errors`."""

    name: ScalarNode
    status: ScalarNode | None
    message: ScalarNode | None
    fields: list[MemberDecl]
    notes: Notes


class ExampleDecl(Record, frozen=True):
    """A named example of a call."""

    name: ScalarNode
    params: Node | None
    returns: Node | None
    notes: Notes


class AuthDecl(Record, frozen=True):
    """What `auth` and `scopes` say; each is None where it is not written."""

    kind: ScalarNode | None
    scopes: list[ScalarNode] | None


class PaginationDecl(Record, frozen=True):
    """`paginate: cursor` or `paginate: {param: ..., next: ..., items: ...}`."""

    param: ScalarNode
    next: ScalarNode | None = None
    items: ScalarNode | None = None
    extensions: dict[str, object] = {}


class ResultDecl(Record, frozen=True):
    """`returns: User` or `returns: {type: User}`."""

    type: TypeText | None
    extensions: dict[str, object] = {}


class MethodDecl(Record, frozen=True):
    """One entry of a service's `methods`; `timeout` is in seconds."""

    name: ScalarNode
    params: list[MemberDecl]
    returns: ResultDecl | None
    errors: list[ScalarNode]
    readonly: bool
    idempotent: bool
    timeout: float | None
    auth: AuthDecl
    pagination: PaginationDecl | None
    examples: list[ExampleDecl]
    notes: Notes


class ServiceDecl(Record, frozen=True):
    """One entry of `services`; `errors` are those of every method."""

    name: ScalarNode
    methods: list[MethodDecl]
    errors: list[ScalarNode]
    auth: AuthDecl
    notes: Notes


class ImportDecl(Record, frozen=True):
    """One entry of `imports`: the name used here, and the file's path as written."""

    name: ScalarNode
    path: ScalarNode


class Document(Record, frozen=True):
    """One schema file; `package` is what it says or its stem.

    It is not `complete` where the text broke off before its end.
    """

    source: Source
    complete: bool
    package: str
    version: str | None
    notes: Notes
    imports: list[ImportDecl]
    types: list[TypeDecl]
    errors: list[ErrorDecl]
    services: list[ServiceDecl]

    def span(self, start: int, end: int) -> Span:
        """Return a place in this document."""
        return Span(self.source, start, end)

    def place(self, node: Node) -> Span:
        """Return the place of a node of this document."""
        return Span(self.source, node.start, node.end)
