"""What the store in SQLite does beyond others: transactions, leases, many processes."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from idlgen.runtime.server.idempotency.keys import (
    Claim,
    ClaimLost,
    Held,
    Kept,
    Key,
    claimed,
)
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.idempotency.patience import PATIENCE, within_a_minute

DIGEST = b"\x00" * 32


def key(text: str = "k") -> Key:
    return Key(principal="", method="user.UserService.createUser", text=text)


async def claim_of(keys: SqliteKeys, text: str = "k") -> Claim:
    found = await keys.claim(key(text), DIGEST)
    assert isinstance(found, Claim)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE notes (text TEXT)")
        db.commit()
    return path


@pytest.fixture
def keys(path: Path) -> Iterator[SqliteKeys]:
    with SqliteKeys(path) as keys:
        yield keys


def notes(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [text for (text,) in db.execute("SELECT text FROM notes ORDER BY text")]


async def note(keys: SqliteKeys, text: str) -> None:
    async with keys.transaction() as db:
        db.execute("INSERT INTO notes VALUES (?)", [text])


def note_in_thread(keys: SqliteKeys, text: str) -> None:
    with keys.transaction() as db:
        db.execute("INSERT INTO notes VALUES (?)", [text])


async def write(keys: SqliteKeys, text: str, how: str) -> None:
    if how == "async":
        await note(keys, text)
    else:
        await asyncio.to_thread(note_in_thread, keys, text)


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.002)


both = pytest.mark.parametrize("how", ["async", "thread"])


@both
def test_what_a_handler_writes_is_there_with_the_answer(
    path: Path, keys: SqliteKeys, how: str
) -> None:
    async def main() -> None:
        claim = await claim_of(keys)
        with claimed(claim):
            await write(keys, "a", how)
            await write(keys, "b", how)
        assert notes(path) == []
        assert await keys.keep(claim, b"1")
        assert notes(path) == ["a", "b"]
        assert await keys.claim(claim.key, DIGEST) == Kept(b"1")

    within_a_minute(main())


@both
@pytest.mark.parametrize("ending", ["release", "abandon"])
def test_without_an_answer_nothing_was_written(
    path: Path, keys: SqliteKeys, how: str, ending: str
) -> None:
    async def main() -> None:
        claim = await claim_of(keys)
        with claimed(claim):
            await write(keys, "a", how)
        await getattr(keys, ending)(claim)
        assert notes(path) == []
        again = await claim_of(keys)
        assert again.is_repeated is (ending == "abandon")
        with claimed(again):
            await write(keys, "b", how)
        assert await keys.keep(again, b"2")
        assert notes(path) == ["b"]

    within_a_minute(main())


@both
@pytest.mark.parametrize("is_keyed", [True, False], ids=["keyed", "unkeyed"])
def test_a_block_that_raises_is_undone_and_no_other(
    path: Path, keys: SqliteKeys, how: str, is_keyed: bool
) -> None:
    def fail_in_thread() -> None:
        with keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('undone')")
            raise LookupError

    async def fail() -> None:
        async with keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('undone')")
            raise LookupError

    async def handle() -> None:
        await write(keys, "a", how)
        with pytest.raises(LookupError):
            await (fail() if how == "async" else asyncio.to_thread(fail_in_thread))
        await write(keys, "b", how)

    async def main() -> None:
        if not is_keyed:
            await handle()
            return
        claim = await claim_of(keys)
        with claimed(claim):
            await handle()
        assert await keys.keep(claim, b"1")

    within_a_minute(main())
    assert notes(path) == ["a", "b"]


@both
def test_without_a_key_each_block_is_committed_at_its_end(
    path: Path, keys: SqliteKeys, how: str
) -> None:
    async def main() -> None:
        await write(keys, "a", how)
        assert notes(path) == ["a"]
        await write(keys, "b", how)
        assert notes(path) == ["a", "b"]

    within_a_minute(main())


def test_a_claim_of_another_store_does_not_matter(path: Path, keys: SqliteKeys) -> None:
    async def main() -> None:
        with claimed(Claim(key=key(), token="1")):
            await note(keys, "a")

    within_a_minute(main())
    assert notes(path) == ["a"]


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


def test_misuse_is_told(path: Path, keys: SqliteKeys) -> None:
    async def nested() -> None:
        async with keys.transaction():
            await note(keys, "b")

    async def on_loop() -> None:
        note_in_thread(keys, "b")

    async def main() -> None:
        with pytest.raises(RuntimeError, match="write `async with`"):
            await on_loop()
        claim = await claim_of(keys)
        with claimed(claim):
            with pytest.raises(RuntimeError, match="use its connection"):
                await nested()
            await note(keys, "a")
        assert await keys.keep(claim, b"1")

    within_a_minute(main())
    assert notes(path) == ["a"]


@pytest.mark.parametrize("is_keyed", [True, False], ids=["keyed", "unkeyed"])
@pytest.mark.parametrize("statement", ["commit", "executescript", "with"])
def test_a_transaction_that_is_ended_inside_is_refused(
    keys: SqliteKeys, is_keyed: bool, statement: str
) -> None:
    async def commit() -> None:
        async with keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('a')")
            if statement == "commit":
                db.commit()
            elif statement == "executescript":
                db.executescript("CREATE TABLE more (text TEXT)")
            else:
                with db:
                    db.execute("INSERT INTO notes VALUES ('b')")

    async def main() -> None:
        if not is_keyed:
            with pytest.raises(RuntimeError, match="ended inside its block"):
                await commit()
        else:
            claim = await claim_of(keys)
            with (
                claimed(claim),
                pytest.raises(RuntimeError, match="ended inside its block"),
            ):
                await commit()
            with pytest.raises(RuntimeError, match="ended inside its block"):
                await keys.keep(claim, b"1")
            assert (await claim_of(keys)).is_repeated
        await asyncio.wait_for(note(keys, "c"), PATIENCE)

    within_a_minute(main())


def test_what_a_handler_sets_on_the_connection_is_its_own(keys: SqliteKeys) -> None:
    async def main() -> None:
        async with keys.transaction() as db:
            db.row_factory = lambda cursor, row: {"text": row[0]}
        claim = await claim_of(keys)
        assert await keys.claim(claim.key, DIGEST) == Held()

    within_a_minute(main())


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


def test_a_handler_that_returns_inside_its_transaction_has_no_answer(
    path: Path, keys: SqliteKeys
) -> None:
    async def main() -> None:
        claim = await claim_of(keys)
        with claimed(claim):
            transaction = keys.transaction()
            db = await transaction.__aenter__()
        db.execute("INSERT INTO notes VALUES ('half')")
        with pytest.raises(RuntimeError, match="still in its transaction"):
            await keys.keep(claim, b"1")
        await transaction.__aexit__(None, None, None)
        assert (await claim_of(keys)).is_repeated

    within_a_minute(main())
    assert notes(path) == []


LEASE = 10_000
"""Seconds; threads that renew leases go by real ones, and have nothing to do so soon."""


class Clock:
    """Unix time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


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


