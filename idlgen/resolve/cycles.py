"""Types that lead back to themselves, and those that lead too far; across all packages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from idlgen.diagnostics import Diagnostic
from idlgen.diagnostics.routes import route, stations
from idlgen.model import MAX_DEPTH, MAX_SIZE, NamedType
from idlgen.resolve.scope import DERIVATIONS, Scope
from idlgen.syntax.nodes import AliasDecl, NewtypeDecl, StructDecl, TypeDecl
from idlgen.syntax.type_parser import NameExpr, TypeExpr

Uses: TypeAlias = Callable[[NamedType], Iterator[NamedType]]


def find_cycles(scopes: Mapping[str, Scope]) -> Collection[NamedType]:
    """Report what never ends and tell it to `scopes`, which are given by package.

    Returns all types, those that a type takes its fields from before that type.
    """
    return _Cycles(scopes).find()


class _Extent(NamedTuple):
    """How many types stand inside one another in a type, and how many in all."""

    depth: int
    size: int


NOTHING = _Extent(0, 0)


class _Cycles:
    def __init__(self, scopes: Mapping[str, Scope]) -> None:
        self.scopes = scopes
        self.endless: frozenset[NamedType] = frozenset()

    def find(self) -> Collection[NamedType]:
        cyclic, used_first = self._walk_all(
            self._alias_uses, "alias `{}` refers to itself"
        )
        # What is too deep is no more followed than what never ends.
        self.endless = cyclic | self._too_large(used_first, cyclic)
        underivable, sources_first = self._walk_all(
            self._derivation_uses, "`{}` takes its fields from itself"
        )
        for scope in self.scopes.values():
            scope.endless = self.endless
            scope.underivable = underivable
        return sources_first

    def _walk_all(
        self, uses: Uses, message: str
    ) -> tuple[frozenset[NamedType], Collection[NamedType]]:
        """Report every cycle that `uses` leads round.

        Returns the types that stand in one, and all types, the used before their users.
        """
        cyclic: set[NamedType] = set()
        done: dict[NamedType, None] = {}
        for scope in self.scopes.values():
            for name in scope.types:
                for cycle in _walk(scope.ref(name), uses, done):
                    if not cyclic.intersection(cycle):
                        self._report_cycle(cycle, message)
                    cyclic.update(cycle)
        return frozenset(cyclic), done

    def _declared(self, ref: NamedType) -> tuple[Scope, TypeDecl]:
        scope = self.scopes[ref.package]
        return scope, scope.types[ref.name]

    def _alias_uses(self, ref: NamedType) -> Iterator[NamedType]:
        scope, declared = self._declared(ref)
        if isinstance(declared, AliasDecl | NewtypeDecl) and declared.type is not None:
            for used in _names(declared.type.expression):
                found = scope.type(used)
                if found is not None and isinstance(found[1], AliasDecl | NewtypeDecl):
                    yield found[0].ref(found[1].name.text)

    def _derivation_uses(self, ref: NamedType) -> Iterator[NamedType]:
        """Yield what a struct takes its fields from, aliases on the way too."""
        scope, declared = self._declared(ref)
        source: TypeExpr | None = None
        if isinstance(declared, StructDecl) and declared.extends is not None:
            source = declared.extends.expression
        elif isinstance(declared, AliasDecl) and ref not in self.endless:
            derived = scope.derivation(declared)
            if derived is not None:
                source = derived.args[0] if derived.args else None
            elif declared.type is not None:
                source = declared.type.expression
        if isinstance(source, NameExpr):
            found = scope.type(source.name)
            if found is not None:
                yield found[0].ref(found[1].name.text)

    def _too_large(
        self, used_first: Collection[NamedType], cyclic: frozenset[NamedType]
    ) -> frozenset[NamedType]:
        """Report aliases that stand for more types than anybody reads.

        Returns them, and with them those that are too large only because they use one.
        """
        extents: dict[NamedType, _Extent] = {}
        found: set[NamedType] = set()
        for ref in used_first:
            scope, declared = self._declared(ref)
            if ref in cyclic or not isinstance(declared, AliasDecl | NewtypeDecl):
                continue
            if declared.type is None:
                continue
            if not found.isdisjoint(self._alias_uses(ref)):
                found.add(ref)
                continue
            extent = _extent(declared.type.expression, scope, extents)
            if extent.depth > MAX_DEPTH or extent.size > MAX_SIZE:
                found.add(ref)
                _report_large(scope, declared, extent)
            else:
                extents[ref] = extent
        return frozenset(found)

    def _report_cycle(self, cycle: Sequence[NamedType], message: str) -> None:
        scope, first = self._declared(cycle[0])
        is_local = all(ref.package == scope.package for ref in cycle)
        names = [ref.name if is_local else _qualified(ref) for ref in cycle]
        others = []
        for ref in cycle[1:]:
            other, declared = self._declared(ref)
            others.append(other.document.place(declared.name))
        scope.report(
            Diagnostic(
                code="IDL106",
                message=f"{message.format(names[0])}: {route([*names, names[0]])}",
                span=scope.document.place(first.name),
                labels=stations(others, "part of the cycle"),
                hint="a type may recur only through a struct's fields",
            )
        )


def _qualified(ref: NamedType) -> str:
    return f"{ref.package}.{ref.name}"


def _report_large(
    scope: Scope, declared: AliasDecl | NewtypeDecl, extent: _Extent
) -> None:
    if extent.depth > MAX_DEPTH:
        message = f"leads through more than {MAX_DEPTH} levels of types"
        hint = "name the type at the end of the aliases"
    else:
        message = f"stands for more than {MAX_SIZE:,} types inside one another"
        hint = "make one of them a struct of its own"
    scope.report(
        Diagnostic(
            code="IDL018",
            message=f"`{declared.name.text}` {message}",
            span=scope.document.place(declared.name),
            hint=hint,
        )
    )


def _walk(
    start: NamedType, uses: Uses, done: dict[NamedType, None]
) -> Iterator[list[NamedType]]:
    """Yield each cycle that can be reached from `start` through types not `done`."""
    # With a stack of its own, for a chain of aliases may be as long as the file.
    path: dict[NamedType, None] = {}
    pending: list[Iterator[NamedType]] = [iter((start,))]
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


def _extent(
    expression: TypeExpr, scope: Scope, extents: Mapping[NamedType, _Extent]
) -> _Extent:
    """Return the extent of a type; `extents` are those of aliases."""
    if not isinstance(expression, NameExpr):
        return _extent(expression.inner, scope, extents)
    inside = [_extent(argument, scope, extents) for argument in expression.args]
    found = None if inside else scope.type(expression.name)
    if found is not None:
        inside.append(extents.get(found[0].ref(found[1].name.text), NOTHING))
    depth = max((extent.depth for extent in inside), default=0)
    return _Extent(1 + depth, 1 + sum(extent.size for extent in inside))


def _names(expression: TypeExpr) -> Iterator[str]:
    if not isinstance(expression, NameExpr):
        yield from _names(expression.inner)
    elif expression.name not in DERIVATIONS:
        yield expression.name
        for argument in expression.args:
            yield from _names(argument)
