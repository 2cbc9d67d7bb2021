"""A target that a run renders for, with its options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic, Span
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.targets import TARGETS, Target, target_factory
from idlgen.workspace.line_length import formatter_line_length


class ChosenTarget(Record, frozen=True):
    """A target, its options with their defaults, and what renders with them."""

    name: str
    options: Mapping[str, object]
    target: Target


def choose_target(
    name: str, options: Mapping[str, object], folder: Path
) -> ChosenTarget | Diagnostic:
    """Return the target `name`, or why it cannot be had.

    `options` are those of the configuration; a `line_length` that it does not set is
    that of the formatter which the project around `folder` uses.
    """
    if name not in TARGETS:
        return unknown_target(name)
    factory = target_factory(name)
    options = dict(options)
    if "line_length" in factory.OPTIONS:
        options.setdefault("line_length", formatter_line_length(folder))
    try:
        return ChosenTarget(name, options, factory(options))
    except ValueError as error:
        return Diagnostic(
            code="IDL509", message=f"target `{name}` refuses its options: {error}"
        )


def unknown_target(name: str, span: Span | None = None) -> Diagnostic:
    """Return the complaint about a target that does not exist."""
    listed = "targets are " + ", ".join(f"`{target}`" for target in TARGETS)
    hint = did_you_mean(name, TARGETS)
    return Diagnostic(
        code="IDL504",
        message=f"unknown target `{name}`",
        span=span,
        hint=f"{hint} {listed}" if hint else listed,
    )
