"""The names that one Document declares, and questions about them that need no types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from idlgen.diagnostics import Diagnostic, Label
from idlgen.syntax.nodes import (
    AliasDecl,
    Document,
    ErrorDecl,
    NewtypeDecl,
    ServiceDecl,
    TypeDecl,
    TypeText,
)
from idlgen.syntax.type_parser import NameExpr, TypeExpr

Report: TypeAlias = Callable[[Diagnostic], None]
Declared: TypeAlias = TypeDecl | ErrorDecl | ServiceDecl


class Scope:
    """Types, errors and services of a Document: one namespace, the first of a name wins."""

    def __init__(self, document: Document, report: Report) -> None:
        self.document = document
        self.package = document.package
        self.report = report
        self.names: dict[str, Declared] = {}
        for declared in (*document.types, *document.errors, *document.services):
            self._declare(declared)
        self.types = {d.name.text: d for d in document.types if self.is_first(d)}
        self.errors = {d.name.text: d for d in document.errors if self.is_first(d)}
        self.services = {d.name.text: d for d in document.services if self.is_first(d)}
        self.cyclic = self._find_cycles()

    def is_first(self, declared: Declared) -> bool:
        """Tell whether no earlier declaration took the name."""
        return self.names[declared.name.text] is declared

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

    def partial_target(self, declared: TypeDecl) -> TypeText | None:
        """Return the argument of `Name: partial<X>`, or None for any other type."""
        if not isinstance(declared, AliasDecl) or declared.type is None:
            return None
        expression = declared.type.expression
        if isinstance(expression, NameExpr) and expression.name == "partial":
            return declared.type
        return None

    def follow(self, name: str) -> TypeDecl | TypeExpr | None:
        """Follow aliases from `name` to the declaration or expression behind them.

        None stands for an unknown name, a cycle or what was refused already.
        """
        while True:
            declared = self.types.get(name)
            if not isinstance(declared, AliasDecl):
                return declared
            if declared.type is None or name in self.cyclic:
                return None
            expression = declared.type.expression
            if self.partial_target(declared) is not None:
                return declared
            if not isinstance(expression, NameExpr) or expression.args:
                return expression
            if expression.name not in self.types:
                return expression
            name = expression.name

    def _find_cycles(self) -> frozenset[str]:
        """Report every cycle of aliases; return the names that stand in one."""
        cyclic: set[str] = set()
        done: set[str] = set()
        for name in self.types:
            self._walk(name, done, cyclic)
        return frozenset(cyclic)

    def _walk(self, name: str, done: set[str], cyclic: set[str]) -> None:
        # With a stack of its own, for a chain of aliases may be as long as the file.
        path: dict[str, None] = {}
        pending: list[Iterator[str]] = [iter((name,))]
        while pending:
            following = next(pending[-1], None)
            if following is None:
                pending.pop()
                if path:
                    done.add(path.popitem()[0])
            elif following in path:
                cycle = [*path][[*path].index(following) :]
                if not cyclic.intersection(cycle):
                    self._report_cycle(cycle)
                cyclic.update(cycle)
            elif following not in done:
                path[following] = None
                pending.append(self._alias_uses(following))

    def _alias_uses(self, name: str) -> Iterator[str]:
        declared = self.types.get(name)
        if isinstance(declared, AliasDecl | NewtypeDecl) and declared.type is not None:
            for used in _names(declared.type.expression):
                if isinstance(self.types.get(used), AliasDecl | NewtypeDecl):
                    yield used

    def _report_cycle(self, cycle: list[str]) -> None:
        first, *others = (self.types[name] for name in cycle)
        route = " → ".join(f"`{name}`" for name in (*cycle, cycle[0]))
        self.report(
            Diagnostic(
                code="IDL106",
                message=f"alias `{first.name.text}` refers to itself: {route}",
                span=self.document.place(first.name),
                labels=tuple(
                    Label(self.document.place(other.name), "part of the cycle")
                    for other in others
                ),
                hint="a type may recur only through a struct",
            )
        )


def _names(expression: TypeExpr) -> Iterator[str]:
    if not isinstance(expression, NameExpr):
        yield from _names(expression.inner)
    elif expression.name != "partial":
        yield expression.name
        for argument in expression.args:
            yield from _names(argument)
