"""`idlgen schema`."""

from __future__ import annotations

import click

from idlgen.cli.console import Console
from idlgen.cli.options import common_options, settings_of


@click.command("schema")
@common_options
@click.pass_context
def command(ctx: click.Context) -> None:
    """Print the JSON Schema of the language, for editors.

    Write it to `schemas/idl.schema.json` and begin each schema beside it with
    `# yaml-language-server: $schema=idl.schema.json`.
    """
    from idlgen.syntax.idl_schema import idl_schema_path

    text = idl_schema_path().read_text(encoding="utf-8")
    Console(settings_of(ctx)).result(text)
