"""Work is interrupted like by `asyncio.timeout`, and guarded only once it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from idlgen.runtime.server.interruption import Interruption, interruptible


class Ended(Exception):
    """The interruption of these tests."""


class Recorded(Interruption):
    """Notes what is asked of it; `soon` interrupts in the next turn of the loop."""

    def __init__(self, *, soon: bool = False) -> None:
        self.seen: list[str] = []
        self._soon = soon

    def arm(self, loop: asyncio.AbstractEventLoop) -> None:
        self.seen.append("armed")
        if self._soon:
            loop.call_soon(self.interrupt)

    def disarm(self) -> None:
        self.seen.append("disarmed")

    def interrupted(self) -> Exception:
        return Ended()


def itself(guard: Interruption) -> Interruption:
    return guard


def run(work: Callable[[], Coroutine[Any, Any, object]], on: Interruption) -> object:
    async def main() -> object:
        return await interruptible(work(), itself, on)

    return asyncio.run(main())


async def forever() -> None:
    await asyncio.get_running_loop().create_future()


def test_what_never_waits_is_never_guarded() -> None:
    async def work() -> int:
        return 7

    guard = Recorded()
    assert run(work, guard) == 7
    assert guard.seen == []


def test_what_waits_is_guarded_once_and_stays_in_its_task() -> None:
    async def work() -> object:
        before = asyncio.current_task()
        await asyncio.sleep(0)
        await asyncio.wait_for(asyncio.sleep(0, "slept"), 60)
        assert asyncio.current_task() is before
        return await asyncio.sleep(0, "done")

    guard = Recorded()
    assert run(work, guard) == "done"
    assert guard.seen == ["armed", "disarmed"]


@pytest.mark.parametrize("waits", [False, True])
def test_what_the_work_raises_is_raised(waits: bool) -> None:
    async def work() -> None:
        if waits:
            await asyncio.sleep(0)
        raise ValueError("no")

    guard = Recorded()
    with pytest.raises(ValueError, match="no"):
        run(work, guard)
    assert guard.seen == (["armed", "disarmed"] if waits else [])


def test_an_interruption_cancels_the_work() -> None:
    seen: list[str] = []

    async def work() -> None:
        try:
            await forever()
        except asyncio.CancelledError:
            seen.append("cancelled")
            await asyncio.sleep(0)
            seen.append("cleaned up")
            raise

    with pytest.raises(Ended):
        run(work, Recorded(soon=True))
    assert seen == ["cancelled", "cleaned up"]


def test_the_task_goes_on_after_an_interruption() -> None:
    async def main() -> int:
        with pytest.raises(Ended):
            await interruptible(forever(), itself, Recorded(soon=True))
        await asyncio.sleep(0)
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling()

    assert asyncio.run(main()) == 0


def test_work_that_ends_well_all_the_same_has_its_result() -> None:
    async def work() -> str:
        try:
            await forever()
        except asyncio.CancelledError:
            return "saved"
        raise AssertionError

    assert run(work, Recorded(soon=True)) == "saved"


def test_of_nested_interruptions_the_one_that_came_ends_its_own_block() -> None:
    inner, outer = Recorded(), Recorded(soon=True)

    async def nested() -> object:
        return await interruptible(forever(), itself, inner)

    with pytest.raises(Ended):
        run(nested, outer)
    assert inner.seen == outer.seen == ["armed", "disarmed"]

    caught: list[str] = []

    async def catching() -> None:
        try:
            await interruptible(forever(), itself, Recorded(soon=True))
        except Ended:
            caught.append("inner")

    run(catching, Recorded())
    assert caught == ["inner"]


def test_a_cancellation_from_elsewhere_goes_on() -> None:
    async def main() -> None:
        task = asyncio.ensure_future(work())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert guard.seen == ["armed", "disarmed"]

    guard = Recorded()

    async def work() -> None:
        await interruptible(forever(), itself, guard)

    asyncio.run(main())


def test_a_cancellation_from_elsewhere_counts_beside_an_interruption() -> None:
    async def main() -> None:
        guard = Recorded()

        async def work() -> None:
            await interruptible(forever(), itself, guard)

        task = asyncio.ensure_future(work())
        await asyncio.sleep(0)
        task.cancel()
        guard.interrupt()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_work_that_is_dropped_while_it_waits_is_closed() -> None:
    seen: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(0)
        finally:
            seen.append("closed")

    async def main() -> None:
        async def waiting() -> None:
            await interruptible(work(), itself, guard)

        dropped = waiting()
        dropped.send(None)
        dropped.close()

    guard = Recorded()
    asyncio.run(main())
    assert seen == ["closed"]
    assert guard.seen == ["armed", "disarmed"]
