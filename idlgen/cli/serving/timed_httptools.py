"""uvicorn's protocol on httptools, on time."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from idlgen.cli.serving.timed import Timed


class TimedHttpTools(Timed, HttpToolsProtocol):
    """HTTP/1.1 in C."""