WORKER = """
import asyncio, sys
from idlgen.runtime.server.idempotency.keys import Claim, Held, Kept, Key, claimed
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys

def write(keys, text):
    with keys.transaction() as db:
        db.execute("INSERT INTO notes VALUES (?)", [text])

async def call(keys, text, in_thread):
    key = Key(principal="", method="m", text=text)
    while True:
        found = await keys.claim(key, bytes(32))
        if isinstance(found, Kept):
            return
        if found == Held():
            await asyncio.sleep(0.001)
            continue
        with claimed(found):
            if in_thread:
                await asyncio.to_thread(write, keys, text)
            else:
                async with keys.transaction() as db:
                    db.execute("INSERT INTO notes VALUES (?)", [text])
        assert await keys.keep(found, b"1")

async def main():
    with SqliteKeys(sys.argv[1]) as keys:
        await asyncio.gather(*(call(keys, str(n), n % 2) for n in range(30)))

asyncio.run(main())
"""

VICTIM = """
import asyncio, sys
from idlgen.runtime.server.idempotency.keys import Key, claimed
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys

async def main():
    keys = SqliteKeys(sys.argv[1], lease=0.1)
    claim = await keys.claim(
        Key(principal="", method="user.UserService.createUser", text="k"), bytes(32)
    )
    with claimed(claim):
        async with keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('victim')")
    print("written", flush=True)
    await asyncio.Future()

asyncio.run(main())
"""


def test_many_processes_do_each_thing_once(path: Path, root: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(path)]
    workers = [subprocess.Popen(command, cwd=root) for _ in range(3)]
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0, 0]
    assert notes(path) == sorted(str(number) for number in range(30))


def test_what_a_killed_process_wrote_is_undone_and_its_claim_taken(
    path: Path, root: Path
) -> None:
    command = [sys.executable, "-c", VICTIM, str(path)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == b"written\n"
        victim.send_signal(signal.SIGKILL)

    async def main(keys: SqliteKeys) -> None:
        ends = time.monotonic() + PATIENCE
        while (found := await keys.claim(key(), DIGEST)) == Held():
            assert time.monotonic() < ends
            await asyncio.sleep(0.01)
        assert isinstance(found, Claim)
        assert found.is_repeated
        with claimed(found):
            await note(keys, "heir")
        assert await keys.keep(found, b"1")

    with SqliteKeys(path) as keys:
        within_a_minute(main(keys))
    assert notes(path) == ["heir"]
