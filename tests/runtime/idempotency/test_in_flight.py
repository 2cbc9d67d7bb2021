"""Calls that share a key at the same moment: in a batch, and where the first is given up."""

from __future__ import annotations

import asyncio

import pytest

from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.idempotency.keys import KeyStore
from tests.runtime.idempotency.keyed_calls import (
    Doing,
    call,
    create,
    request_of,
    send,
    update,
    writes,
)
from tests.runtime.idempotency.patience import within_a_minute


class Waiting(Doing):
    """Its first run waits until it is let go."""

    def __init__(self) -> None:
        super().__init__(self._wait)
        self.has_begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def _wait(self) -> None:
        self.has_begun.set()
        if self.runs == 1:
            await self.go_on.wait()


@pytest.mark.parametrize(
    ("write", "after", "runs"), [(create, "aborted", 1), (update, "run 2", 2)]
)
def test_who_waits_for_a_call_that_is_given_up_takes_its_place(
    store: KeyStore, write: tuple[str, object], after: str, runs: int
) -> None:
    async def main() -> None:
        service = Waiting()
        dispatcher = Dispatcher(service, idempotency=store)
        first = asyncio.ensure_future(call(dispatcher, *write))
        await service.has_begun.wait()
        others = [asyncio.ensure_future(call(dispatcher, *write)) for _ in range(3)]
        await asyncio.sleep(0)
        first.cancel()
        # Whether the first one was carried out, nobody knows.
        assert await asyncio.gather(*others) == [after] * 3
        assert first.cancelled()
        assert service.runs == runs

    within_a_minute(main())


@writes
@pytest.mark.parametrize("at_a_time", [1, 16])
def test_calls_of_a_batch_with_one_key_have_one_run(
    store: KeyStore, write: tuple[str, object], at_a_time: int
) -> None:
    async def main() -> None:
        service = Waiting()
        dispatcher = Dispatcher(service, idempotency=store, batch_concurrency=at_a_time)
        batch = [{**request_of(*write, "k"), "id": id} for id in range(3)]
        sending = asyncio.ensure_future(send(dispatcher, batch))
        await service.has_begun.wait()
        service.go_on.set()
        answers = await sending
        assert [each["result"]["name"] for each in answers] == ["run 1"] * 3
        assert sorted(each["id"] for each in answers) == [0, 1, 2]
        assert service.runs == 1

    within_a_minute(main())
