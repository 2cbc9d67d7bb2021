"""Duplicates of a call that is still run: they wait for its answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.idempotency.keys import (
    Claim,
    Held,
    Kept,
    Key,
    KeyStore,
    OtherParams,
)
from idlgen.runtime.server.idempotency.memory import MemoryKeys
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.idempotency.keyed_calls import Doing, call, create, writes
from tests.runtime.idempotency.patience import within_a_minute


@writes
def test_a_duplicate_in_flight_waits_for_the_answer(
    store: KeyStore, write: tuple[str, object]
) -> None:
    async def main() -> None:
        go_on = asyncio.Event()

        async def wait() -> None:
            await go_on.wait()

        service = Doing(wait)
        dispatcher = Dispatcher(service, idempotency=store)
        calls = [asyncio.ensure_future(call(dispatcher, *write)) for _ in range(10)]
        done, _ = await asyncio.wait(calls, timeout=0.05)
        assert not done
        go_on.set()
        assert await asyncio.gather(*calls) == ["run 1"] * 10
        assert service.runs == 1
        assert not dispatcher._answering._once._queues

    within_a_minute(main())


def test_duplicates_that_wait_leave_the_store_alone() -> None:
    class Counting(MemoryKeys):
        claims = 0

        async def claim(
            self, key: Key, digest: bytes
        ) -> Claim | Kept | Held | OtherParams:
            self.claims += 1
            return await super().claim(key, digest)

    async def main() -> None:
        go_on = asyncio.Event()

        async def wait() -> None:
            await go_on.wait()

        store = Counting()
        dispatcher = Dispatcher(Doing(wait), idempotency=store)
        calls = [asyncio.ensure_future(call(dispatcher, *create)) for _ in range(10)]
        await asyncio.wait(calls, timeout=0.05)
        assert store.claims == 1
        go_on.set()
        await asyncio.gather(*calls)
        assert store.claims == 10

    within_a_minute(main())


def test_a_duplicate_in_another_process_waits_too(tmp_path: Path) -> None:
    async def main(one: SqliteKeys, other: SqliteKeys) -> None:
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            entered.set()
            await go_on.wait()

        first = asyncio.ensure_future(
            call(Dispatcher(Doing(wait), idempotency=one), *create)
        )
        await entered.wait()
        elsewhere = Doing()
        second = asyncio.ensure_future(
            call(Dispatcher(elsewhere, idempotency=other), *create)
        )
        done, _ = await asyncio.wait([second], timeout=0.05)
        assert not done
        go_on.set()
        assert await first == "run 1"
        assert await second == "run 1"
        assert elsewhere.runs == 0

    path = tmp_path / "keys.db"
    with SqliteKeys(path) as one, SqliteKeys(path) as other:
        within_a_minute(main(one, other))


@pytest.mark.parametrize("where", ["same", "another process"])
def test_a_duplicate_waits_no_longer_than_it_may(tmp_path: Path, where: str) -> None:
    async def main(one: SqliteKeys, other: SqliteKeys) -> None:
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            entered.set()
            await go_on.wait()

        dispatcher = Dispatcher(Doing(wait), idempotency=one)
        first = asyncio.ensure_future(call(dispatcher, *create))
        await entered.wait()
        if where != "same":
            dispatcher = Dispatcher(Doing(), idempotency=other)
        assert await call(dispatcher, *create, timeout_ms=50) == "deadline_exceeded"
        go_on.set()
        assert await first == "run 1"
        assert await call(dispatcher, *create) == "run 1"

    path = tmp_path / "keys.db"
    with SqliteKeys(path) as one, SqliteKeys(path) as other:
        within_a_minute(main(one, other))
