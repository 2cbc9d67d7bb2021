"""Every key of the configuration with the value in force and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic, Span
from idlgen.targets import TARGETS, target_factory
from idlgen.workspace.configuration import Configuration
from idlgen.workspace.line_length import formatter_line_length
from idlgen.workspace.project import (
    DEFAULT_OUT,
    DEFAULT_TARGETS,
    Located,
    Request,
    locate,
    open_project,
)

Value: TypeAlias = object
"""A text, a number, true or false, a tuple of texts; None where nothing is set."""


class Origin(StrEnum):
    """Who set a value."""

    DEFAULT = "default"
    COMMAND_LINE = "command line"
    CONFIGURATION = "configuration"
    FORMATTER = "formatter"
    """The formatter of the project, in its own table of pyproject.toml."""


class Setting(Record, frozen=True, kw_only=True):
    """One key; `python.line_length` is the option of a target.

    `place` is where it is written, if a file sets it; `table` the table of a formatter.
    """

    key: str
    value: Value
    origin: Origin
    place: Span | None = None
    table: str | None = None


class Settings(Record, frozen=True):
    """What a request would work with.

    `file` is the configuration file, if there is one. What is wrong stands in
    `diagnostics`, whose paths are relative to `base`; `settings` is empty where the
    configuration cannot be read at all.
    """

    file: Path | None
    settings: tuple[Setting, ...]
    diagnostics: tuple[Diagnostic, ...]
    base: Path


def settings_in_force(request: Request) -> Settings:
    """Return what `build` and `check` would work with, and why they would not."""
    located = locate(request)
    configuration = located.found.configuration
    # A project without schemas is one that is about to begin.
    wrong = [it for it in open_project(request).diagnostics if it.code != "IDL506"]
    if configuration is None and wrong and located.found.diagnostics:
        return Settings(None, (), tuple(wrong), located.base)
    file = configuration.folder / configuration.file if configuration else None
    settings = tuple(_settings(request, located))
    return Settings(file, settings, tuple(wrong), located.base)


def _settings(request: Request, located: Located) -> Iterator[Setting]:
    configuration = located.found.configuration
    if configuration is None:
        configuration = Configuration(folder=located.start, file="")
    for key, given, default in (
        ("required-version", None, None),
        ("schemas", request.schemas, None),
        ("out", request.out, DEFAULT_OUT),
        ("targets", request.targets, DEFAULT_TARGETS),
        ("templates", None, None),
    ):
        set_to = getattr(configuration, key.replace("-", "_"))
        yield _key(configuration, (key,), given or None, set_to, default)
    for target in TARGETS:
        for option in target_factory(target).OPTIONS:
            yield _option(configuration, target, option)


def _option(configuration: Configuration, target: str, option: str) -> Setting:
    set_to = configuration.options.get(target, {}).get(option)
    if set_to is None and option == "line_length":
        inherited = formatter_line_length(configuration.folder)
        return Setting(
            key=f"{target}.{option}",
            value=inherited.columns,
            origin=Origin.FORMATTER if inherited.table else Origin.DEFAULT,
            place=inherited.place,
            table=inherited.table,
        )
    return _key(configuration, (target, option), None, set_to, None)


def _key(
    configuration: Configuration,
    keys: tuple[str, ...],
    given: Value,
    set_to: Value,
    default: Value,
) -> Setting:
    key = ".".join(keys)
    if given is not None:
        return Setting(key=key, value=given, origin=Origin.COMMAND_LINE)
    if set_to is None:
        return Setting(key=key, value=default, origin=Origin.DEFAULT)
    place = configuration.places.get(keys)
    return Setting(key=key, value=set_to, origin=Origin.CONFIGURATION, place=place)
