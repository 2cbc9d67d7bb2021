"""The names that one Document declares, and questions about them that need no types."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeAlias

from idlgen.diagnostics import Diagnostic, Label
from idlgen.syntax.nodes import (
    AliasDecl,
    Document,
    ErrorDecl,
    NewtypeDecl,
    ServiceDecl,
    StructDecl,
    TypeDecl,
)
from idlgen.syntax.type_parser import SELECTIONS, NameExpr, TypeExpr

Report: TypeAlias = Callable[[Diagnostic], None]
Names: TypeAlias = Collection[str]
Uses: TypeAlias = Callable[[str], Iterator[str]]
Declared: TypeAlias = TypeDecl | ErrorDecl | ServiceDecl

# Through how many types aliases may lead.
MAX_DEPTH = 64

# Type expressions that make a struct of another one.
DERIVATIONS = frozenset(("partial", *SELECTIONS))


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
        self.cyclic, used_first = self._find_cycles(
            self._alias_uses, "alias `{}` refers to itself"
        )
        # What is too deep is no more followed than what never ends.
        self.cyclic |= self._too_deep(used_first)
        self.underivable, self.sources_first = self._find_cycles(
            self._derivation_uses, "`{}` takes its fields from itself"
        )

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

    def derivation(self, declared: TypeDecl) -> NameExpr | None:
        """Return the `partial<X>`, `pick<X, a>` or `omit<X, a>` that makes a struct."""
        if not isinstance(declared, AliasDecl) or declared.type is None:
            return None
        expression = declared.type.expression
        if isinstance(expression, NameExpr) and expression.name in DERIVATIONS:
            return expression
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
            if self.derivation(declared) is not None:
                return declared
            if not isinstance(expression, NameExpr) or expression.args:
                return expression
            if expression.name not in self.types:
                return expression
            name = expression.name

    def _find_cycles(self, uses: Uses, message: str) -> tuple[frozenset[str], Names]:
        """Report every cycle that `uses` leads round.

        Returns the names that stand in one, and all names, the used before their users.
        """
        cyclic: set[str] = set()
        done: dict[str, None] = {}
        for name in self.types:
            for cycle in _walk(name, uses, done):
                if not cyclic.intersection(cycle):
                    self._report_cycle(cycle, message)
                cyclic.update(cycle)
        return frozenset(cyclic), done

    def _alias_uses(self, name: str) -> Iterator[str]:
        declared = self.types.get(name)
        if isinstance(declared, AliasDecl | NewtypeDecl) and declared.type is not None:
            for used in _names(declared.type.expression):
                if isinstance(self.types.get(used), AliasDecl | NewtypeDecl):
                    yield used

    def _derivation_uses(self, name: str) -> Iterator[str]:
        """Yield what the struct `name` takes its fields from, aliases on the way too."""
        declared = self.types.get(name)
        source: TypeExpr | None = None
        if isinstance(declared, StructDecl) and declared.extends is not None:
            source = declared.extends.expression
        elif isinstance(declared, AliasDecl) and name not in self.cyclic:
            derived = self.derivation(declared)
            if derived is not None:
                source = derived.args[0] if derived.args else None
            elif declared.type is not None:
                source = declared.type.expression
        if isinstance(source, NameExpr) and source.name in self.types:
            yield source.name

    def _too_deep(self, used_first: Names) -> frozenset[str]:
        """Report aliases that nest types deeper than anybody reads; return their names."""
        levels: dict[str, int] = {}
        found = set()
        for name in used_first:
            declared = self.types[name]
            if name in self.cyclic:
                continue
            if isinstance(declared, AliasDecl | NewtypeDecl) and declared.type:
                levels[name] = _levels(declared.type.expression, levels)
                if levels[name] > MAX_DEPTH:
                    found.add(name)
                    levels[name] = 0
                    self._report_deep(declared)
        return frozenset(found)

    def _report_deep(self, declared: AliasDecl | NewtypeDecl) -> None:
        self.report(
            Diagnostic(
                code="IDL018",
                message=f"`{declared.name.text}` leads through more than {MAX_DEPTH} "
                "levels of types",
                span=self.document.place(declared.name),
                hint="name the type at the end of the aliases",
            )
        )

    def _report_cycle(self, cycle: list[str], message: str) -> None:
        first, *others = (self.types[name] for name in cycle)
        route = " → ".join(f"`{name}`" for name in (*cycle, cycle[0]))
        self.report(
            Diagnostic(
                code="IDL106",
                message=f"{message.format(first.name.text)}: {route}",
                span=self.document.place(first.name),
                labels=tuple(
                    Label(self.document.place(other.name), "part of the cycle")
                    for other in others
                ),
                hint="a type may recur only through a struct's fields",
            )
        )


def _walk(name: str, uses: Uses, done: dict[str, None]) -> Iterator[list[str]]:
    """Yield each cycle that can be reached from `name` through names not `done`."""
    # With a stack of its own, for a chain of aliases may be as long as the file.
    path: dict[str, None] = {}
    pending: list[Iterator[str]] = [iter((name,))]
    while pending:
        following = next(pending[-1], None)
        if following is None:
            pending.pop()
            if path:
                done[path.popitem()[0]] = None
        elif following in path:
            yield [*path][[*path].index(following) :]
        elif following not in done:
            path[following] = None
            pending.append(uses(following))


def _levels(expression: TypeExpr, levels: Mapping[str, int]) -> int:
    """Return how many types stand inside one another; `levels` are those of aliases."""
    if not isinstance(expression, NameExpr):
        return _levels(expression.inner, levels)
    inside = [_levels(argument, levels) for argument in expression.args]
    return 1 + max(inside, default=levels.get(expression.name, 0))


def _names(expression: TypeExpr) -> Iterator[str]:
    if not isinstance(expression, NameExpr):
        yield from _names(expression.inner)
    elif expression.name not in DERIVATIONS:
        yield expression.name
        for argument in expression.args:
            yield from _names(argument)
