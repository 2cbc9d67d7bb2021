"""`idlgen serve MODULE:OBJECT ...`."""

from __future__ import annotations

import gc

import click

from idlgen.cli.console import Console
from idlgen.cli.options import common_options, settings_of
from idlgen.cli.options_of_servers import (
    ServerLimits,
    limit_options,
    server_options,
    size,
)


@click.command("serve")
@click.argument("objects", metavar="MODULE:OBJECT...", nargs=-1, required=True)
@server_options
@click.option("--reload", is_flag=True, help="Start anew when a file *.py changes.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, help="Processes that serve."
)
@click.option("--lenient", is_flag=True, help="Answer requests without a version too.")
@click.option(
    "--max-body", metavar="SIZE", callback=size, help="Of a request; 4MiB by default."
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Pages of it may call: https://app.example, or '*'.",
)
@limit_options
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    objects: tuple[str, ...],
    host: str,
    port: int,
    path: str | None,
    log_level: str,
    reload: bool,
    workers: int,
    lenient: bool,
    max_body: int | None,
    origins: tuple[str, ...],
    grace: float,
    idle_timeout: float,
    max_connections: int,
) -> int:
    """Serve implementations of services over HTTP and WebSocket, with uvicorn.

    OBJECT is an implementation, a class or function without parameters that makes one,
    or an app that `asgi_app` made. MODULE is found from the working folder. Several
    implementations share the endpoint. Ctrl-C and SIGTERM let the calls that run end and
    refuse others, for at most --grace; the second ends all at once.
    """
    if reload and workers > 1:
        raise click.UsageError("--reload and --workers exclude each other.")
    console = Console(settings_of(ctx))
    gc.enable()  # `main` switches it off for commands that end soon
    from idlgen.cli.serving.apps import AskedApp
    from idlgen.cli.serving.processes import AskedServer, serve_asked

    app = AskedApp(
        names=objects,
        log_level=log_level,
        path=path,
        lenient=lenient,
        max_body=max_body,
        origins=origins,
    )
    limits = ServerLimits(
        grace=grace, idle_timeout=idle_timeout, max_connections=max_connections
    )
    asked = AskedServer(
        app=app, host=host, port=port, limits=limits, reload=reload, workers=workers
    )
    return serve_asked(asked, console)
