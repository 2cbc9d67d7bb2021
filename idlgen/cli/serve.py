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

DEFAULT_WS_MAX_SIZE = 16 * 1024 * 1024
"""uvicorn's own limit of a WebSocket's messages, in bytes."""


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
    from idlgen.cli.serving import listening
    from idlgen.cli.serving.apps import FACTORY, AskedApp, hand_on, make_app
    from idlgen.cli.serving.objects import check_modules
    from idlgen.runtime.server.asgi import DEFAULT_PATH

    asked = AskedApp(
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
    apart = reload or workers > 1
    if reload:
        # What is wrong inside of a module will be mended, and is told by its process.
        check_modules(objects)
        app, title, shown_path = None, ", ".join(objects), path or DEFAULT_PATH
    else:
        made = make_app(asked)
        app, title, shown_path = made.app, made.title, made.app.path
    config = listening.configuration(
        FACTORY if apart else app,
        log_level,
        limits,
        factory=apart,
        reload=reload,
        workers=workers,
        ws_max_size=max(max_body or 0, DEFAULT_WS_MAX_SIZE),
    )
    listener = listening.open_socket(host, port)
    line = f"serving {title} at {listening.url_of(listener, host, shown_path)}"
    with listener:
        if apart:
            hand_on(asked)
            console.summary(line)
            return listening.supervise(config, listener, limits)
        listening.log_to_stderr(log_level)
        return listening.serve(config, listener, limits, lambda: console.summary(line))
