"""The errors that transports raise, worded once for all of them."""

from __future__ import annotations

from idlgen.runtime.errors import DeadlineExceeded, ResourceExhausted, Unavailable


def closed() -> RuntimeError:
    """Return the error for a call after `close()`."""
    return RuntimeError("this client is closed")


def late(url: str, timeout: float | None) -> DeadlineExceeded:
    """Return the error for an answer that was not whole after `timeout` seconds."""
    within = "in time" if timeout is None else f"within {timeout:g} s"
    return DeadlineExceeded(f"{url} did not answer {within}")


def unreachable(url: str, cause: BaseException) -> Unavailable:
    """Return the error for a connection that could not be made or that broke."""
    return Unavailable(f"{url} could not be reached: {cause}")


def too_large(url: str, limit: int) -> ResourceExhausted:
    """Return the error for an answer of more than `limit` bytes."""
    return ResourceExhausted(
        f"{url} answered with more than {limit} bytes, the client's max_response_bytes"
    )


def missing(library: str, clients: str) -> ImportError:
    """Return the error for an optional library that is not installed."""
    return ImportError(
        f"{clients} over HTTP need {library}: pip install 'idlgen[http]'", name=library
    )
