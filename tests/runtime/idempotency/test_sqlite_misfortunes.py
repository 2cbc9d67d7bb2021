"""What befalls the store in SQLite: full disks, forks, handlers that end what is not theirs."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from idlgen.runtime.server.idempotency import sqlite_rows
from idlgen.runtime.server.idempotency.keys import Held, Kept, claimed
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
)

# --- handlers that end what is not theirs --------------------------------------


def close(db: sqlite3.Connection) -> None:
    db.close()


def begin_another(db: sqlite3.Connection) -> None:
    db.rollback()
    db.execute("BEGIN")
    db.execute("INSERT INTO notes VALUES ('another')")


def forget_the_block(db: sqlite3.Connection) -> None:
    db.execute("RELEASE idlgen_block")


@pytest.mark.parametrize("is_keyed", [True, False], ids=["keyed", "unkeyed"])
@pytest.mark.parametrize("misuse", [close, begin_another, forget_the_block])
def test_others_go_on_after_a_handler_that_spoilt_its_transaction(
    path: Path,
    keys: SqliteKeys,
    misuse: Callable[[sqlite3.Connection], None],
    is_keyed: bool,
) -> None:
    async def handle() -> None:
        async with keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('spoilt')")
            misuse(db)

    async def main() -> None:
        if is_keyed:
            claim = await claim_of(keys)
            with claimed(claim), pytest.raises(RuntimeError, match="ended inside"):
                await handle()
            with pytest.raises(RuntimeError, match="ended inside"):
                await keys.keep(claim, b"1")
            assert (await claim_of(keys)).is_repeated
        else:
            with pytest.raises(RuntimeError, match="ended inside"):
                await handle()
        await note(keys, "after")

    within_a_minute(main())
    assert notes(path) == ["after"]


def test_a_block_that_raises_after_it_closed_the_connection_raises_what_it_raised(
    path: Path, keys: SqliteKeys
) -> None:
    async def handle() -> None:
        async with keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('spoilt')")
            db.close()
            raise ValueError("boom")

    async def main() -> None:
        claim = await claim_of(keys)
        with claimed(claim), pytest.raises(ValueError, match="boom"):
            await handle()
        await keys.abandon(claim)
        await note(keys, "after")

    within_a_minute(main())
    assert notes(path) == ["after"]


def test_a_store_that_was_closed_says_so_each_time(keys: SqliteKeys) -> None:
    async def main() -> None:
        keys.close()
        for _ in range(2):
            with pytest.raises(RuntimeError, match="shutdown"):
                await keys.claim(key(), DIGEST)

    within_a_minute(main())


# --- old keys ------------------------------------------------------------------


def kept(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT count(*) FROM idlgen_idempotency_keys").fetchone()
    return int(found[0])


def test_many_old_keys_are_removed_a_few_at_a_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_rows, "AT_ONCE", 4)
    clock = Clock()
    left: list[int] = []

    async def add(keys: SqliteKeys, text: str) -> None:
        await keys.keep(await claim_of(keys, text), b"1")

    async def main(keys: SqliteKeys) -> None:
        for number in range(10):
            await add(keys, f"old {number}")
        clock.now += 200
        for number in range(4):
            await add(keys, f"new {number}")
            left.append(kept(path))

    with SqliteKeys(path, keep=100, clock=clock) as keys:
        within_a_minute(main(keys))
    assert left == [7, 4, 3, 4]


def test_old_keys_are_removed_after_time_went_back(path: Path) -> None:
    clock = Clock()

    async def add(keys: SqliteKeys, text: str) -> None:
        await keys.keep(await claim_of(keys, text), b"1")

    async def main(keys: SqliteKeys) -> None:
        await add(keys, "of tomorrow")
        clock.now -= 100_000
        await add(keys, "old")
        clock.now += 200
        await add(keys, "new")

    with SqliteKeys(path, keep=100, clock=clock) as keys:
        within_a_minute(main(keys))
    assert kept(path) == 2


# --- processes -----------------------------------------------------------------

IMPORTS = """
import asyncio, os, resource, sqlite3, sys
from idlgen.runtime.server.idempotency.keys import Claim, Held, Key
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys

def key(text):
    return Key(principal="", method="notes.Notes.add", text=text)

async def taken(keys, text):
    while (found := await keys.claim(key(text), bytes(32))) == Held():
        await asyncio.sleep(0.01)
    return found
"""

FULL_DISK = """
async def main():
    with SqliteKeys(sys.argv[1], lease=0.2) as keys:
        claim = await keys.claim(key("k"), bytes(32))
        # The process lives, and has other claims to renew.
        await keys.claim(key("of another call"), bytes(32))
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
        try:
            await keys.keep(claim, b"1")
        except sqlite3.OperationalError:
            print("full")
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        found = await taken(keys, "k")
        print(type(found).__name__, found.is_repeated)

asyncio.run(main())
"""

FORKS = """
keys = SqliteKeys(sys.argv[1], lease=0.2)

async def claim_and_die():
    await keys.claim(key("of the dead"), bytes(32))
    os._exit(0)

async def main():
    await keys.claim(key("of the living"), bytes(32))
    found = await taken(keys, "of the dead")
    print(type(found).__name__, found.is_repeated)

dying = os.fork()
if not dying:
    asyncio.run(claim_and_die())
os.waitpid(dying, 0)
asyncio.run(main())
keys.close()
"""


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        (FULL_DISK, ["full", "Claim True"]),
        (FORKS, ["Claim True"]),
    ],
    ids=["full disk", "fork"],
)
def test_a_claim_that_nobody_can_end_runs_out_though_its_process_lives(
    path: Path, root: Path, program: str, printed: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS + program, str(path)],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.stdout.splitlines(), done.returncode) == (printed, 0), done.stderr


def test_forked_processes_make_claims_of_their_own(path: Path) -> None:
    """Tokens that are counted would be equal in both, and so would their claims."""

    async def main(one: SqliteKeys, other: SqliteKeys) -> None:
        lost = await claim_of(one)
        clock.now += 2 * LEASE
        taken = await claim_of(other)
        assert taken.is_repeated
        assert not await one.keep(lost, b"lost")
        assert await other.claim(key(), DIGEST) == Held()
        assert await other.keep(taken, b"taken")
        assert await one.claim(key(), DIGEST) == Kept(b"taken")

    clock = Clock()
    with (
        SqliteKeys(path, lease=LEASE, clock=clock) as one,
        SqliteKeys(path, lease=LEASE, clock=clock) as other,
    ):
        other._name = one._name
        within_a_minute(main(one, other))
