"""`idlgen explain CODE`."""

from __future__ import annotations

import click

from idlgen.cli.console import Console
from idlgen.cli.options import common_options, settings_of


@click.command("explain")
@click.argument("code")
@common_options
@click.pass_context
def command(ctx: click.Context, code: str) -> None:
    """Say what the finding CODE means and what to do about it, as in `explain IDL102`."""
    from idlgen.diagnostics.codes import CODES

    wanted = code.strip().upper()
    if wanted.isdigit():
        wanted = f"IDL{wanted:0>3}"
    if wanted not in CODES:
        raise click.UsageError(_unknown(code, wanted))
    settings = settings_of(ctx)
    console = Console(settings)
    if settings.output_format == "json":
        console.result(_json(wanted))
    else:
        from sys import stdout

        console.result(_text(wanted, color=console.colors(stdout)))


def _text(code: str, *, color: bool) -> str:
    from idlgen.cli.markdown import Layout
    from idlgen.diagnostics.codes import CODES
    from idlgen.diagnostics.explanation import explanation

    return Layout(color=color).page(code, CODES[code], explanation(code))


def _json(code: str) -> str:
    """Return one object; `sections` maps each heading to its Markdown, in order."""
    from json import dumps

    from idlgen.diagnostics.codes import CODES
    from idlgen.diagnostics.explanation import explanation

    page = {
        "code": code,
        **CODES[code]._asdict(),
        "sections": dict(explanation(code).sections),
    }
    return dumps(page, ensure_ascii=False, indent=2) + "\n"


def _unknown(code: str, wanted: str) -> str:
    from idlgen.diagnostics.codes import CODES
    from idlgen.diagnostics.suggest import nearest

    found = nearest(wanted, CODES)
    suggestion = f" Did you mean '{found}'?" if found else ""
    return f"No such code '{code}'.{suggestion} `idlgen rules` lists all codes."
