"""Many processes at one database in SQLite, and one that is killed."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

from idlgen.runtime.server.idempotency.keys import Claim, Held, claimed
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.idempotency.patience import PATIENCE, within_a_minute
from tests.runtime.idempotency.sqlite_notes import DIGEST, key, note, notes

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
