"""`idlgen build [SCHEMAS...]`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from idlgen.cli.console import Console
from idlgen.cli.generation import exit_code
from idlgen.cli.options import common_options, project_options, settings_of
from idlgen.cli.survey import Prepared, Survey, counted, prepare, request, survey
from idlgen.workspace.plan import Plan, carry_out, make_plan
from idlgen.workspace.stamping import GeneratedFile


@click.command("build")
@project_options
@click.option("--diff", is_flag=True, help="Print what would change; write nothing.")
@click.option(
    "--stdout", "to_stdout", is_flag=True, help="Print the files; write nothing."
)
@click.option(
    "--force", is_flag=True, help="Overwrite generated files that were edited by hand."
)
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    schemas: tuple[str, ...],
    out: str | None,
    targets: tuple[str, ...],
    diff: bool,
    to_stdout: bool,
    force: bool,
) -> int:
    """Generate code and documentation from SCHEMAS, or from those of the configuration.

    All files are written or none. Only files whose bytes change are written, and only
    generated files that nobody edited are overwritten or removed.
    """
    if diff and to_stdout:
        raise click.UsageError("--diff and --stdout exclude each other.")
    console = Console(settings_of(ctx))
    prepared = prepare(request(schemas, out, targets), console)
    if not isinstance(prepared, Prepared):
        console.findings(prepared)
        return exit_code(prepared)
    if to_stdout:
        console.findings(prepared.generated.diagnostics, aside=True)
        return _print_files(console, prepared.generated.files)
    seen = survey(prepared)
    plan = make_plan(seen.compared, seen.orphans, seen.tree, seen.owners, force=force)
    findings = prepared.generated.diagnostics + plan.diagnostics
    if not diff and not exit_code(findings):
        failure = carry_out(plan, seen.tree)
        findings += (failure,) if failure else ()
    console.findings(findings, aside=diff)
    code = exit_code(findings)
    if diff:
        _print_diff(console, plan, seen)
    elif not code:
        _print_summary(console, plan, seen)
    return code


def _print_files(console: Console, files: Sequence[GeneratedFile]) -> int:
    for file in files:
        name = f"==> {file.path} <==\n" if len(files) > 1 else ""
        console.result(name + file.data.decode())
    return 0


def _print_diff(console: Console, plan: Plan, seen: Survey) -> None:
    from idlgen.cli.diffs import unified

    changes = [
        (entry.file.path, entry.existing.data, entry.file.data) for entry in plan.writes
    ]
    gone = [(orphan.path, orphan.data, None) for orphan in plan.removals]
    for path, old, new in changes + gone:
        console.diff(unified(seen.tree.shown(path), old, new, whole=True))


def _print_summary(console: Console, plan: Plan, seen: Survey) -> None:
    for entry in plan.writes:
        console.detail(f"wrote {seen.tree.shown(entry.file.path)}")
    for orphan in plan.removals:
        console.detail(f"removed {seen.tree.shown(orphan.path)}")
    for entry in plan.unchanged:
        console.detail(f"unchanged {seen.tree.shown(entry.file.path)}")
    parts = [f"wrote {counted(len(plan.writes), 'file')}"] if plan.writes else []
    if plan.removals:
        parts.append(f"removed {len(plan.removals)}")
    if plan.unchanged:
        noun = "" if parts else " files"
        parts.append(f"{len(plan.unchanged)}{noun} unchanged")
    console.summary(", ".join(parts) or "nothing to write")
