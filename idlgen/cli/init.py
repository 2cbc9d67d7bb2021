"""`idlgen init [DIR]`."""

from __future__ import annotations

from pathlib import Path

import click

from idlgen.cli.console import Console
from idlgen.cli.options import common_options, settings_of
from idlgen.diagnostics import Diagnostic
from idlgen.workspace.scaffold import Begun, begin


@click.command("init")
@click.argument("folder", metavar="[DIR]", default=".")
@common_options
@click.pass_context
def command(ctx: click.Context, folder: str) -> int:
    """Begin a project in DIR: an example schema, a configuration, CI jobs.

    What exists is left as it is.
    """
    console = Console(settings_of(ctx))
    try:
        for begun in begin(Path(folder)):
            _tell(console, begun)
    except OSError as error:
        console.findings([_failure(error, folder)])
        return 2
    where = "" if folder == "." else f"cd {folder} && "
    console.summary(f"next: {where}idlgen build && idlgen check")
    return 0


def _tell(console: Console, begun: Begun) -> None:
    if begun.stands_instead is None:
        console.summary(f"wrote {begun.path}")
        return
    console.summary(f"exists {begun.stands_instead}, left as it is")
    if begun.to_add:
        console.summary("  to be added by hand:")
        for line in begun.to_add.splitlines():
            console.summary(f"    {line}")


def _failure(error: OSError, folder: str) -> Diagnostic:
    path = str(error.filename or folder)
    return Diagnostic(
        code="IDL461",
        message=f"cannot write `{path}`: {error.strerror or error}",
        path=path,
        hint="name another folder, or move what stands in the way",
    )
