"""Rules over the resolved Api: one a file, each yields what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from idlgen.checks.bounds import bounds
from idlgen.checks.finite_generics import finite_generics
from idlgen.checks.finite_types import finite_types
from idlgen.checks.generated_names import generated_names
from idlgen.checks.instances import instances
from idlgen.checks.numbers import numbers
from idlgen.checks.reserved_names import reserved_names
from idlgen.checks.union_members import union_members
from idlgen.checks.wire_names import wire_names
from idlgen.diagnostics import Diagnostic
from idlgen.model import Api

Rule: TypeAlias = Callable[[Api], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    bounds,
    finite_generics,
    finite_types,
    generated_names,
    instances,
    numbers,
    reserved_names,
    union_members,
    wire_names,
)


def check(api: Api) -> Iterator[Diagnostic]:
    """Yield the findings of every rule, in the order of `RULES`."""
    for rule in RULES:
        yield from rule(api)
