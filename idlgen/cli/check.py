"""`idlgen check [SCHEMAS...]`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from idlgen.cli.console import Console
from idlgen.cli.diffs import BOUND, bounded, unified
from idlgen.cli.drift_report import Drifted, drifted
from idlgen.cli.generation import exit_code
from idlgen.cli.options import common_options, project_options, settings_of
from idlgen.cli.survey import Prepared, counted, prepare, request, survey


@click.command("check")
@project_options
@click.option("--diff", is_flag=True, help="Print the whole diff.")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    schemas: tuple[str, ...],
    out: str | None,
    targets: tuple[str, ...],
    diff: bool,
) -> int:
    """Prove that the generated files are what SCHEMAS give, or say why they are not.

    Nothing is written. Without SCHEMAS those of the configuration are checked.
    """
    console = Console(settings_of(ctx))
    prepared = prepare(request(schemas, out, targets), console)
    if not isinstance(prepared, Prepared):
        console.findings(prepared)
        return exit_code(prepared)
    seen = survey(prepared)
    found = prepared.generated.diagnostics
    found += seen.problems
    if exit_code(found):
        console.findings(found)
        return exit_code(found)
    stale = list(drifted(seen))
    mend = _mend(schemas, out, targets, force=any(it.needs_force for it in stale))
    if not console.is_text:
        found += tuple(it.diagnostic(mend) for it in stale)
    console.findings(found)
    if not stale:
        console.summary(f"{counted(len(seen.compared), 'file')} up to date")
        return 0
    if console.is_text:
        _print_drift(console, stale, mend, whole=diff)
    return 1


def _print_drift(
    console: Console, stale: Sequence[Drifted], mend: str, *, whole: bool
) -> None:
    for it in stale:
        console.result(f"{it.path}: {it.state} [{it.code}]\n")
        console.detail(f"  {it.reason}")
    if not console.quiet:
        console.diff(_diff(stale, whole=whole))
    for it in stale:
        if it.way_out:
            console.summary(f"{it.path}: {it.way_out}")
    count = counted(len(stale), "file")
    if any(it.way_out is None for it in stale):
        console.summary(f"{count} to mend; run: {mend}")


def _diff(stale: Sequence[Drifted], *, whole: bool) -> list[str]:
    """Return the diffs; files that are wholly there or not only if all is wanted."""
    lines: list[str] = []
    for it in stale:
        if whole or (it.old is not None and it.new is not None):
            lines += unified(it.path, it.old, it.new, whole=whole)
    return lines if whole else bounded(lines, BOUND)


def _mend(
    schemas: Sequence[str], out: str | None, targets: Sequence[str], *, force: bool
) -> str:
    """Return the command that makes the disk right."""
    from shlex import join

    words = ["idlgen", "build", *schemas]
    words += ["--out", out] if out is not None else []
    for target in targets:
        words += ["--target", target]
    return join(words + ["--force"] * force)
