"""`idlgen mock [SCHEMAS...]`."""

from __future__ import annotations

import gc

import click

from idlgen.cli.console import Console
from idlgen.cli.options import common_options, settings_of
from idlgen.cli.options_of_servers import LIMITS, server_options


@click.command("mock")
@click.argument("schemas", nargs=-1)
@server_options
@click.option("--reload", is_flag=True, help="Serve a schema anew when it changes.")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    schemas: tuple[str, ...],
    host: str,
    port: int,
    path: str | None,
    log_level: str,
    reload: bool,
) -> int:
    """Serve all services of SCHEMAS, or of the configuration's, without code of yours.

    Calls are answered with the schema's examples: that with the same params, else the
    first. Where there is none, values are made that fit the types. Params are held
    against the schema as ever; methods that ask for credentials take all of them.
    """
    console = Console(settings_of(ctx))
    from idlgen.cli.compiled import Faulty
    from idlgen.cli.serving import listening
    from idlgen.cli.serving.mocking import Mock

    mock = Mock(schemas, console, path)
    first = mock.build()
    if isinstance(first, Faulty):
        console.findings(first.diagnostics, aside=True)
        return 2
    gc.enable()  # `main` switches it off for commands that end soon
    config = listening.configuration(
        mock, log_level, LIMITS, ws_max_size=first.app.max_body
    )
    listener = listening.open_socket(host, port)
    url = listening.url_of(listener, host, first.app.path)

    def started() -> None:
        console.summary(f"serving {', '.join(first.services)} at {url}")
        if reload:
            mock.watch()

    with listener:
        listening.log_to_stderr(log_level)
        return listening.serve(config, listener, LIMITS, started)
