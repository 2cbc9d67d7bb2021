"""Those who write into one database in SQLite: one at a time, and none who is not waited for."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from idlgen.runtime.server.idempotency.keys import Claim, ClaimLost, claimed
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.idempotency.patience import PATIENCE, within_a_minute
from tests.runtime.idempotency.sqlite_notes import (
    claim_of,
    note,
    note_in_thread,
    notes,
    until,
)


def test_who_waits_to_write_stops_no_event_loop(path: Path, keys: SqliteKeys) -> None:
    async def main() -> None:
        first = await claim_of(keys)
        with claimed(first):
            await note(keys, "a")
        waiting = [
            asyncio.ensure_future(claim_of(keys, "k2")),
            asyncio.ensure_future(note(keys, "b")),
            asyncio.ensure_future(asyncio.to_thread(note_in_thread, keys, "c")),
        ]
        # That this ends is the test: who has the turn gets on while all others wait.
        done, _ = await asyncio.wait(waiting, timeout=0.05)
        assert not done
        assert await keys.keep(first, b"1")
        await asyncio.gather(*waiting)

    within_a_minute(main())
    assert notes(path) == ["a", "b", "c"]


def test_who_gives_up_waiting_leaves_the_turn_to_others(
    path: Path, keys: SqliteKeys
) -> None:
    async def main() -> None:
        for turns in range(8):
            writing = asyncio.ensure_future(note(keys, f"maybe {turns}"))
            for _ in range(turns):
                await asyncio.sleep(0)
            writing.cancel()
            await asyncio.wait([writing])
            await asyncio.wait_for(note(keys, f"sure {turns}"), PATIENCE)

    within_a_minute(main())
    assert [it for it in notes(path) if "sure" in it] == [
        f"sure {turns}" for turns in range(8)
    ]


class Threaded:
    """A handler in a thread that stops inside its block until it is told to go on."""

    def __init__(self, keys: SqliteKeys, claim: Claim) -> None:
        self.inside = threading.Event()
        self.go_on = threading.Event()
        self.errors: list[BaseException] = []
        self._keys = keys
        self._claim = claim

    def run(self) -> None:
        try:
            with claimed(self._claim):
                with self._keys.transaction() as db:
                    db.execute("INSERT INTO notes VALUES ('late')")
                    self.inside.set()
                    assert self.go_on.wait(PATIENCE)
                note_in_thread(self._keys, "later")
        except BaseException as error:
            self.errors.append(error)


@pytest.mark.parametrize("ending", ["release", "abandon"])
def test_a_thread_that_outlives_its_call_writes_nothing(
    path: Path, keys: SqliteKeys, ending: str
) -> None:
    async def main() -> None:
        handler = Threaded(keys, await claim_of(keys))
        running = asyncio.ensure_future(asyncio.to_thread(handler.run))
        await asyncio.to_thread(handler.inside.wait, PATIENCE)
        # Nobody waits for the thread: the caller is answered at once.
        await asyncio.wait_for(getattr(keys, ending)(handler._claim), PATIENCE)
        again = asyncio.ensure_future(claim_of(keys))
        await asyncio.sleep(0)
        handler.go_on.set()
        await running
        assert [type(error) for error in handler.errors] == [ClaimLost]
        found = await again
        with claimed(found):
            await note(keys, "again")
        assert await keys.keep(found, b"1")

    within_a_minute(main())
    assert notes(path) == ["again"]


def test_a_call_that_is_given_up_while_its_thread_waits_to_write(
    path: Path, keys: SqliteKeys
) -> None:
    async def main() -> None:
        holder, waiter = await claim_of(keys, "k1"), await claim_of(keys, "k2")
        with claimed(holder):
            await note(keys, "held")
        handler = Threaded(keys, waiter)
        handler.go_on.set()
        running = asyncio.ensure_future(asyncio.to_thread(handler.run))
        await asyncio.to_thread(until, lambda: bool(keys._turns._waiting))
        await keys.abandon(waiter)
        assert await keys.keep(holder, b"1")
        await running
        assert [type(error) for error in handler.errors] == [ClaimLost]
        assert not handler.inside.is_set()
        assert (await claim_of(keys, "k2")).is_repeated

    within_a_minute(main())
    assert notes(path) == ["held"]
