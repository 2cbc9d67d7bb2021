"""A socket that listens, and uvicorn that serves an app on it."""

from __future__ import annotations

import errno
import logging
import math
import socket
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from idlgen.cli.failures import CannotRun
from idlgen.cli.options_of_servers import ServerLimits

if TYPE_CHECKING:
    from uvicorn import Config

BACKLOG = 2048

PROTOCOLS = {
    "httptools": "idlgen.cli.serving.timed_httptools:TimedHttpTools",
    "h11": "idlgen.cli.serving.timed_h11:TimedH11",
}
"""Protocols for HTTP by what they need, the best first; uvicorn comes with the last."""

_HINTS = {
    errno.EADDRINUSE: " `--port 0` takes any port that is free.",
    errno.EACCES: " Ports below 1024 are the system's: give another --port.",
}


def open_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes any that is free.

    Raises:
        CannotRun: the port is taken or not allowed, or the host is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (while")[0].lower()
        hint = _HINTS.get(error.errno or 0, "")
        where = _address(host, port)
        raise CannotRun(f"cannot listen on {where}: {why}.{hint}") from None
    # An answer may be two writes: the second would wait for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.set_inheritable(True)
    return listener


def url_of(listener: socket.socket, host: str, path: str) -> str:
    """Return the URL by which clients on this machine reach the socket."""
    return f"http://{_address(host, listener.getsockname()[1])}{path}"


def configuration(
    app: Any, log_level: str, limits: ServerLimits, **more: Any
) -> Config:
    """Return uvicorn's configuration for an app, or for the name of what makes one.

    Raises:
        CannotRun: uvicorn is not installed.
    """
    try:
        import uvicorn
    except ImportError:
        raise CannotRun(
            "serving needs uvicorn: run `pip install 'idlgen[server]'`"
        ) from None
    return uvicorn.Config(
        app,
        # At `debug` it has heads and messages of WebSockets written: credentials too.
        log_level="info" if log_level == "debug" else log_level,
        http=next(path for name, path in PROTOCOLS.items() if find_spec(name)),
        timeout_keep_alive=math.ceil(limits.idle_timeout),
        limit_concurrency=limits.max_connections,
        server_header=False,
        **more,
    )


def log_to_stderr(log_level: str) -> None:
    """Print what handlers and idlgen's runtime log, unless the user's code set that."""
    logging.basicConfig(
        level=log_level.upper(), format="%(levelname)s: %(name)s: %(message)s"
    )


def serve(
    config: Config,
    listener: socket.socket,
    limits: ServerLimits,
    started: Callable[[], None],
) -> int:
    """Serve until the process is told to stop, and return its exit code.

    `started` is called once calls can come. Calls at work have `limits.grace` to end.
    """
    from idlgen.cli.serving.draining import DrainingServer, exit_code

    class Server(DrainingServer):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                started()

    server = Server(config, limits.grace)
    server.run(sockets=[listener])
    return exit_code(server.stopped_by)


def supervise(config: Config, listener: socket.socket, limits: ServerLimits) -> int:
    """Serve in processes of their own: anew after each change, or several at once.

    Return the exit code when they have ended, as they do for a signal.
    """
    from idlgen.cli.serving.workers import Reloading, Workers

    supervisor = Reloading if config.should_reload else Workers
    return supervisor(config, listener, limits.grace).run()


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
