"""Errors and services: their members, results, declared errors and examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from idlgen.diagnostics import Diagnostic
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.model import (
    Error,
    Field,
    Method,
    NamedType,
    Service,
    Status,
    TypeRef,
)
from idlgen.resolve.auth import ANYBODY, Access, resolve_access
from idlgen.resolve.declarations import TypeTable
from idlgen.resolve.examples import resolve_example
from idlgen.resolve.expressions import ERROR_TYPE
from idlgen.resolve.members import resolve_members
from idlgen.resolve.notes import declared_notes, exemplified_notes
from idlgen.resolve.pagination import PaginationResolver
from idlgen.resolve.scope import Scope
from idlgen.resolve.streams import resolve_params
from idlgen.resolve.types import TypeResolver
from idlgen.resolve.unknown_names import unknown_error
from idlgen.syntax.nodes import (
    ErrorDecl,
    MemberDecl,
    MethodDecl,
    ServiceDecl,
)
from idlgen.syntax.type_parser import OptionalExpr
from idlgen.syntax.yaml_tree import ErrorNode, Node, ScalarNode

Resolve: TypeAlias = Callable[
    [Sequence[MemberDecl], Scope, TypeResolver], tuple[Field, ...]
]

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class ServiceResolver:
    """Resolves `errors` and `services` against the types of the same package.

    It works in two passes, as types do: members first (they may name inline partials),
    then values, when every type is known.
    """

    def __init__(self, table: TypeTable) -> None:
        self.table = table
        self.scope = table.scope
        self._members: dict[int, tuple[Field, ...]] = {}
        self._results: dict[int, TypeRef | None] = {}
        self.pages = PaginationResolver(self.scope, table.declaration)
        for error in self.scope.errors.values():
            self._resolve_members(error.fields, resolve_members)
        for service in self.scope.services.values():
            for method in service.methods:
                self._resolve_members(method.params, resolve_params)
                self._results[id(method)] = self._result(method)

    def _resolve_members(self, members: list[MemberDecl], resolve: Resolve) -> None:
        self._members[id(members)] = resolve(members, self.scope, self.table.types)
        self.table.values.add(members, self.scope)

    def _fields(self, members: list[MemberDecl]) -> tuple[Field, ...]:
        return self.table.values.complete(self._members[id(members)])

    def errors(self) -> dict[str, Error]:
        """Return the declared errors, by name."""
        return {name: self._error(d) for name, d in self.scope.errors.items()}

    def services(self) -> dict[str, Service]:
        """Return the services, by name."""
        return {name: self._service(d) for name, d in self.scope.services.items()}

    def _error(self, declared: ErrorDecl) -> Error:
        fields = self._fields(declared.fields)
        message = declared.message
        if message is not None:
            self._check_message(message, declared.name.text, fields)
        return Error(
            status=self._status(declared.status),
            message=None if message is None else message.text,
            fields=fields,
            example=self._error_example(declared, fields),
            **exemplified_notes(declared.name, declared.notes, self.scope),
        )

    def _error_example(self, declared: ErrorDecl, fields: tuple[Field, ...]) -> object:
        node = declared.notes.example
        if node is None or isinstance(node, ErrorNode):
            return None
        reader = self.table.values.reader(self.scope)
        return reader.members(node, fields, f"error `{declared.name.text}`")

    def _status(self, node: ScalarNode | None) -> Status:
        if node is None:
            return Status.UNKNOWN
        names = [status.value for status in Status]
        if node.text in names:
            return Status(node.text)
        hint = did_you_mean(node.text, names) or f"one of {', '.join(names)}"
        self._report("IDL023", node, f"`{node.text}` is not an RPC status", hint)
        return Status.UNKNOWN

    def _check_message(
        self, node: ScalarNode, error: str, fields: tuple[Field, ...]
    ) -> None:
        names = {field.name for field in fields}
        for match in _BRACES.finditer(node.text):
            if match.group() in ("{", "}"):
                self._report(
                    "IDL115",
                    node,
                    f"the message holds a single `{match.group()}`",
                    "write `{{` or `}}` for a brace",
                )
            elif match.group(1) is not None and match.group(1) not in names:
                self._report(
                    "IDL115",
                    node,
                    f"error `{error}` has no field `{match.group(1)}` for its message",
                    did_you_mean(match.group(1), names),
                )

    def _service(self, declared: ServiceDecl) -> Service:
        shared = tuple(self._named_errors(declared.errors))
        access = resolve_access(declared.auth, ANYBODY, self.scope)
        return Service(
            methods=tuple(self._method(m, shared, access) for m in declared.methods),
            **declared_notes(declared.name, declared.notes, self.scope),
        )

    def _method(
        self, declared: MethodDecl, shared: tuple[NamedType, ...], access: Access
    ) -> Method:
        own = tuple(self._named_errors(declared.errors))
        access = resolve_access(declared.auth, access, self.scope)
        params = self._fields(declared.params)
        returns, result = self._results[id(declared)], declared.returns
        paginate = declared.pagination
        return Method(
            params=params,
            returns=returns,
            result_extensions={} if result is None else result.extensions,
            errors=own + tuple(error for error in shared if error not in own),
            readonly=declared.readonly,
            idempotent=declared.idempotent,
            timeout=declared.timeout,
            auth=access.auth,
            scopes=access.scopes,
            pagination=(
                None
                if paginate is None
                else self.pages.resolve(paginate, params, returns)
            ),
            examples=tuple(
                resolve_example(example, params, returns, self.table)
                for example in declared.examples
            ),
            **declared_notes(declared.name, declared.notes, self.scope),
        )

    def _result(self, declared: MethodDecl) -> TypeRef | None:
        if declared.returns is None:
            return None
        text = declared.returns.type
        if text is None:
            return ERROR_TYPE
        expression = text.expression
        if isinstance(expression, OptionalExpr):
            expression = expression.inner
        stream = self.table.types.stream(text, expression)
        if expression is not text.expression:
            start = text.base + text.expression.end - 1
            self.scope.report(
                Diagnostic(
                    code="IDL104",
                    message="a result cannot be absent",
                    span=self.scope.document.span(start, start + 1),
                    hint=(
                        "leave `?` out: a stream may have no items"
                        if stream
                        else "write `T | null` for a result that may be null"
                    ),
                )
            )
        return stream or self.table.types.resolve(text, expression)

    def _named_errors(self, nodes: list[ScalarNode]) -> Iterator[NamedType]:
        seen: set[str] = set()
        for node in nodes:
            name = node.text
            found = self.scope.error(name)
            if name in seen:
                self._report("IDL113", node, f"error `{name}` is listed twice")
            elif found is not None:
                owner, declared = found
                yield owner.ref(declared.name.text)
            elif (unknown := unknown_error(name, self.scope)) is not None:
                self._report(unknown.code, node, unknown.message, unknown.hint)
            seen.add(name)

    def _report(
        self, code: str, node: Node, message: str, hint: str | None = None
    ) -> None:
        self.scope.report(
            Diagnostic(
                code=code,
                message=message,
                span=self.scope.document.place(node),
                hint=hint,
            )
        )
