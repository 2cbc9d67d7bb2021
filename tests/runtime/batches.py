"""Transports that answer batches as a test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from idlgen.runtime import Pending
from idlgen.runtime.transports import Reply, Request
from tests.runtime.contract.user.client import AsyncUserServiceClient, UserServiceClient

JSON = {"content-type": "application/json"}
KINDS = pytest.mark.parametrize("kind", ["sync", "async"])
Outcome = Callable[[Any], Reply] | Exception


def reply(answer: object, status: int = 200) -> Reply:
    return Reply(status=status, headers=JSON, body=json.dumps(answer).encode())


def true(call: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": call["id"], "result": True}


def all_true(calls: list[dict[str, Any]]) -> Reply:
    return reply([true(call) for call in calls])


class Table:
    """A transport, sync and async: it notes what is sent and answers as it is told."""

    def __init__(self, outcome: Outcome = all_true) -> None:
        self._outcome = outcome
        self.requests: list[Request] = []

    @property
    def sent(self) -> Any:
        """The one message that was sent."""
        (request,) = self.requests
        return json.loads(request.body)

    def take(self, request: Request) -> Reply:
        self.requests.append(request)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome(json.loads(request.body))


class SyncTable(Table):
    def exchange(self, request: Request) -> Reply:
        return self.take(request)

    def close(self) -> None:
        pass


class AsyncTable(Table):
    async def exchange(self, request: Request) -> Reply:
        await asyncio.sleep(0)
        return self.take(request)

    async def aclose(self) -> None:
        pass


def deleting(kind: str, outcome: Outcome, *ids: int) -> list[Pending[bool]]:
    """Delete the users in a batch; the calls are there when the block has failed, too."""
    pending: list[Pending[bool]] = []
    if kind == "sync":
        users = UserServiceClient(transport=SyncTable(outcome))
        with users.batch() as b:
            pending += [b.add(users.delete_user, id) for id in ids]
        return pending

    async def run() -> None:
        users = AsyncUserServiceClient(transport=AsyncTable(outcome))
        async with users.batch() as b:
            pending.extend(b.add(users.delete_user, id) for id in ids)

    asyncio.run(run())
    return pending


def error_of(pending: Pending[Any]) -> Exception:
    with pytest.raises(Exception) as caught:
        pending.result()
    return caught.value
