"""What one app takes of its clients at most; see SECURITY.md for the table of all."""

from __future__ import annotations

from msgspec import Struct as Record

from idlgen.runtime.option_checks import check_whole

DEFAULT_MAX_BODY = 4 * 1024 * 1024
DEFAULT_MAX_CALLS = 1000
DEFAULT_MAX_CONNECTIONS = 10_000
DEFAULT_READ_TIMEOUT = 30.0


class Limits(Record, frozen=True, kw_only=True):
    """Bytes of a request or message, calls of a WebSocket, WebSockets, seconds of a body.

    Raises:
        TypeError, ValueError: as `check_limit`; the seconds are not above 0.
    """

    max_body: int = DEFAULT_MAX_BODY
    max_calls: int = DEFAULT_MAX_CALLS
    max_connections: int = DEFAULT_MAX_CONNECTIONS
    read_timeout: float = DEFAULT_READ_TIMEOUT

    def __post_init__(self) -> None:
        for name in ("max_body", "max_calls", "max_connections"):
            check_limit(name, getattr(self, name))
        seconds: object = self.read_timeout
        if not isinstance(seconds, int | float):
            raise TypeError(f"`read_timeout` is a number of seconds, not {seconds!r}")
        if not seconds > 0:
            raise ValueError(f"`read_timeout` is above 0, not {seconds}")


def check_limit(name: str, limit: int) -> None:
    """Refuse what is no limit of the option `name`.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is below 1.
    """
    check_whole(name, limit)
    if limit < 1:
        raise ValueError(f"`{name}` is at least 1, not {limit}")
