"""One timer for all the deadlines of a loop: a clock that the test moves rings it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import pytest

from idlgen.runtime.transports.deadlines import SPARE, Deadlines, Within


class Timer:
    """What a loop returns for a function that it is to call."""

    def __init__(self, when: float, function: Callable[[], None]) -> None:
        self._when = when
        self.function = function
        self.is_cancelled = False

    def when(self) -> float:
        return self._when

    def cancel(self) -> None:
        self.is_cancelled = True


class Clock:
    """Of a loop, its clock: it stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, ring: Callable[[Any], None], loop: Any) -> Timer:
        self.timers.append(Timer(when, partial(ring, loop)))
        return self.timers[-1]

    @property
    def pending(self) -> list[float]:
        """When it will ring."""
        return [timer.when() for timer in self.timers if not timer.is_cancelled]

    async def move(self, now: float) -> None:
        """Ring what is due until `now`, and let the tasks take note of it."""
        self.now = now
        for timer in [t for t in self.timers if t.when() <= now]:
            self.timers.remove(timer)
            if not timer.is_cancelled:
                timer.function()
        for _ in range(3):
            await asyncio.sleep(0)


class Clocked(Deadlines):
    """Deadlines in whatever loop there is, by another clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock: Any = clock

    def check_loop(self) -> asyncio.AbstractEventLoop:
        loop: asyncio.AbstractEventLoop = self.clock
        return loop


Test = Callable[[Clock, Deadlines], Coroutine[Any, Any, None]]


def run(test: Test) -> None:
    clock = Clock()
    asyncio.run(test(clock, Clocked(clock)))


async def wait(deadlines: Deadlines, timeout: float | None) -> str:
    """Wait for ever, within the timeout; tell how it ended."""
    try:
        with Within(deadlines, timeout):
            await asyncio.Event().wait()
    except TimeoutError:
        return "late"
    raise AssertionError


async def begun(coroutine: Coroutine[Any, Any, str]) -> asyncio.Task[str]:
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    return task


def test_each_wait_ends_at_its_own_deadline_whichever_began_first() -> None:
    async def test(clock: Clock, deadlines: Deadlines) -> None:
        long = await begun(wait(deadlines, 9))
        short = await begun(wait(deadlines, 2))
        middle = await begun(wait(deadlines, 5))
        await clock.move(101.9)
        assert not short.done()
        await clock.move(102)
        assert [t.done() for t in (long, short, middle)] == [False, True, False]
        assert clock.pending == [105]
        await clock.move(109)
        assert [t.result() for t in (long, short, middle)] == ["late"] * 3
        assert clock.pending == []

    run(test)


def test_a_block_that_was_left_in_time_is_let_alone() -> None:
    async def test(clock: Clock, deadlines: Deadlines) -> None:
        with Within(deadlines, 1):
            pass
        with pytest.raises(ValueError, match="its own"), Within(deadlines, 1):
            raise ValueError("its own")
        waiting = await begun(wait(deadlines, 3))
        await clock.move(102)
        task = asyncio.current_task()
        assert task is not None
        assert not task.cancelling()
        assert clock.pending == [103]
        await clock.move(103)
        assert await waiting == "late"

    run(test)


def test_without_a_timeout_nothing_rings() -> None:
    async def test(clock: Clock, deadlines: Deadlines) -> None:
        waiting = await begun(wait(deadlines, None))
        assert clock.timers == []
        waiting.cancel()

    run(test)


def test_who_is_cancelled_at_the_deadline_is_cancelled_not_late() -> None:
    async def test(clock: Clock, deadlines: Deadlines) -> None:
        waiting = await begun(wait(deadlines, 1))
        clock.now = 101
        clock.timers.pop().function()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    run(test)


def test_what_was_cancelled_before_goes_on_to_its_deadline() -> None:
    async def test(clock: Clock, deadlines: Deadlines) -> None:
        async def cleaning() -> str:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                return await wait(deadlines, 1)
            raise AssertionError

        waiting = await begun(cleaning())
        waiting.cancel()
        await clock.move(100)
        await clock.move(101)
        assert await waiting == "late"

    run(test)


def test_calls_that_end_move_no_timer_and_leave_nothing_behind() -> None:
    async def test(clock: Clock, deadlines: Deadlines) -> None:
        first = Within(deadlines, 60)
        with first:
            pass
        for _ in range(SPARE * 10):
            with Within(deadlines, 60):
                pass
            assert len(deadlines) <= SPARE + 2
        assert clock.pending == [160]
        deadlines.close()
        assert clock.pending == []

    run(test)


def test_another_loop_than_the_first_is_refused() -> None:
    deadlines = Deadlines()

    async def wait_twice(timeout: float | None) -> None:
        for _ in range(2):
            with Within(deadlines, timeout):
                await asyncio.sleep(0)

    asyncio.run(wait_twice(60))
    for timeout in (60, None):
        with pytest.raises(RuntimeError, match="one client per loop"):
            asyncio.run(wait_twice(timeout))
