"""Packages whose types import each other, so that no module can be written at one go.

A module that is in such a cycle writes its classes and newtypes first, then imports
the others of the cycle, then writes the aliases that need them: whichever module is
imported first, each finds the classes of the others where it needs them. The late
aliases of the others it cannot count on, and writes what stands behind them itself.
"""

from __future__ import annotations

from idlgen.model import Alias, Api, NamedType, Package
from idlgen.targets.python.foreign_modules import reachable
from idlgen.targets.python.references import named_by, named_in


def import_cycle(api: Api, package: Package) -> frozenset[str]:
    """Return the other packages whose types need those of `package`, and it theirs."""
    imported = reachable(api, package.name)
    if package.name not in imported:
        return frozenset()
    needs = {name: _needed(api.packages[name]) for name in imported}
    ahead = _reached(needs, package.name)
    return frozenset(
        name
        for name in ahead
        if name != package.name and package.name in _reached(needs, name)
    )


def late_aliases(api: Api, cycle: frozenset[str]) -> frozenset[NamedType]:
    """Return those aliases of all packages in `cycle` that need another one of them."""
    return frozenset(
        NamedType(name, declared.name)
        for name in cycle
        for declared in api.packages[name].types.values()
        if isinstance(declared, Alias) and _needs(api, declared, cycle - {name})
    )


def _needs(api: Api, alias: Alias, cycle: frozenset[str]) -> bool:
    seen: set[NamedType] = set()
    waiting = [*named_in(alias.type)]
    while waiting:
        ref = waiting.pop()
        if ref.package in cycle:
            return True
        declared = api.declaration(ref)
        if isinstance(declared, Alias) and ref not in seen:
            seen.add(ref)
            waiting.extend(named_in(declared.type))
    return False


def _needed(package: Package) -> frozenset[str]:
    return frozenset(
        ref.package
        for declared in package.types.values()
        for ref in named_by(declared)
        if ref.package != package.name
    )


def _reached(needs: dict[str, frozenset[str]], start: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for name in needs[waiting.pop()]:
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)
