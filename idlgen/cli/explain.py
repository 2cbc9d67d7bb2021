"""`idlgen explain CODE`."""

from __future__ import annotations

import click

from idlgen.cli.options import common_options


@click.command("explain")
@click.argument("code")
@common_options
def command(code: str) -> None:
    """Say what the finding CODE means and what to do about it, as in `explain IDL102`."""
    from idlgen.diagnostics.codes import CODES

    wanted = code.strip().upper()
    if wanted.isdigit():
        wanted = f"IDL{wanted:0>3}"
    found = CODES.get(wanted)
    if found is None:
        raise click.UsageError(_unknown(code, wanted))
    click.echo(f"{wanted} ({found.severity}): {found.title}\n\n{found.hint}")


def _unknown(code: str, wanted: str) -> str:
    from idlgen.diagnostics.codes import CODES
    from idlgen.diagnostics.suggest import nearest

    found = nearest(wanted, CODES)
    suggestion = f" Did you mean '{found}'?" if found else ""
    return f"No such code '{code}'.{suggestion}"
