"""Whether and when a call that failed is made again.

Repeated are calls that may be: of methods that are `readonly` or `idempotent`, or with
an idempotency key. They are where the error says that trying again may help: it is
`retryable`, as `Unavailable` is, or says when, as the field `retry_after` of a declared
error or the header Retry-After of an HTTP answer. Nothing is repeated where the wait
would pass the call's deadline.

A server that fails is not made to bear more of the same: the calls of a client, its views
included, have a budget, as gRPC's retry throttling has it (gRFC A6).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from msgspec import structs

from idlgen.runtime.errors import RpcError, retry_after
from idlgen.runtime.metadata import TIMEOUT, timeout_text
from idlgen.runtime.transports.backoff import RANDOM, backoff
from idlgen.runtime.transports.request import Request

T = TypeVar("T")

BASE = 0.1
"""Seconds; the longest pause before the first retry is twice that, see `backoff`."""

MOMENT = 0.001
"""Seconds for a call of a batch that had less time than the others, and has none left."""

MAX_TOKENS = 10.0
COST = 1.0
GAIN = 0.1
LEAST = 5.0


class Budget:
    """What a client may still spend on retries, in tokens.

    A failure costs one, a success brings a tenth back, and at half of them and below
    nothing is repeated. Threads may lose a token to each other, which does no harm.
    While it `is_whole`, successes bring nothing.
    """

    def __init__(self) -> None:
        self._tokens = MAX_TOKENS
        self.is_whole = True

    def failed(self) -> None:
        """Count a call that might be repeated."""
        self._tokens = max(0.0, self._tokens - COST)
        self.is_whole = False

    def succeeded(self) -> None:
        """Count a call that was answered with a result."""
        self._tokens = min(MAX_TOKENS, self._tokens + GAIN)
        self.is_whole = self._tokens == MAX_TOKENS

    @property
    def allows_retries(self) -> bool:
        """Whether a call may be repeated."""
        return self._tokens > LEAST


class Retrier:
    """How one client repeats calls: its budget, its dice, its clock and its patience.

    `uniform` draws between two bounds; `clock` and the sleeps are in seconds.
    """

    def __init__(
        self,
        *,
        uniform: Callable[[float, float], float] = RANDOM.uniform,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        async_sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        self.budget = Budget()
        self.uniform = uniform
        self.clock = clock
        self.sleep = sleep
        self._async_sleep = async_sleep

    async def wait(self, seconds: float) -> None:
        """Let the event loop go on for so long."""
        if self._async_sleep is None:
            # Importing generated code does not load it.
            from asyncio import sleep

            await sleep(seconds)
        else:
            await self._async_sleep(seconds)

    def call(
        self, attempt: Callable[[Try], T], retries: int, timeout: float | None
    ) -> T:
        """Return what `attempt` returns, made again as often as it may be.

        That is `retries` times at most, and within `timeout` seconds.

        Raises:
            RpcError: of the last attempt; what else an attempt raises.
        """
        tried = Try(self, retries, timeout)
        while True:
            try:
                result = attempt(tried)
            except RpcError as error:
                if not tried.again(error):
                    raise
            else:
                tried.succeeded()
                return result

    async def call_async(
        self,
        attempt: Callable[[Try], Awaitable[T]],
        retries: int,
        timeout: float | None,
    ) -> T:
        """Return what `attempt` returns, as `call` does."""
        tried = Try(self, retries, timeout)
        while True:
            try:
                result = await attempt(tried)
            except RpcError as error:
                if not await tried.again_async(error):
                    raise
            else:
                tried.succeeded()
                return result


class Try:
    """An attempt to make a call, the `number`-th, which is made `retries` times more."""

    __slots__ = ("_begun", "_elapsed", "_retrier", "_retries", "_timeout", "number")

    def __init__(self, retrier: Retrier, retries: int, timeout: float | None) -> None:
        self._retrier = retrier
        self._retries = retries
        self._timeout = timeout
        self._begun = retrier.clock()
        self._elapsed = 0.0
        self.number = 1

    @property
    def deadline(self) -> float | None:
        """That of the call, on the clock of its retrier; None is no limit."""
        return None if self._timeout is None else self._begun + self._timeout

    def succeeded(self) -> None:
        """Take note that the call was answered with a result."""
        budget = self._retrier.budget
        if self._retries and not budget.is_whole:
            budget.succeeded()

    def again(self, error: RpcError) -> bool:
        """Wait and begin the next attempt; return whether there is one."""
        pause = self.pause(error)
        if pause is None:
            return False
        self._retrier.sleep(pause)
        return self.begin_again()

    async def again_async(self, error: RpcError) -> bool:
        """Do the same while the event loop goes on."""
        pause = self.pause(error)
        if pause is None:
            return False
        await self._retrier.wait(pause)
        return self.begin_again()

    def in_time(self, request: Request) -> Request:
        """Return the request, of this call, with the time that is left of its own."""
        if request.timeout is None or not self._elapsed:
            return request
        left = max(request.timeout - self._elapsed, MOMENT)
        headers = {**request.headers, TIMEOUT: timeout_text(left)}
        return structs.replace(request, headers=headers, timeout=left)

    def pause(self, error: RpcError) -> float | None:
        """Return the seconds to wait before the next attempt, or None if there is none."""
        asked = retry_after(error)
        if not self._retries or (asked is None and not error.retryable):
            return None
        budget = self._retrier.budget
        budget.failed()
        if self.number > self._retries or not budget.allows_retries:
            return None
        pause = backoff(self.number, base=BASE, uniform=self._retrier.uniform)
        pause += asked or 0.0
        return pause if self._is_in_time(pause) else None

    def begin_again(self) -> bool:
        """Begin the next attempt, unless the pause took all the time; return whether."""
        if not self._is_in_time(0.0):
            return False
        self.number += 1
        self._elapsed = self._retrier.clock() - self._begun
        return True

    def _is_in_time(self, pause: float) -> bool:
        deadline = self.deadline
        return deadline is None or self._retrier.clock() + pause < deadline
