"""What an interceptor is, and what it sees of a call.

An interceptor makes a context manager for each attempt of each call: entering it may
change the headers of a client's call, or refuse the call by raising an `RpcError`;
leaving it sees the exception that the call ended with, or none. It may raise another one
in its place, but what it swallows is raised all the same, for there is no result.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Literal, Protocol, TypeAlias

Side: TypeAlias = Literal["client", "server"]


class Call(Protocol):
    """One call, on whichever side.

    `method` is the full name, `user.UserService.getUserById`; `headers` have names in
    lower case; `deadline` is on `time.monotonic()`'s clock, and `remaining` the seconds
    until then, both None where nobody waits with a limit. `streams` says whether either
    side streams: such a call lasts as long as its streams.
    """

    @property
    def side(self) -> Side: ...

    @property
    def method(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def streams(self) -> bool: ...

    @property
    def deadline(self) -> float | None: ...

    @property
    def remaining(self) -> float | None: ...


class ClientCall:
    """One attempt of a call, as the interceptors of its client see it.

    What is put into `headers` while an interceptor is entered goes along with the call;
    the credentials that a client asks for are added behind the last interceptor.
    `attempt` counts from 1, `peer` is the URL. `typed` says whether generated code made
    the call: else `method` may be any text.
    """

    __slots__ = (
        "attempt",
        "deadline",
        "headers",
        "method",
        "peer",
        "streams",
        "typed",
    )

    def __init__(
        self,
        method: str,
        *,
        headers: dict[str, str],
        deadline: float | None,
        peer: str,
        attempt: int = 1,
        streams: bool = False,
        typed: bool = True,
    ) -> None:
        self.method = method
        self.headers = headers
        self.deadline = deadline
        self.peer = peer
        self.attempt = attempt
        self.streams = streams
        self.typed = typed

    @property
    def side(self) -> Literal["client"]:
        """Which side this is of."""
        return "client"

    @property
    def remaining(self) -> float | None:
        """The seconds until the deadline, at least 0; None where there is none."""
        if self.deadline is None:
            return None
        return max(0.0, self.deadline - time.monotonic())

    def __repr__(self) -> str:
        # Without headers: some are credentials.
        return f"ClientCall({self.method!r}, attempt={self.attempt})"


Manager: TypeAlias = (
    AbstractContextManager[object] | AbstractAsyncContextManager[object]
)
"""Functions under `contextmanager` make one; those under `asynccontextmanager` are for
async clients and for servers."""

Interceptor: TypeAlias = Callable[[Call], Manager]
"""What works on both sides."""

ClientInterceptor: TypeAlias = Callable[[ClientCall], Manager]
"""What works in clients, and may need what only their calls have."""
