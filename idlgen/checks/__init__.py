"""Rules over the resolved Api: one a file, each yields what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from idlgen.checks.finite_structs import finite_structs
from idlgen.checks.generated_names import generated_names
from idlgen.checks.wire_names import wire_names
from idlgen.diagnostics import Diagnostic
from idlgen.model import Api

Rule: TypeAlias = Callable[[Api], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (finite_structs, generated_names, wire_names)


def check(api: Api) -> Iterator[Diagnostic]:
    """Yield the findings of every rule, in the order of `RULES`."""
    for rule in RULES:
        yield from rule(api)
