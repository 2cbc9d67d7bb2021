"""Serving what is asked for: in this process, or in others that it watches over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct as Record

from idlgen.cli.console import Console
from idlgen.cli.options_of_servers import ServerLimits
from idlgen.cli.serving import listening
from idlgen.cli.serving.apps import FACTORY, AskedApp, hand_on, make_app
from idlgen.cli.serving.objects import check_modules
from idlgen.runtime.server.asgi import DEFAULT_PATH

if TYPE_CHECKING:
    from uvicorn import Config

DEFAULT_WS_MAX_SIZE = 16 * 1024 * 1024
"""uvicorn's own limit of a WebSocket's messages, in bytes."""


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
    config = _configuration(made.app, asked)
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
    title, path = _shown(asked)
    config = _configuration(FACTORY, asked, factory=True)
    listener = listening.open_socket(asked.host, asked.port)
    url = listening.url_of(listener, asked.host, path)
    with listener:
        hand_on(asked.app)
        console.summary(f"serving {title} at {url}")
        return listening.supervise(config, listener, asked.limits)


def _shown(asked: AskedServer) -> tuple[str, str]:
    """Return what other processes will serve, in a few words, and its path."""
    if asked.reload:
        # What is wrong inside of a module will be mended, and is told by its process.
        check_modules(asked.app.names)
        return ", ".join(asked.app.names), asked.app.path or DEFAULT_PATH
    made = make_app(asked.app)
    return made.title, made.app.path


def _configuration(app: Any, asked: AskedServer, **more: Any) -> Config:
    return listening.configuration(
        app,
        asked.app.log_level,
        asked.limits,
        reload=asked.reload,
        workers=asked.workers,
        ws_max_size=max(asked.app.max_body or 0, DEFAULT_WS_MAX_SIZE),
        **more,
    )
