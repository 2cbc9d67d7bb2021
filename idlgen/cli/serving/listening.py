"""A socket that listens, and uvicorn that serves an app on it."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from idlgen.cli.failures import CannotRun

if TYPE_CHECKING:
    from uvicorn import Config

BACKLOG = 2048
GRACE = 10
"""Seconds that calls which run have to end, once the server is told to stop."""


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


def configuration(app: Any, log_level: str, **more: Any) -> Config:
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
        log_level=log_level,
        timeout_graceful_shutdown=GRACE,
        server_header=False,
        **more,
    )


def log_to_stderr(log_level: str) -> None:
    """Print what handlers and idlgen's runtime log, unless the user's code set that."""
    logging.basicConfig(
        level=log_level.upper(), format="%(levelname)s: %(name)s: %(message)s"
    )


def serve(config: Config, listener: socket.socket, started: Callable[[], None]) -> None:
    """Serve until the process is told to stop; `started` is called once calls can come.

    Raises:
        KeyboardInterrupt: Ctrl-C, after the calls that ran have ended.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                started()

    Server(config).run(sockets=[listener])


def supervise(config: Config, listener: socket.socket) -> None:
    """Serve in processes of their own: anew after each change, or several at once.

    Raises:
        KeyboardInterrupt: when the processes have ended, as they do for Ctrl-C.
    """
    import uvicorn
    from uvicorn.supervisors import ChangeReload, Multiprocess

    if config.should_reload:
        server = uvicorn.Server(config)
        ChangeReload(config, target=server.run, sockets=[listener]).run()
    else:
        Multiprocess(config, sockets=[listener]).run()
    sys.stdout.flush()
    raise KeyboardInterrupt


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
