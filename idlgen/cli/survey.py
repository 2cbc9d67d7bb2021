"""What `build` and `check` begin with: the project, its files, and what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from msgspec import Struct as Record

from idlgen.cli.console import Console
from idlgen.cli.generation import Generated, generate, has_error
from idlgen.cli.progress import Progress
from idlgen.diagnostics import Diagnostic
from idlgen.workspace.drift import Compared, compare
from idlgen.workspace.orphans import Orphan, find_orphans
from idlgen.workspace.output_tree import OutputTree
from idlgen.workspace.owners import Owners
from idlgen.workspace.project import Project, Request, open_project


class Prepared(Record, frozen=True):
    """A project and what its schemas give."""

    project: Project
    generated: Generated


class Survey(Record, frozen=True, kw_only=True):
    """What belongs into the output folder beside what stands there."""

    tree: OutputTree
    owners: Owners
    compared: Sequence[Compared]
    orphans: Sequence[Orphan]

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What keeps the output from being what it should be, each thing once."""
        found = (entry.existing.problem for entry in self.compared)
        return tuple(dict.fromkeys(it for it in found if it))


def request(schemas: Sequence[str], out: str | None, targets: Sequence[str]) -> Request:
    """Return what the arguments of a command ask for.

    Raises:
        click.UsageError: `out` is empty, as an unset variable of a shell leaves it.
    """
    if out == "":
        raise click.UsageError("--out is empty.")
    return Request(
        cwd=Path.cwd(), schemas=tuple(schemas), out=out, targets=tuple(targets)
    )


def prepare(asked: Request, console: Console) -> Prepared | Sequence[Diagnostic]:
    """Return the project and its files, or the findings that leave it without files.

    From then on `console` knows what the paths of findings are relative to.
    """
    opened = open_project(asked)
    console.base = opened.base
    if opened.project is None:
        return opened.diagnostics
    count = len(opened.project.schemas)
    with Progress(console, f"compiling {counted(count, 'schema')} ..."):
        generated = generate(opened.project)
    if has_error(generated.diagnostics):
        return generated.diagnostics
    return Prepared(opened.project, generated)


def survey(prepared: Prepared) -> Survey:
    """Return how the disk compares to what was prepared."""
    project, generated = prepared.project, prepared.generated
    tree = OutputTree(project.out, project.base)
    made = {file.path for file in generated.files}
    owners = Owners(project, generated.labels, made)
    chosen = None if project.all_targets else set(generated.targets.values())
    return Survey(
        tree=tree,
        owners=owners,
        compared=compare(generated.files, tree),
        orphans=find_orphans(tree, owners, generated.files, chosen),
    )


def counted(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
