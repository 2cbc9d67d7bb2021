"""A port that a test has for itself, whether somebody listens there or not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def own_port() -> Iterator[int]:
    """Yield a port of 127.0.0.1 that nobody else is given, and at which nobody listens.

    Whoever is told the number may listen there, as servers do: with `SO_REUSEADDR`.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
