"""A target that a run renders for, with its options."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic, Span
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.emit.own_templates import OwnTemplates
from idlgen.emit.python_format import EXTRA, is_formatted, is_installed
from idlgen.targets import TARGETS, OptionError, Target, target_factory
from idlgen.workspace.configuration import Configuration
from idlgen.workspace.line_length import LineLength, formatter_line_length


class ChosenTarget(Record, frozen=True):
    """A target, its options with their defaults, and what renders with them.

    `templates` are the project's own for this target.
    """

    name: str
    options: Mapping[str, object]
    templates: OwnTemplates
    target: Target


def choose_target(
    name: str, configuration: Configuration, templates: OwnTemplates
) -> ChosenTarget | Diagnostic:
    """Return the target `name`, or why it cannot be had.

    `templates` are the project's own for this target. A `line_length` that the
    configuration does not set is that of the formatter which the project around its
    folder uses.
    """
    if name not in TARGETS:
        return unknown_target(name)
    factory = target_factory(name)
    options = dict(configuration.options.get(name, {}))
    inherited = None
    if "line_length" in factory.OPTIONS and "line_length" not in options:
        inherited = formatter_line_length(configuration.folder)
        options["line_length"] = inherited.columns
    if any(map(is_formatted, templates)) and not is_installed():
        return _without_black(configuration)
    try:
        return ChosenTarget(name, options, templates, factory(options, templates))
    except OptionError as error:
        place = configuration.places.get((name, error.option))
        return _refused(name, error, place, inherited)


def _refused(
    name: str, error: OptionError, place: Span | None, inherited: LineLength | None
) -> Diagnostic:
    hint = None
    if inherited is not None:
        place = inherited.place
        hint = f"set `line_length` of target `{name}` in the configuration of idlgen"
    return Diagnostic(
        code="IDL509", message=f"target `{name}`: {error}", span=place, hint=hint
    )


def _without_black(configuration: Configuration) -> Diagnostic:
    return Diagnostic(
        code="IDL516",
        message="black is missing, which formats the Python that your templates write",
        span=configuration.places.get(("templates",)),
        hint=f"run `pip install 'idlgen[{EXTRA}]'`",
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
