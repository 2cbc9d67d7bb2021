"""Calls of a service over a transport that fails as a script says, and a time of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from msgspec import Struct

from idlgen.runtime import (
    AsyncServiceClient,
    CallOptions,
    Method,
    RpcError,
    ServiceClient,
)
from idlgen.runtime.retries import Retrier
from idlgen.runtime.transports import Reply, Request
from idlgen.runtime.transports.reply import refusal


def refused(status: int, retry_after: str | None) -> RpcError:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return refusal(Reply(status=status, headers=headers, body=b""), "http://x/rpc")


def highest(low: float, high: float) -> float:
    assert low == 0
    return high


class Time:
    """A clock that only sleeping moves, and what was slept."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


def retrier_of(time: Time) -> Retrier:
    return Retrier(
        uniform=highest, clock=time, sleep=time.sleep, async_sleep=time.async_sleep
    )


class Nothing(Struct, frozen=True, kw_only=True):
    pass


def method(name: str, **options: Any) -> Method[int]:
    return Method(
        f"test.Service.{name}",
        handler=name,
        params=Nothing,
        returns=int,
        errors=(),
        **options,
    )


READ = method("read", readonly=True)
PUT = method("put", idempotent=True)
POST = method("post")
BRIEF = method("brief", readonly=True, timeout=1.0)
FEED = method("feed", readonly=True, stream_result=True)
LOG = method("log", stream_result=True)
Script = list[RpcError | Callable[[Request], Reply]]


def one(request: Request) -> Reply:
    """Answer every call with 1."""
    answers = ",".join(
        f'{{"jsonrpc":"2.0","id":{id},"result":1}}' for id in request.ids
    )
    body = f"[{answers}]" if request.body.startswith(b"[") else answers
    return Reply(
        status=200, headers={"content-type": "application/json"}, body=body.encode()
    )


class Scripted:
    """Does what the script says, and the last of it for ever; takes no time."""

    def __init__(self, script: Iterable[RpcError | Callable[[Request], Reply]]) -> None:
        self.script = list(script)
        self.requests: list[Request] = []

    def exchange(self, request: Request) -> Reply:
        self.requests.append(request)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, RpcError):
            raise step
        return step(request)

    open_stream = exchange

    def close(self) -> None:
        pass


class AsyncScripted:
    """The same for an event loop."""

    def __init__(self, scripted: Scripted) -> None:
        self._scripted = scripted

    async def exchange(self, request: Request) -> Reply:
        return self._scripted.exchange(request)

    open_stream = exchange

    async def aclose(self) -> None:
        pass


class Harness:
    """A client of either kind over a script, with its clock."""

    def __init__(
        self, kind: str, *script: RpcError | Callable[[Request], Reply], **options: Any
    ) -> None:
        self.time = Time()
        self._scripted = Scripted(script)
        self.requests = self._scripted.requests
        self.client: Any
        if kind == "sync":
            self.client = SyncService(transport=self._scripted, **options)
        else:
            transport = AsyncScripted(self._scripted)
            self.client = AsyncService(transport=transport, **options)
        calling = self.client._idl_channel.calling
        calling.retrier = retrier_of(self.time)

    def call(self, called: Method[int], **options: Any) -> object:
        made = self.client.call(called, CallOptions(**options))
        return made if isinstance(self.client, ServiceClient) else asyncio.run(made)

    def batch(self, *called: tuple[Method[int], CallOptions]) -> list[object]:
        if isinstance(self.client, SyncService):
            with self.client.batch() as batch:
                pending = [batch.add(self.client.call, *it) for it in called]
        else:
            pending = asyncio.run(self._batch(called))
        return [it.result() for it in pending]

    async def _batch(self, called: Any) -> Any:
        async with self.client.batch() as batch:
            return [batch.add(self.client.call, *it) for it in called]

    def stream(self, called: Method[int], **options: Any) -> list[object]:
        opened = self.client.stream(called, CallOptions(**options))
        if isinstance(self.client, ServiceClient):
            with opened as items:
                return list(items)
        return asyncio.run(self._stream(opened))

    async def _stream(self, opened: Any) -> list[object]:
        async with opened as items:
            return [item async for item in items]

    @property
    def slept(self) -> list[float]:
        return self.time.slept


class SyncService(ServiceClient):
    def call(self, called: Method[int], options: CallOptions) -> int:
        return self._idl_channel.unary(called, Nothing(), options)

    def stream(self, called: Method[int], options: CallOptions) -> Any:
        return self._idl_channel.stream(called, Nothing(), options)


class AsyncService(AsyncServiceClient):
    async def call(self, called: Method[int], options: CallOptions) -> int:
        return await self._idl_channel.unary(called, Nothing(), options)

    def stream(self, called: Method[int], options: CallOptions) -> Any:
        return self._idl_channel.stream(called, Nothing(), options)


kinds = pytest.mark.parametrize("kind", ["sync", "async"])
