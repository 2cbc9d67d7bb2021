"""What befalls a whole batch."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from idlgen.runtime import Internal, InvalidArgument, Pending, RpcError, Unavailable
from idlgen.runtime.errors import was_received
from idlgen.runtime.transports import Reply, Request
from tests.runtime.batches import (
    JSON,
    KINDS,
    AsyncTable,
    Outcome,
    SyncTable,
    deleting,
    error_of,
    reply,
)
from tests.runtime.contract.user.client import AsyncUserServiceClient, UserServiceClient

WHOLE = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "no"}}


@KINDS
@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        pytest.param(Unavailable("gone"), Unavailable, id="no connection"),
        pytest.param(lambda _: reply(WHOLE), InvalidArgument, id="an error"),
        pytest.param(
            lambda _: reply(WHOLE, 503), InvalidArgument, id="an error with 503"
        ),
        pytest.param(lambda _: reply([], 503), Unavailable, id="503"),
        pytest.param(lambda _: reply(None, 204), Internal, id="204"),
        pytest.param(lambda _: reply({}), Internal, id="no array"),
        pytest.param(lambda _: reply({"error": "no"}), Internal, id="the primer's"),
        pytest.param(
            lambda _: Reply(status=200, headers=JSON, body=b"["),
            Internal,
            id="no JSON",
        ),
        pytest.param(
            lambda _: Reply(status=200, headers={}, body=b"[]"),
            Internal,
            id="says not what it is",
        ),
    ],
)
def test_what_befalls_the_whole_batch_ends_its_block_and_all_its_calls(
    kind: str, outcome: Outcome, error: type[RpcError]
) -> None:
    calls: list[Pending[bool]] = []

    def sync() -> None:
        users = UserServiceClient(transport=SyncTable(outcome))
        with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))

    async def run() -> None:
        users = AsyncUserServiceClient(transport=AsyncTable(outcome))
        async with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))

    with pytest.raises(error) as caught:
        sync() if kind == "sync" else asyncio.run(run())
    assert was_received(caught.value)
    assert error_of(calls[0]) is caught.value


def test_an_empty_answer_leaves_every_call_without_one() -> None:
    for call in deleting("sync", lambda _: reply([]), 1, 2):
        assert isinstance(error_of(call), Internal)


@KINDS
def test_nothing_is_sent_when_the_block_raises(kind: str) -> None:
    table: Any = SyncTable() if kind == "sync" else AsyncTable()
    calls: list[Pending[bool]] = []

    def sync() -> None:
        users = UserServiceClient(transport=table)
        with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))
            raise KeyError

    async def run() -> None:
        users = AsyncUserServiceClient(transport=table)
        async with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))
            raise KeyError

    with pytest.raises(KeyError):
        sync() if kind == "sync" else asyncio.run(run())
    assert table.requests == []
    assert str(error_of(calls[0])) == (
        "the batch was not sent, for its `with` block raised"
    )


def test_nothing_is_sent_of_an_empty_batch() -> None:
    table = SyncTable()
    with UserServiceClient(transport=table).batch():
        pass
    assert table.requests == []


def test_a_batch_that_is_cancelled_leaves_no_call_waiting() -> None:
    calls: list[Pending[bool]] = []

    class Stalling(AsyncTable):
        async def exchange(self, request: Request) -> Reply:
            waiting.set()
            await asyncio.Event().wait()
            return self.take(request)

    async def run() -> None:
        users = AsyncUserServiceClient(transport=Stalling())
        async with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))

    async def main() -> None:
        task = asyncio.ensure_future(run())
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    waiting = asyncio.Event()
    asyncio.run(main())
    assert str(error_of(calls[0])) == "the batch was given up before it was answered"
