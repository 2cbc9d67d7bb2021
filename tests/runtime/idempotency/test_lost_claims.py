"""Stores that fail, and claims that others took meanwhile."""

from __future__ import annotations

import json

import pytest

from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.idempotency.keys import (
    Claim,
    Held,
    Kept,
    Key,
    OtherParams,
    current_claim,
)
from idlgen.runtime.server.idempotency.memory import MemoryKeys
from tests.runtime.idempotency.keyed_calls import Doing, call, create, update
from tests.runtime.idempotency.patience import within_a_minute


class Broken(MemoryKeys):
    """Fails at one of its methods."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at

    async def claim(self, key: Key, digest: bytes) -> Claim | Kept | Held | OtherParams:
        if self.at == "claim":
            raise OSError("no disk")
        return await super().claim(key, digest)

    async def keep(self, claim: Claim, answer: bytes) -> bool:
        if self.at == "keep":
            await self.abandon(claim)
            raise OSError("no disk")
        return await super().keep(claim, answer)


@pytest.mark.parametrize(("at", "runs"), [("claim", 0), ("keep", 1)])
def test_a_store_that_is_out_of_reach(
    at: str, runs: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        service = Doing()
        store = Broken(at)
        dispatcher = Dispatcher(service, idempotency=store)
        assert await call(dispatcher, *update) == "unavailable"
        assert service.runs == runs
        assert "no disk" in caplog.text
        store.at = "nowhere"
        assert await call(dispatcher, *update) == f"run {runs + 1}"

    within_a_minute(main())


def test_whoever_lost_its_claim_answers_as_the_one_who_took_it() -> None:
    async def main() -> None:
        store = MemoryKeys()
        digests: list[bytes] = []

        class Spying(MemoryKeys):
            async def claim(
                self, key: Key, digest: bytes
            ) -> Claim | Kept | Held | OtherParams:
                digests.append(digest)
                return await store.claim(key, digest)

            keep = store.keep
            abandon = store.abandon

        async def lose() -> None:
            mine = current_claim()
            assert mine is not None
            await store.abandon(mine)
            taken = await store.claim(mine.key, digests[0])
            assert isinstance(taken, Claim)
            answer = json.dumps({"result": {"name": "the other"}}).encode()
            assert await store.keep(taken, answer)

        service = Doing(lose)
        dispatcher = Dispatcher(service, idempotency=Spying())
        assert await call(dispatcher, *create) == "the other"
        assert service.runs == 1

    within_a_minute(main())
