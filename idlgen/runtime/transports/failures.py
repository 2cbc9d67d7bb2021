"""The errors that transports raise, worded once for all of them."""

from __future__ import annotations

from idlgen.runtime.errors import (
    DeadlineExceeded,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
)
from idlgen.runtime.transports.causes import described


def closed() -> RuntimeError:
    """Return the error for a call after `close()`."""
    return RuntimeError("this client is closed")


def late(url: str, timeout: float | None) -> DeadlineExceeded:
    """Return the error for an answer that was not whole after `timeout` seconds."""
    within = "in time" if timeout is None else f"within {timeout:g} s"
    return DeadlineExceeded(f"{url} did not answer {within}")


def silent(url: str) -> Unavailable:
    """Return the error for a stream on which nothing came, not even a sign of life."""
    return Unavailable(f"{url} fell silent in the middle of a stream")


def broken(url: str, cause: BaseException | str) -> Unavailable:
    """Return the error for a connection that broke in the middle of a stream."""
    return Unavailable(f"the stream of {url} broke off: {_why(url, cause)}")


def unreachable(url: str, cause: BaseException | str) -> Unavailable:
    """Return the error for a connection that could not be made or that broke."""
    return Unavailable(f"{url} could not be reached: {_why(url, cause)}")


def _why(url: str, cause: BaseException | str) -> str:
    return cause if isinstance(cause, str) else described(cause, url)


def too_large(url: str, limit: int) -> ResourceExhausted:
    """Return the error for an answer of more than `limit` bytes."""
    return ResourceExhausted(
        f"{url} answered with more than {limit} bytes, the client's max_response_bytes"
    )


def too_many_items(url: str) -> ResourceExhausted:
    """Return the error for a stream that is faster than its reader, and cannot wait."""
    return ResourceExhausted(
        f"{url} streams faster than its items are read, and takes no credit"
    )


def refused_size(url: str) -> ResourceExhausted:
    """Return the error for a request that the server finds too large."""
    return ResourceExhausted(f"{url} does not take so large a request")


def other_loop() -> RuntimeError:
    """Return the error for a use in another event loop than that of the first."""
    return RuntimeError(
        "this async client belongs to the event loop that first used it: "
        "make one client per loop"
    )


def forked() -> RuntimeError:
    """Return the error for a use in a child process of the one that made a client."""
    return RuntimeError(
        "this client was made before the process forked, and its connections belong to "
        "the parent: make a client with a new transport"
    )


def missing(library: str, clients: str, extra: str) -> ImportError:
    """Return the error for the library of an extra that is not installed."""
    return ImportError(
        f"{clients} need {library}: pip install 'idlgen[{extra}]'", name=library
    )


def cannot_stream(transport: object, lacks: str) -> Unimplemented:
    """Return the error for a stream over a transport that lacks the method for it."""
    name = type(transport).__qualname__
    return Unimplemented(
        f"{name} cannot carry the stream, for it has no `{lacks}`: give the client the "
        "URL instead of a transport"
    )
