"""The names that one Document sees, its own and imported ones; nothing here needs types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import NamedType
from idlgen.syntax.nodes import (
    AliasDecl,
    Document,
    ErrorDecl,
    ServiceDecl,
    TypeDecl,
)
from idlgen.syntax.type_parser import SELECTIONS, NameExpr, TypeExpr

Report: TypeAlias = Callable[[Diagnostic], None]
Declared: TypeAlias = TypeDecl | ErrorDecl | ServiceDecl
D = TypeVar("D", bound=Declared)

# Type expressions that make a struct of another one.
DERIVATIONS = frozenset(("partial", *SELECTIONS))


class Scope:
    """Types, errors and services of a Document: one namespace, the first of a name wins.

    `imports` holds the scope that each import's name stands for, None for a file that
    could not be read. `endless` are types, of this package and others, whose aliases
    lead nowhere, and `underivable` those that take their fields from themselves: both
    have been reported and are not followed.
    """

    def __init__(self, document: Document, report: Report) -> None:
        self.document = document
        self.package = document.package
        self.report = report
        self.imports: dict[str, Scope | None] = {}
        self.endless: frozenset[NamedType] = frozenset()
        self.underivable: frozenset[NamedType] = frozenset()
        self.names: dict[str, Declared] = {}
        for declared in (*document.types, *document.errors, *document.services):
            self._declare(declared)
        self.types = {d.name.text: d for d in self._firsts(document.types)}
        self.errors = {d.name.text: d for d in self._firsts(document.errors)}
        self.services = {d.name.text: d for d in self._firsts(document.services)}

    def _firsts(self, declarations: list[D]) -> Iterator[D]:
        for declared in declarations:
            if self.names[declared.name.text] is declared:
                yield declared

    def _declare(self, declared: Declared) -> None:
        first = self.names.setdefault(declared.name.text, declared)
        if first is declared:
            return
        self.report(
            Diagnostic(
                code="IDL107",
                message=f"`{declared.name.text}` is declared twice",
                span=self.document.place(declared.name),
                labels=(Label(self.document.place(first.name), "first here"),),
                hint="types, errors and services share one namespace: rename one",
            )
        )

    def ref(self, name: str) -> NamedType:
        """Return the reference to the type or error `name` of this package."""
        return NamedType(self.package, name)

    def owner(self, name: str) -> Scope | None:
        """Return the scope in which the last word of `name` (`common.Money`) stands.

        None is for an import that is not there or could not be read.
        """
        alias, dot, _ = name.rpartition(".")
        return self.imports.get(alias) if dot else self

    def type(self, name: str) -> tuple[Scope, TypeDecl] | None:
        """Return the type that `name` means here, with the scope that declares it."""
        return self._find(name, lambda scope: scope.types)

    def error(self, name: str) -> tuple[Scope, ErrorDecl] | None:
        """Return the error that `name` means here, with the scope that declares it."""
        return self._find(name, lambda scope: scope.errors)

    def _find(
        self, name: str, section: Callable[[Scope], Mapping[str, D]]
    ) -> tuple[Scope, D] | None:
        owner = self.owner(name)
        if owner is None:
            return None
        declared = section(owner).get(name.rpartition(".")[2])
        return None if declared is None else (owner, declared)

    def derivation(self, declared: TypeDecl) -> NameExpr | None:
        """Return the `partial<X>`, `pick<X, a>` or `omit<X, a>` that makes a struct."""
        if not isinstance(declared, AliasDecl) or declared.type is None:
            return None
        expression = declared.type.expression
        if isinstance(expression, NameExpr) and expression.name in DERIVATIONS:
            return expression
        return None

    def follow(self, name: str) -> tuple[Scope, TypeDecl | TypeExpr] | None:
        """Follow aliases from `name` to the declaration or expression behind them.

        It comes with the scope in which it was written. None stands for an unknown
        name, a cycle or what was refused already.
        """
        scope = self
        while True:
            found = scope.type(name)
            if found is None:
                return None
            scope, declared = found
            if not isinstance(declared, AliasDecl) or scope.derivation(declared):
                return found
            if declared.type is None or scope.ref(declared.name.text) in self.endless:
                return None
            expression = declared.type.expression
            if not isinstance(expression, NameExpr) or expression.args:
                return scope, expression
            if scope.type(expression.name) is None:
                return scope, expression
            name = expression.name
