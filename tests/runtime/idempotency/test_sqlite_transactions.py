"""What handlers write through the store in SQLite, beside answers and without."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from idlgen.runtime.server.idempotency.keys import Claim, Held, Kept, claimed
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.idempotency.patience import PATIENCE, within_a_minute
from tests.runtime.idempotency.sqlite_notes import (
    DIGEST,
    both,
    claim_of,
    key,
    note,
    note_in_thread,
    notes,
    write,
)


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
