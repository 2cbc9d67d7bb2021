"""What every store of idempotency keys does: one table of tests for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

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
from tests.runtime.idempotency.patience import within_a_minute

KEY = Key(principal="ada", method="user.UserService.createUser", text="k-1")
DIGEST = b"\x00" * 32
OTHER = b"\x01" * 32
OTHER_KEYS = [
    Key(principal="bo", method=KEY.method, text=KEY.text),
    Key(principal=KEY.principal, method="user.UserService.deleteUser", text=KEY.text),
    Key(principal=KEY.principal, method=KEY.method, text="k-2"),
]


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Fixture:
    """A store, its clock, and how long it keeps answers: 100 s."""

    def __init__(self, store: KeyStore, clock: Clock) -> None:
        self.store = store
        self.clock = clock


@pytest.fixture(params=["memory", "sqlite"])
def fixture(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fixture]:
    clock = Clock()
    if request.param == "memory":
        yield Fixture(MemoryKeys(keep=100, clock=clock), clock)
        return
    with SqliteKeys(tmp_path / "keys.db", keep=100, clock=clock) as store:
        yield Fixture(store, clock)


async def claimed(store: KeyStore, key: Key = KEY, digest: bytes = DIGEST) -> Claim:
    found = await store.claim(key, digest)
    assert isinstance(found, Claim)
    return found


def test_stores_are_what_the_protocol_asks(fixture: Fixture) -> None:
    assert isinstance(fixture.store, KeyStore)
    assert fixture.store.transactional is False


def test_a_key_is_claimed_once_and_then_has_its_answer(fixture: Fixture) -> None:
    async def main() -> None:
        store = fixture.store
        claim = await claimed(store)
        assert claim.key == KEY
        assert not claim.is_repeated
        assert await store.claim(KEY, DIGEST) == Held()
        assert await store.keep(claim, b"1")
        assert await store.claim(KEY, DIGEST) == Kept(b"1")
        assert await store.claim(KEY, DIGEST) == Kept(b"1")

    within_a_minute(main())


def test_other_params_under_a_key_are_told_apart_in_every_state(
    fixture: Fixture,
) -> None:
    async def main() -> None:
        store = fixture.store
        claim = await claimed(store)
        assert await store.claim(KEY, OTHER) == OtherParams()
        await store.abandon(claim)
        assert await store.claim(KEY, OTHER) == OtherParams()
        assert await store.keep(await claimed(store), b"1")
        assert await store.claim(KEY, OTHER) == OtherParams()
        assert await store.claim(KEY, DIGEST) == Kept(b"1")

    within_a_minute(main())


@pytest.mark.parametrize("other", OTHER_KEYS, ids=["principal", "method", "key"])
def test_a_key_counts_for_one_caller_and_one_method(
    fixture: Fixture, other: Key
) -> None:
    async def main() -> None:
        assert await fixture.store.keep(await claimed(fixture.store), b"1")
        mine = await claimed(fixture.store, other, OTHER)
        assert await fixture.store.keep(mine, b"2")
        assert await fixture.store.claim(KEY, DIGEST) == Kept(b"1")
        assert await fixture.store.claim(other, OTHER) == Kept(b"2")

    within_a_minute(main())


def test_what_was_released_was_never_there(fixture: Fixture) -> None:
    async def main() -> None:
        await fixture.store.release(await claimed(fixture.store))
        again = await claimed(fixture.store, digest=OTHER)
        assert not again.is_repeated

    within_a_minute(main())


def test_what_was_abandoned_is_repeated(fixture: Fixture) -> None:
    async def main() -> None:
        await fixture.store.abandon(await claimed(fixture.store))
        again = await claimed(fixture.store)
        assert again.is_repeated
        await fixture.store.abandon(again)
        assert (await claimed(fixture.store)).is_repeated

    within_a_minute(main())


Ending = Callable[[KeyStore, Claim], Any]
ENDINGS: dict[str, Ending] = {
    "keep": lambda store, claim: store.keep(claim, b"late"),
    "release": lambda store, claim: store.release(claim),
    "abandon": lambda store, claim: store.abandon(claim),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_a_claim_that_has_ended_changes_nothing(
    fixture: Fixture, ending: Ending
) -> None:
    async def main() -> None:
        store = fixture.store
        first = await claimed(store)
        await store.abandon(first)
        second = await claimed(store)
        assert second.token != first.token
        assert not await ending(store, first)
        assert await store.claim(KEY, DIGEST) == Held()
        assert await store.keep(second, b"2")
        assert not await ending(store, first)
        assert not await ending(store, second)
        assert await store.claim(KEY, DIGEST) == Kept(b"2")

    within_a_minute(main())


def test_answers_are_kept_for_their_time(fixture: Fixture) -> None:
    async def main() -> None:
        assert await fixture.store.keep(await claimed(fixture.store), b"1")
        fixture.clock.now += 99
        assert await fixture.store.claim(KEY, DIGEST) == Kept(b"1")
        fixture.clock.now += 1
        again = await claimed(fixture.store, digest=OTHER)
        assert not again.is_repeated

    within_a_minute(main())


def test_of_many_who_claim_at_once_one_has_it(fixture: Fixture) -> None:
    async def main() -> list[object]:
        calls = (fixture.store.claim(KEY, DIGEST) for _ in range(20))
        return await asyncio.gather(*calls)

    found = within_a_minute(main())
    assert sum(isinstance(it, Claim) for it in found) == 1
    assert sum(it == Held() for it in found) == 19


def test_a_store_serves_many_loops_in_turn(fixture: Fixture) -> None:
    claim = asyncio.run(claimed(fixture.store))
    assert asyncio.run(fixture.store.keep(claim, b"1"))
    assert asyncio.run(fixture.store.claim(KEY, DIGEST)) == Kept(b"1")


def test_a_call_that_is_cancelled_leaves_no_claim(fixture: Fixture) -> None:
    async def main() -> None:
        for turns in range(6):
            claiming = asyncio.ensure_future(fixture.store.claim(KEY, DIGEST))
            for _ in range(turns):
                await asyncio.sleep(0)
            claiming.cancel()
            await asyncio.wait([claiming])
            if not claiming.cancelled():
                made = claiming.result()
                assert isinstance(made, Claim)
                await fixture.store.release(made)
            found = await fixture.store.claim(KEY, DIGEST)
            while found == Held():
                found = await fixture.store.claim(KEY, DIGEST)
            assert isinstance(found, Claim)
            assert not found.is_repeated
            await fixture.store.release(found)

    within_a_minute(main())
