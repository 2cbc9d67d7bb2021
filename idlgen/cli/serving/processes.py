"""Serving what is asked for: in this process, or in others that it watches over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct as Record

from idlgen.cli.console import Console
from idlgen.cli.options_of_servers import ServerLimits
from idlgen.cli.serving import listening
from idlgen.cli.serving.apps import FACTORY, RELOADED, AskedApp, hand_on, make_app
from idlgen.cli.serving.objects import check_modules
from idlgen.runtime.server.asgi import DEFAULT_PATH

if TYPE_CHECKING:
    from uvicorn import Config

MAX_MESSAGE = 16 * 1024 * 1024
"""Bytes of a WebSocket's message that are read for an app which is not known yet."""


class AskedServer(Record, frozen=True, kw_only=True):
    """An app, where to serve it, and in how many processes.

    With `reload` it is one that starts anew when code changes.
    """

    app: AskedApp
    host: str
    port: int
    limits: ServerLimits
    reload: bool
    workers: int


def serve_asked(asked: AskedServer, console: Console) -> int:
    """Serve until the process is told to stop, and return its exit code.

    Raises:
        click.UsageError, CannotRun: as `make_app`, and as what listens.
    """
    if asked.reload or asked.workers > 1:
        return _serve_apart(asked, console)
    made = make_app(asked.app)
    config = _configuration(made.app, asked, made.app.max_body)
    listener = listening.open_socket(asked.host, asked.port)
    url = listening.url_of(listener, asked.host, made.app.path)
    with listener:
        listening.log_to_stderr(asked.app.log_level)
        return listening.serve(
            config,
            listener,
            asked.limits,
            lambda: console.summary(f"serving {made.title} at {url}"),
        )


def _serve_apart(asked: AskedServer, console: Console) -> int:
    title, path, max_message = _shown(asked)
    factory = RELOADED if asked.reload else FACTORY
    config = _configuration(factory, asked, max_message, factory=True)
    listener = listening.open_socket(asked.host, asked.port)
    url = listening.url_of(listener, asked.host, path)
    with listener:
        hand_on(asked.app)
        console.summary(f"serving {title} at {url}")
        return listening.supervise(config, listener, asked.limits)


def _shown(asked: AskedServer) -> tuple[str, str, int]:
    """Return what other processes will serve, in a few words, its path and `max_body`."""
    if asked.reload:
        # What is wrong inside of a module will be mended, and is told by its process.
        check_modules(asked.app.names)
        title, path = ", ".join(asked.app.names), asked.app.path or DEFAULT_PATH
        return title, path, asked.app.max_body or MAX_MESSAGE
    made = make_app(asked.app)
    return made.title, made.app.path, made.app.max_body


def _configuration(
    app: Any, asked: AskedServer, max_message: int, **more: Any
) -> Config:
    return listening.configuration(
        app,
        asked.app.log_level,
        asked.limits,
        reload=asked.reload,
        workers=asked.workers,
        # A message that the app would refuse is not even read.
        ws_max_size=max_message,
        **more,
    )
