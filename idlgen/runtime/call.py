"""What a handler can know of the call that it serves."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from idlgen.runtime import metadata
from idlgen.runtime.errors import DeadlineExceeded, RpcError

if TYPE_CHECKING:
    from idlgen.runtime.auth import Principal


EARLY = 0.01
"""Seconds by which a timer may ring before its time: those of uvloop and pyreqwest count
in milliseconds, from when they last looked at the clock."""


class CallContext(Struct, eq=False):
    """One call; `with` it, what runs is its handler, and it is the current one.

    `method` is the full name, `user.UserService.getUserById`; `headers` are the
    request's, names in lower case; `deadline` is on `time.monotonic()`'s clock, None
    where the caller waits without limit. `streams` says whether either side streams,
    `errors` are those that the method declares.
    `principal` is who calls, where the method asks for it.
    """

    method: str
    headers: Mapping[str, str]
    deadline: float | None
    streams: bool = False
    errors: Sequence[type[RpcError]] = ()
    principal: Principal | None = None
    _answered: bool = False
    _has_ended: bool = False
    _token: Token[CallContext] | None = None

    @property
    def side(self) -> Literal["server"]:
        """Which side interceptors are on that get this."""
        return "server"

    @property
    def remaining(self) -> float | None:
        """The seconds until the deadline, at least 0; None where there is none."""
        if self.deadline is None:
            return None
        left = self.deadline - time.monotonic()
        return left if left > 0 else 0.0

    @property
    def is_about_over(self) -> bool:
        """Whether a timer set for the deadline may have rung."""
        remaining = self.remaining
        return remaining is not None and remaining <= EARLY

    @property
    def left_for_calls(self) -> float | None:
        """The seconds that calls which its handler makes may take; None for no limit.

        They are `remaining`, also for a handler that goes on in its thread when the call
        was given up. A task that outlives the answer is bound by nothing.
        """
        return None if self._answered else self.remaining

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the answer any more.

        An `async def` handler is cancelled then; one in a thread has to look.
        """
        return self._has_ended or self.remaining == 0

    @property
    def idempotency_key(self) -> str | None:
        """The key that is equal for all tries of one call, where the caller gave one."""
        return self.headers.get(metadata.IDEMPOTENCY_KEY)

    def __repr__(self) -> str:
        # Without headers: some are credentials.
        return f"CallContext({self.method!r})"

    def __enter__(self) -> None:
        self._token = _current.set(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._has_ended = True
        self._answered = error is None or (
            isinstance(error, Exception) and not isinstance(error, DeadlineExceeded)
        )
        token, self._token = self._token, None
        if token is not None:
            _current.reset(token)


_current: ContextVar[CallContext] = ContextVar("idlgen_current_call")


def current_call() -> CallContext:
    """Return the call that is being served here, in threads of handlers too.

    Raises:
        RuntimeError: no handler is running.
    """
    context = _current.get(None)
    if context is None:
        raise RuntimeError("current_call() is for handlers: no call is served here")
    return context


def time_left() -> float | None:
    """Return the seconds that a call made here may take at most, None for no limit.

    They are what is left of the call that is being served here, which waits for it.
    """
    context = _current.get(None)
    return None if context is None else context.left_for_calls
