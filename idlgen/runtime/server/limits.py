"""What one app takes of its clients at most; see SECURITY.md for the table of all."""

from __future__ import annotations

from msgspec import Struct as Record, structs

DEFAULT_MAX_BODY = 4 * 1024 * 1024
DEFAULT_MAX_CALLS = 1000
DEFAULT_MAX_CONNECTIONS = 10_000
DEFAULT_READ_TIMEOUT = 30.0


class Limits(Record, frozen=True, kw_only=True):
    """Bytes of a request or message, calls of a WebSocket, WebSockets, seconds of a body.

    Raises:
        ValueError: a number is below 1, or the seconds are not above 0.
    """

    max_body: int = DEFAULT_MAX_BODY
    max_calls: int = DEFAULT_MAX_CALLS
    max_connections: int = DEFAULT_MAX_CONNECTIONS
    read_timeout: float = DEFAULT_READ_TIMEOUT

    def __post_init__(self) -> None:
        for name, limit in structs.asdict(self).items():
            if isinstance(limit, float) and not limit > 0:
                raise ValueError(f"`{name}` is above 0, not {limit}")
            if isinstance(limit, int) and limit < 1:
                raise ValueError(f"`{name}` is at least 1, not {limit}")
