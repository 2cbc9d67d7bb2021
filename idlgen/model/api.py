"""Errors, services, packages and the whole of a build."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct as Record

from idlgen.diagnostics import Span
from idlgen.model.declarations import (
    Alias,
    Declared,
    Exemplified,
    Field,
    Struct,
    TypeDeclaration,
)
from idlgen.model.generics import instance_fields
from idlgen.model.types import NamedType, StreamType, TypeRef

_NO_EXTENSIONS: Mapping[str, object] = {}


class Status(StrEnum):
    """The canonical RPC statuses that an error may have, by their gRPC names."""

    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    INVALID_ARGUMENT = "invalid_argument"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    NOT_FOUND = "not_found"
    ALREADY_EXISTS = "already_exists"
    PERMISSION_DENIED = "permission_denied"
    RESOURCE_EXHAUSTED = "resource_exhausted"
    FAILED_PRECONDITION = "failed_precondition"
    ABORTED = "aborted"
    OUT_OF_RANGE = "out_of_range"
    UNIMPLEMENTED = "unimplemented"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    DATA_LOSS = "data_loss"
    UNAUTHENTICATED = "unauthenticated"


class Error(Exemplified, frozen=True, kw_only=True):
    """A declared error.

    `message` may name the error's fields in braces (`{id}`); `{{` and `}}` are braces.
    """

    status: Status
    message: str | None = None
    fields: tuple[Field, ...] = ()


class Example(Record, frozen=True, kw_only=True):
    """A named call: JSON params by name, and the JSON result (None where there is none).

    What is streamed, a param or the result, is the list of its items. `extensions` are
    its `x-` keys.
    """

    name: str
    params: dict[str, object]
    returns: object = None
    doc: str | None = None
    extensions: dict[str, object] = {}
    span: Span


class Auth(StrEnum):
    """How callers prove who they are."""

    NONE = "none"
    BEARER = "bearer"
    API_KEY = "api_key"


class Pagination(Record, frozen=True, kw_only=True):
    """How a result leads to the next page.

    `param` names the param that takes the cursor; `next` and `items` name the result's
    fields that hold the next page's cursor, absent or null on the last one, and this
    page's items. `extensions` are the `x-` keys of the long form.
    """

    param: str
    next: str
    items: str
    extensions: dict[str, object] = {}


class Method(Declared, frozen=True, kw_only=True):
    """One remote procedure.

    `returns` is None where there is no result; `timeout` is in seconds; `errors` are
    the declared errors it may raise, in the order written. `auth` and `scopes` are its
    own or its service's: a caller must hold every one of the scopes.
    `result_extensions` are the `x-` keys of the result's long form.
    """

    params: tuple[Field, ...] = ()
    returns: TypeRef | None = None
    result_extensions: Mapping[str, object] = _NO_EXTENSIONS
    errors: tuple[NamedType, ...] = ()
    readonly: bool = False
    idempotent: bool = False
    timeout: float | None = None
    auth: Auth = Auth.NONE
    scopes: tuple[str, ...] = ()
    pagination: Pagination | None = None
    examples: tuple[Example, ...] = ()

    @property
    def part_extensions(self) -> Mapping[str, Mapping[str, object]]:
        """The `x-` keys of `returns` and of `paginate`, by these names."""
        paginate = {} if self.pagination is None else self.pagination.extensions
        return {"returns": self.result_extensions, "paginate": paginate}

    @property
    def streamed_param(self) -> Field | None:
        """The param that the caller sends as a stream, if there is one."""
        for param in self.params:
            if isinstance(param.type, StreamType):
                return param
        return None


class Service(Declared, frozen=True, kw_only=True):
    """A group of methods that one object implements."""

    methods: tuple[Method, ...]


Declaration: TypeAlias = TypeDeclaration | Error | Service


class Package(Record, frozen=True, kw_only=True):
    """What one schema file declares, each section in the order written.

    `name` is dotted lower_snake; `path` is the schema's path as headers show it;
    `imports` are the names of the packages that it imports, sorted.
    """

    name: str
    path: str
    imports: tuple[str, ...] = ()
    version: str | None = None
    doc: str | None = None
    types: dict[str, TypeDeclaration]
    errors: dict[str, Error]
    services: dict[str, Service]
    extensions: dict[str, object] = {}


class Api(Record, frozen=True, kw_only=True):
    """All packages of one build, by name."""

    packages: dict[str, Package]

    def declaration(self, ref: NamedType) -> TypeDeclaration:
        """Return the declared type that `ref` names."""
        return self.packages[ref.package].types[ref.name]

    def unaliased(self, ref: TypeRef) -> TypeRef:
        """Return what `ref` stands for, which is no alias."""
        while isinstance(ref, NamedType):
            declared = self.declaration(ref)
            if not isinstance(declared, Alias):
                break
            ref = declared.type
        return ref

    def fields(self, ref: NamedType) -> tuple[Field, ...]:
        """Return the fields of the struct that `ref` names, its arguments filled in."""
        declared = self.declaration(ref)
        assert isinstance(declared, Struct)
        return instance_fields(declared, ref.args)

    def error(self, ref: NamedType) -> Error:
        """Return the declared error that `ref` names."""
        return self.packages[ref.package].errors[ref.name]
