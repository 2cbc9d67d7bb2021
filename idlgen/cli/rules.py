"""`idlgen rules`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from idlgen.cli.console import Console
from idlgen.cli.options import common_options, settings_of
from idlgen.diagnostics.codes import BANDS, CODES


@click.command("rules")
@common_options
@click.pass_context
def command(ctx: click.Context) -> None:
    """List every code that a finding can have; `idlgen explain` tells more of each."""
    settings = settings_of(ctx)
    console = Console(settings)
    if settings.output_format == "json":
        from json import dumps

        console.result(dumps([*_rows()], ensure_ascii=False, indent=2) + "\n")
    else:
        from sys import stdout

        console.result("\n".join(_groups(bold=console.colors(stdout))))


def _rows() -> Iterator[dict[str, str]]:
    for code, entry in CODES.items():
        yield {"code": code, "band": _band(code), **entry._asdict()}


def _groups(*, bold: bool) -> Iterator[str]:
    """Yield each band that has codes: its name, and a line for each of its codes."""
    for band in BANDS.values():
        codes = [code for code in CODES if _band(code) == band]
        if codes:
            title = f"\x1b[1m{band}\x1b[0m" if bold else band
            yield f"{title}\n" + "".join(map(_line, codes))


def _line(code: str) -> str:
    entry = CODES[code]
    return f"  {code}  {entry.severity:<7}  {entry.title}\n"


def _band(code: str) -> str:
    return BANDS[code[:4]]
