"""Schemas that a command works with at once, through the code that they become."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from msgspec import Struct as Record

from idlgen import compiler
from idlgen.cli.console import Console
from idlgen.cli.generated_modules import GeneratedModules
from idlgen.cli.generation import has_error
from idlgen.cli.places import with_paths
from idlgen.cli.progress import Progress
from idlgen.cli.survey import counted, request
from idlgen.diagnostics import Diagnostic
from idlgen.model import Api
from idlgen.targets import RenderedFile, target_factory
from idlgen.workspace.project import Project, open_project
from idlgen.workspace.schema_reader import SchemaReader

_NO_SCHEMA = "IDL506"


class Compiled(Record, frozen=True, kw_only=True):
    """What schemas mean, and the files that they become.

    `sources` are the schemas that were read, imported ones too.
    """

    api: Api
    files: tuple[RenderedFile, ...]
    sources: tuple[Path, ...]

    def modules(self) -> GeneratedModules:
        """Return the files as modules that can be imported."""
        return GeneratedModules(self.files)


class Faulty(Record, frozen=True):
    """Why schemas give nothing."""

    diagnostics: Sequence[Diagnostic]


def compile_schemas(
    schemas: Sequence[str], console: Console, *, targets: Sequence[str], option: str
) -> Compiled | Faulty:
    """Compile `schemas`, or those of the configuration, with idlgen's own templates.

    Templates of the project are code that need not make what this program imports.
    `option` is how the command line names a schema.

    Raises:
        click.UsageError: no schema is given at all.
    """
    opened = open_project(request(schemas, None, ("python",)))
    console.base = opened.base
    if opened.project is None:
        if any(found.code == _NO_SCHEMA for found in opened.diagnostics):
            raise click.UsageError(
                f"No schema is known: give one by {option}, or set `schemas` in the "
                "configuration, see `idlgen config`."
            )
        return Faulty(opened.diagnostics)
    count = len(opened.project.schemas)
    with Progress(console, f"compiling {counted(count, 'schema')} ..."):
        return _compiled(opened.project, targets)


def _compiled(project: Project, targets: Sequence[str]) -> Compiled | Faulty:
    reader = SchemaReader(project)
    made = [target_factory(name)({}) for name in targets]
    outcome = compiler.compile(reader.entries, reader.read, made)
    if has_error(outcome.diagnostics):
        names = reader.names
        return Faulty(
            with_paths(outcome.diagnostics, lambda path: names.get(path, path))
        )
    return Compiled(api=outcome.api, files=outcome.files, sources=reader.places)
