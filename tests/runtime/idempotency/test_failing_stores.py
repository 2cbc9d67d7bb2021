"""Stores that fail at the end of a call, and params that have no digest."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from msgspec import Struct

from idlgen.runtime import AlreadyExists, InvalidArgument, Method, Unavailable
from idlgen.runtime.call import CallContext
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.idempotency.keys import Claim
from idlgen.runtime.server.idempotency.memory import MemoryKeys
from idlgen.runtime.server.idempotency.once import KeyedCall, Once
from idlgen.runtime.server.invocation import HandlerFailed
from tests.runtime.idempotency.keyed_calls import HEADERS, Doing, raising, request_of
from tests.runtime.idempotency.patience import within_a_minute

PING = request_of("UserService.ping", {}, "k")


class FailingEnds(MemoryKeys):
    """Cannot write down how a call ended."""

    async def release(self, claim: Claim) -> None:
        raise OSError("no disk")

    async def abandon(self, claim: Claim) -> None:
        raise OSError("no disk")


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (Unavailable("come again"), "come again"),
        (AlreadyExists("kept"), "kept"),
        (ValueError("not told"), "Internal error"),
    ],
    ids=["released", "kept", "abandoned"],
)
def test_a_call_ends_as_it_did_where_that_cannot_be_written_down(
    raised: Exception, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        dispatcher = Dispatcher(Doing(raising(raised)), idempotency=FailingEnds())
        answer = await dispatcher.dispatch(json.dumps(PING).encode())
        assert answer is not None
        assert json.loads(answer)["error"]["message"] == message

    within_a_minute(main())
    is_logged = "the end of its idempotency key was not written down" in caplog.text
    assert is_logged == (message != "kept")
    assert ("no disk" in caplog.text) == is_logged


def test_a_call_that_is_cancelled_is_cancelled_where_that_cannot_be_written_down(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> None:
        entered = asyncio.Event()

        async def wait() -> None:
            entered.set()
            await asyncio.Future()

        dispatcher = Dispatcher(Doing(wait), idempotency=FailingEnds())
        call = asyncio.ensure_future(dispatcher.dispatch(json.dumps(PING).encode()))
        await entered.wait()
        call.cancel()
        await asyncio.wait([call])
        assert call.cancelled()

    within_a_minute(main())
    assert "no disk" in caplog.text


class Anything(Struct, frozen=True, kw_only=True):
    value: Any


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(("levels", "is_run"), [(500, True), (5000, False)])
def test_params_that_are_nested_too_deeply_for_a_digest_are_refused(
    levels: int, is_run: bool
) -> None:
    method: Method[None] = Method(
        "test.Service.do", handler="do", params=Anything, returns=None
    )

    async def done() -> bytes:
        return b"null"

    async def main() -> bytes:
        call = KeyedCall(
            method=method,
            keywords={"value": nested(levels)},
            context=CallContext(method.name, headers=HEADERS, deadline=None),
            run=done,
            told=lambda _: None,
        )
        return await Once(MemoryKeys()).result(call)

    if is_run:
        within_a_minute(main())
        return
    with pytest.raises(HandlerFailed, match="nested too deeply") as refused:
        within_a_minute(main())
    assert isinstance(refused.value.error, InvalidArgument)
