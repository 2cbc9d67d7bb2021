"""What the store in SQLite keeps, and for how long: leases, claims and old keys."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from idlgen.runtime.server.idempotency.keys import Claim, ClaimLost, Held, Kept, claimed
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.idempotency.patience import PATIENCE, within_a_minute
from tests.runtime.idempotency.sqlite_notes import (
    DIGEST,
    LEASE,
    Clock,
    claim_of,
    key,
    note,
    notes,
    until,
)


def test_the_lease_of_a_dead_process_runs_out(path: Path) -> None:
    clock = Clock()

    async def main(dead: SqliteKeys, living: SqliteKeys) -> None:
        lost = await claim_of(dead)
        clock.now += LEASE - 0.1
        assert await living.claim(key(), DIGEST) == Held()
        clock.now += 0.1
        taken = await claim_of(living)
        assert taken.is_repeated
        with claimed(lost), pytest.raises(ClaimLost):
            await note(dead, "lost")
        assert not await dead.keep(lost, b"lost")
        with claimed(taken):
            await note(living, "taken")
        assert await living.keep(taken, b"taken")
        assert await dead.claim(key(), DIGEST) == Kept(b"taken")

    # A thread that renewed the lease here would make the dead one alive.
    with (
        SqliteKeys(path, lease=LEASE, clock=clock) as living,
        SqliteKeys(path, lease=LEASE, clock=clock) as dead,
    ):
        within_a_minute(main(dead, living))
    assert notes(path) == ["taken"]


def test_whoever_writes_cannot_lose_its_claim(path: Path) -> None:
    """From the beginning of its transaction on, nobody else can write a claim."""
    clock = Clock()

    async def main(one: SqliteKeys, other: SqliteKeys) -> None:
        claim = await claim_of(one)
        with claimed(claim):
            await note(one, "a")
        clock.now += 10 * LEASE
        taking = asyncio.ensure_future(other.claim(key(), DIGEST))
        done, _ = await asyncio.wait([taking], timeout=0.05)
        assert not done
        assert await one.keep(claim, b"1")
        assert await taking == Kept(b"1")

    with (
        SqliteKeys(path, lease=LEASE, clock=clock) as one,
        SqliteKeys(path, lease=LEASE, clock=clock) as other,
    ):
        within_a_minute(main(one, other))


def test_leases_are_renewed_while_their_handlers_run(path: Path) -> None:
    clock = Clock()

    def leases() -> list[float]:
        with closing(sqlite3.connect(path)) as db:
            found = db.execute("SELECT held_until FROM idlgen_idempotency_keys")
            return [until for (until,) in found]

    async def main(keys: SqliteKeys) -> None:
        claim = await claim_of(keys)
        clock.now += 500
        await asyncio.to_thread(until, lambda: leases() == [clock.now + 0.03])
        await keys.release(claim)

    with SqliteKeys(path, lease=0.03, clock=clock) as keys:
        within_a_minute(main(keys))
        renewing = keys._renewing
        if renewing is not None:
            # There is nothing to renew any more.
            renewing.join(PATIENCE)
            assert not renewing.is_alive()


def test_a_store_that_is_closed_renews_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with SqliteKeys(path, lease=0.03) as keys:
        within_a_minute(claim_of(keys))
        renewing = keys._renewing
    assert renewing is not None
    renewing.join(PATIENCE)
    assert not renewing.is_alive()
    assert caplog.text == ""


def test_a_call_that_is_cancelled_while_its_claim_is_written_leaves_none(
    path: Path,
) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def slow() -> float:
        entered.set()
        assert go_on.wait(PATIENCE)
        return time.time()

    async def main(keys: SqliteKeys) -> None:
        claiming = asyncio.ensure_future(keys.claim(key(), DIGEST))
        await asyncio.to_thread(entered.wait, PATIENCE)
        claiming.cancel()
        await asyncio.wait([claiming])
        assert claiming.cancelled()
        go_on.set()
        found = await keys.claim(key(), DIGEST)
        while found == Held():
            found = await keys.claim(key(), DIGEST)
        assert isinstance(found, Claim)
        assert not found.is_repeated
        await keys.release(found)

    with SqliteKeys(path, clock=slow) as keys:
        within_a_minute(main(keys))


def test_old_keys_are_removed(path: Path) -> None:
    clock = Clock()

    async def main(keys: SqliteKeys) -> None:
        for number in range(3):
            await keys.keep(await claim_of(keys, str(number)), b"1")
        clock.now += 200
        await keys.keep(await claim_of(keys, "new"), b"1")

    with SqliteKeys(path, keep=100, clock=clock) as keys:
        within_a_minute(main(keys))
    with closing(sqlite3.connect(path)) as db:
        found = list(db.execute("SELECT key FROM idlgen_idempotency_keys"))
    assert found == [("new",)]


@pytest.mark.parametrize(("keep", "lease"), [(0, 1), (1, 0), (1, float("nan"))])
def test_times_are_above_zero(path: Path, keep: float, lease: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        SqliteKeys(path, keep=keep, lease=lease)


def test_a_database_that_cannot_be_opened_is_told_to_each_call(tmp_path: Path) -> None:
    async def main(keys: SqliteKeys) -> None:
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError):
                await keys.claim(key(), DIGEST)

    with SqliteKeys(tmp_path / "no/such/folder.db") as keys:
        within_a_minute(main(keys))
