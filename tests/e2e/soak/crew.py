"""A process of clients: `python -m tests.e2e.soak.crew KIND URL CLIENTS SEED PAUSE`.

Each of its clients does one thing after another, some of them side by side, and is made
anew now and then. The process does what it is told on its standard input, a word a line:
`go`, `rest` until the next `go`, and `stop`, which ends it. It answers `rest` and `stop`,
and its own beginning, with a `Rested`.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import repeat
from random import Random

from tests.e2e.faults.counting import counts
from tests.e2e.faults.scene import leaks, wait_until
from tests.e2e.soak.async_calls import AsyncCalls
from tests.e2e.soak.log import Log, Rested
from tests.e2e.soak.operations import Draw, Operation
from tests.e2e.soak.sync_calls import SyncCalls

KINDS = ("sync http", "sync ws", "async http", "async ws")
ABREAST = {"sync": 2, "async": 4}
"""How many operations a client does at a time, at most."""
LONGEST_LIFE = 60
"""Rounds; then a client is closed, and another one made."""
FEWEST_ROUNDS = 5
"""Each client does so many, however early it is told to stop."""
AGAIN = 0.05
"""Seconds until an application makes a write again that has a key."""


class Gate:
    """Where clients rest when they are told to."""

    def __init__(self, clients: int) -> None:
        self.is_over = False
        self._clients = clients
        self._resting = 0
        self._until: Future[None] = Future()
        self._is_closed = True
        self._changed = threading.Condition()

    def enter(self) -> Future[None] | None:
        """Return what a client is to wait for, if anything."""
        with self._changed:
            if not self._is_closed:
                return None
            self._resting += 1
            self._changed.notify()
            return self._until

    def close(self) -> None:
        """Wait until all rest."""
        with self._changed:
            self._is_closed = True
            self._changed.wait_for(lambda: self._resting == self._clients)

    def open(self) -> None:
        with self._changed:
            until, self._until = self._until, Future()
            self._is_closed = False
            self._resting = 0
        until.set_result(None)


class Course:
    """What one client will do, whatever comes of it."""

    def __init__(self, caller: str, seed: str, abreast: int, pause: float) -> None:
        self.caller = caller
        self.abreast = abreast
        self.pause = pause
        self._random = Random(f"{seed} {caller}")
        self._draw = Draw(self._random, caller)

    def primer(self) -> list[Operation]:
        """Return one operation of each kind."""
        return self._draw.each()

    def lives(self, gate: Gate) -> Iterator[Iterator[list[Operation]]]:
        """Yield clients' lives, and for each the rounds of what is done side by side."""
        self._rounds = 0
        while not self._is_over(gate):
            yield self._life(gate)

    def breath(self) -> float:
        """Return the seconds until the next round; their mean is `pause`."""
        return min(self._random.expovariate(1 / self.pause), 5 * self.pause)

    def _life(self, gate: Gate) -> Iterator[list[Operation]]:
        for _ in range(self._random.randint(1, LONGEST_LIFE)):
            if self._is_over(gate):
                return
            self._rounds += 1
            number = self._random.randint(1, self.abreast)
            yield [self._draw.operation() for _ in range(number)]

    def _is_over(self, gate: Gate) -> bool:
        return gate.is_over and self._rounds >= FEWEST_ROUNDS


class SyncCrew:
    """Clients in threads."""

    def __init__(self, url: str, log: Log) -> None:
        self._url = url
        self._log = log

    def prime(self, course: Course) -> None:
        """Do a bit of all, so that all is loaded."""
        calls = SyncCalls(self._url, course.caller, self._log)
        for operation in course.primer():
            calls.do(operation)
        calls.close()

    def run(self, courses: Sequence[Course], gate: Gate) -> None:
        with ThreadPoolExecutor(len(courses)) as pool:
            for _ in pool.map(self._run, courses, repeat(gate)):
                pass

    def _run(self, course: Course, gate: Gate) -> None:
        with ThreadPoolExecutor(course.abreast) as pool:
            for life in course.lives(gate):
                calls = SyncCalls(self._url, course.caller, self._log)
                for operations in life:
                    if (until := gate.enter()) is not None:
                        until.result()
                    for _ in pool.map(self._do, repeat(calls), operations):
                        pass
                    time.sleep(course.breath())
                calls.close()

    def _do(self, calls: SyncCalls, operation: Operation) -> None:
        while not calls.do(operation) and operation.is_keyed:
            operation = operation.undisturbed()
            time.sleep(AGAIN)


class AsyncCrew:
    """Clients in tasks of one event loop."""

    def __init__(self, url: str, log: Log) -> None:
        self._url = url
        self._log = log

    def prime(self, course: Course) -> None:
        asyncio.run(self._prime(course))

    def run(self, courses: Sequence[Course], gate: Gate) -> None:
        asyncio.run(self._run_all(courses, gate))

    async def _prime(self, course: Course) -> None:
        calls = AsyncCalls(self._url, course.caller, self._log)
        for operation in course.primer():
            await calls.do(operation)
        await calls.aclose()

    async def _run_all(self, courses: Sequence[Course], gate: Gate) -> None:
        async with asyncio.TaskGroup() as running:
            for course in courses:
                running.create_task(self._run(course, gate))

    async def _run(self, course: Course, gate: Gate) -> None:
        for life in course.lives(gate):
            calls = AsyncCalls(self._url, course.caller, self._log)
            for operations in life:
                if (until := gate.enter()) is not None:
                    await asyncio.wrap_future(until)
                async with asyncio.TaskGroup() as doing:
                    for operation in operations:
                        doing.create_task(self._do(calls, operation))
                await asyncio.sleep(course.breath())
            await calls.aclose()

    async def _do(self, calls: AsyncCalls, operation: Operation) -> None:
        while not await calls.do(operation) and operation.is_keyed:
            operation = operation.undisturbed()
            await asyncio.sleep(AGAIN)


def work(
    crew: SyncCrew | AsyncCrew, courses: Sequence[Course], gate: Gate
) -> threading.Thread:
    """Begin, in a thread; who fails ends the process."""

    def run() -> None:
        try:
            crew.run(courses, gate)
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    working = threading.Thread(target=run)
    working.start()
    return working


def main(kind: str, url: str, clients: str, seed: str, pause: str) -> None:
    log, gate = Log(), Gate(int(clients))
    crew = (SyncCrew if kind.startswith("sync") else AsyncCrew)(url, log)
    abreast = ABREAST[kind.split(maxsplit=1)[0]]
    crew.prime(Course(f"{kind} primer", seed, abreast, float(pause)))
    before = counts()
    log.report(Rested(before, log.tally))
    courses = [
        Course(f"{kind} {number}", seed, abreast, float(pause))
        for number in range(int(clients))
    ]
    working = work(crew, courses, gate)
    for line in sys.stdin:
        match line.strip():
            case "go":
                gate.open()
            case "rest":
                gate.close()
                log.report(Rested(counts(), log.tally))
            case "stop":
                break
    gate.is_over = True
    working.join()
    with suppress(AssertionError):
        wait_until(lambda: not leaks(before, counts()))
    log.report(Rested(counts(), log.tally))


if __name__ == "__main__":
    main(*sys.argv[1:])
