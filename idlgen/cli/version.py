"""`idlgen version`."""

from __future__ import annotations

import click

from idlgen._version import __version__
from idlgen.cli.options import common_options


@click.command("version")
@common_options
def command() -> None:
    """Print the version of idlgen."""
    click.echo(f"idlgen {__version__}")
