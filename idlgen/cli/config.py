"""`idlgen config [SCHEMAS...]`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import click

from idlgen.cli.console import Console
from idlgen.cli.generation import exit_code
from idlgen.cli.options import common_options, project_options, settings_of
from idlgen.cli.survey import request
from idlgen.workspace.paths import as_text
from idlgen.workspace.settings import Setting, Settings, settings_in_force


@click.command("config")
@project_options
@click.option("--show", is_flag=True, help="Print the keys; that is the default.")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    schemas: tuple[str, ...],
    out: str | None,
    targets: tuple[str, ...],
    show: bool,
) -> int:
    """Print every key of the configuration, its value and where that comes from.

    The arguments are those of `build`: what they set comes from the command line.
    """
    del show  # it is all that there is to do
    settings = settings_of(ctx)
    console = Console(settings)
    found = settings_in_force(request(schemas, out, targets))
    console.base = found.base
    if settings.output_format == "json":
        console.result(_json(found))
    elif found.settings:
        console.result(_text(found))
    if found.diagnostics:
        console.findings(found.diagnostics, aside=True)
    return exit_code(found.diagnostics)


def _text(found: Settings) -> str:
    """Return TOML: keys with values, each with its origin in a comment."""
    file = _called(found.file)
    shown = [(_line(setting), _origin(setting, file)) for setting in found.settings]
    width = max(len(line) for line, _ in shown)
    head = f"# {file}" if file else "# no configuration file"
    lines = [f"{line:<{width}}  # {origin}" for line, origin in shown]
    return "".join(f"{line}\n" for line in [head, *lines])


def _line(setting: Setting) -> str:
    if setting.value is None:
        return f"# {setting.key} is not set"
    return f"{setting.key} = {_toml(setting.value)}"


def _toml(value: object) -> str:
    """Return a value as TOML writes it; its texts are those of JSON, DEL apart."""
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _origin(setting: Setting, file: str | None) -> str:
    if setting.place is None:
        # A key of a quoted or spread table may have a place that nobody sees.
        return f"{file}" if setting.origin == "configuration" else setting.origin
    place = f"{setting.place.source.path}:{setting.place.position.line}"
    return f"{place}, {setting.table}" if setting.table else place


def _json(found: Settings) -> str:
    document = {
        "file": _called(found.file),
        "settings": [dict(_members(setting)) for setting in found.settings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _members(setting: Setting) -> Iterator[tuple[str, object]]:
    yield "key", setting.key
    yield "value", setting.value
    yield "origin", setting.origin
    yield "path", setting.place and setting.place.source.path
    yield "line", setting.place and setting.place.position.line


def _called(file: Path | None) -> str | None:
    return None if file is None else as_text(Path(os.path.relpath(file)))
