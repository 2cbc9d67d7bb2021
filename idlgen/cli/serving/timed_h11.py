"""uvicorn's protocol on h11, on time."""

from uvicorn.protocols.http.h11_impl import H11Protocol

from idlgen.cli.serving.timed import Timed


class TimedH11(Timed, H11Protocol):
    """HTTP/1.1 in Python."""
