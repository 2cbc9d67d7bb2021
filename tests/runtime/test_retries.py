"""Which failed calls are made again, when, how often, and with what."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from idlgen.runtime import (
    Aborted,
    AsyncServiceClient,
    CallOptions,
    DeadlineExceeded,
    Internal,
    InvalidArgument,
    Method,
    NotFound,
    ResourceExhausted,
    RpcError,
    ServiceClient,
    Unavailable,
)
from idlgen.runtime.errors import retry_after, with_retry_after
from idlgen.runtime.options import Defaults
from idlgen.runtime.retries import Budget, Retrier, Try
from idlgen.runtime.transports import Reply, Request
from idlgen.runtime.transports.reply import refusal

# --- pure: budget, and whether and when ----------------------------------------


class RateLimited(ResourceExhausted):
    """As generated from `{status: resource_exhausted, fields: {retry_after: duration}}`."""

    class Fields(Struct, frozen=True, kw_only=True):
        retry_after: timedelta

    def __init__(self, *, retry_after: timedelta) -> None:
        self.retry_after = retry_after
        super().__init__(fields=self.Fields(retry_after=retry_after))


def refused(status: int, retry_after: str | None) -> RpcError:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return refusal(Reply(status=status, headers=headers, body=b""), "http://x/rpc")


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (RateLimited(retry_after=timedelta(seconds=2.5)), 2.5),
        (RateLimited(retry_after=timedelta(0)), 0.0),
        (ResourceExhausted(details={"retry_after": "PT3S"}), 3.0),
        (ResourceExhausted(details={"retry_after": 1.5}), 1.5),
        (ResourceExhausted(details={"retry_after": "soon"}), None),
        (ResourceExhausted(details={"retry_after": -1}), None),
        (ResourceExhausted(details={"retry_after": True}), None),
        (ResourceExhausted(details={"retry_after": None}), None),
        (ResourceExhausted(details={"retry_after": 10**9}), 1e9),
        (ResourceExhausted(details={"retry_after": 10**400}), None),
        (ResourceExhausted(details={"retry_after": 1e300}), None),
        (ResourceExhausted(details={"retry_after": "P999999999D"}), None),
        (RateLimited(retry_after=timedelta.max), None),
        (ResourceExhausted(), None),
        (refused(429, "7"), 7.0),
        (refused(503, " 7 "), 7.0),
        (refused(503, "Fri, 31 Dec 1999 23:59:59 GMT"), None),
        (refused(503, "-1"), None),
        (refused(503, "9" * 10), None),
        (refused(503, None), None),
        (with_retry_after(Aborted(), 4), 4.0),
    ],
)
def test_who_says_when_to_come_back(error: RpcError, seconds: float | None) -> None:
    assert retry_after(error) == seconds


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


@pytest.mark.parametrize(
    ("error", "pause"),
    [
        (Unavailable(), 0.2),
        (Unavailable(retryable=False), None),
        (Aborted(), None),
        (Aborted(retryable=True), 0.2),
        (ResourceExhausted(), None),
        (RateLimited(retry_after=timedelta(seconds=2)), 2.2),
        (refused(503, None), 0.2),
        (refused(503, "2"), 2.2),
        (refused(429, None), None),
        (refused(429, "2"), 2.2),
        (DeadlineExceeded(), None),
        (Internal(), None),
        (InvalidArgument(), None),
        (NotFound(), None),
    ],
)
def test_what_is_repeated_and_after_what_pause(
    error: RpcError, pause: float | None
) -> None:
    found = Try(retrier_of(Time()), retries=1, timeout=None).pause(error)
    assert found == (None if pause is None else pytest.approx(pause))


def test_pauses_grow_to_five_seconds() -> None:
    time = Time()
    retrier = retrier_of(time)
    retrier.budget = Generous()
    tried = Try(retrier, retries=2000, timeout=None)
    pauses = []
    for _ in range(2000):
        pause = tried.pause(Unavailable())
        assert pause is not None
        pauses.append(pause)
        assert tried.begin_again()
    assert pauses[:6] == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 5.0])
    assert set(pauses[6:]) == {5.0}


def test_the_jitter_is_full() -> None:
    tried = Try(Retrier(), retries=1, timeout=None)
    tried._retrier.budget = Generous()
    pauses = [tried.pause(Unavailable()) for _ in range(2000)]
    assert all(pause is not None and 0 <= pause <= 0.2 for pause in pauses)
    assert sum(pause is not None and pause < 0.02 for pause in pauses) > 20
    assert sum(pause is not None and pause > 0.18 for pause in pauses) > 20


@pytest.mark.parametrize(
    ("timeout", "pause"), [(0.21, 0.2), (0.2, None), (0.1, None), (None, 0.2)]
)
def test_no_pause_passes_the_deadline(
    timeout: float | None, pause: float | None
) -> None:
    tried = Try(retrier_of(Time()), retries=1, timeout=timeout)
    assert tried.pause(Unavailable()) == (
        None if pause is None else pytest.approx(pause)
    )


def test_who_overslept_makes_no_call() -> None:
    time = Time()
    tried = Try(retrier_of(time), retries=1, timeout=1)
    assert tried.pause(Unavailable()) is not None
    time.now += 1
    assert not tried.begin_again()


class Generous(Budget):
    """Never at its end."""

    def failed(self) -> None:
        pass


def spent(events: str) -> bool:
    """Return whether retries are allowed after failures (f) and successes (s)."""
    budget = Budget()
    for event in events:
        if event == "f":
            budget.failed()
        else:
            budget.succeeded()
    return budget.allows_retries


@pytest.mark.parametrize(
    ("events", "allowed"),
    [
        ("", True),
        ("ffff", True),
        ("fffff", False),
        ("fffff" + "s", True),
        ("s" * 100 + "fffff", False),
        ("f" * 50 + "s" * 49, False),
        ("f" * 50 + "s" * 52, True),
    ],
)
def test_the_budget(events: str, allowed: bool) -> None:
    assert spent(events) is allowed


# --- through clients -----------------------------------------------------------


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


@kinds
@pytest.mark.parametrize(
    ("called", "options", "requests"),
    [
        (READ, {}, 3),
        (PUT, {}, 3),
        (POST, {}, 1),
        (POST, {"idempotency_key": "k"}, 3),
        (READ, {"retries": 0}, 1),
        (READ, {"retries": 1}, 2),
        (READ, {"retries": 4}, 5),
        (POST, {"retries": 4}, 1),
    ],
)
def test_how_often_a_call_is_made(
    kind: str, called: Method[int], options: dict[str, Any], requests: int
) -> None:
    harness = Harness(kind, Unavailable())
    with pytest.raises(Unavailable):
        harness.call(called, **options)
    assert len(harness.requests) == requests
    assert harness.slept == [0.2, 0.4, 0.8, 1.6][: requests - 1]


@kinds
def test_a_repeated_call_is_the_same_and_its_last_error_the_error(kind: str) -> None:
    harness = Harness(kind, Unavailable("1"), Unavailable("2"), NotFound("3"))
    with pytest.raises(NotFound, match="3"):
        harness.call(PUT, idempotency_key="k", headers={"x-a": "1"})
    assert len({request.body for request in harness.requests}) == 1
    assert {request.ids for request in harness.requests} == {(1,)}
    for request in harness.requests:
        assert request.headers["idempotency-key"] == "k"
        assert request.headers["x-a"] == "1"
    harness = Harness(kind, Unavailable("1"), one)
    assert harness.call(READ) == 1


@kinds
def test_all_attempts_share_the_time_of_the_call(kind: str) -> None:
    harness = Harness(kind, Unavailable())
    with pytest.raises(Unavailable):
        harness.call(READ, retries=9, timeout=2)
    assert harness.slept == [0.2, 0.4, 0.8]
    timeouts = [request.timeout for request in harness.requests]
    assert timeouts == pytest.approx([2, 1.8, 1.4, 0.6])
    told = [request.headers["idlgen-timeout-ms"] for request in harness.requests]
    assert told == ["2000", "1800", "1400", "600"]


@kinds
def test_without_a_limit_there_is_none(kind: str) -> None:
    harness = Harness(kind, Unavailable())
    with pytest.raises(Unavailable):
        harness.call(READ, retries=3, timeout=math.inf)
    assert [request.timeout for request in harness.requests] == [None] * 4


@kinds
def test_the_schemas_timeout_counts_too(kind: str) -> None:
    harness = Harness(kind, Unavailable())
    with pytest.raises(Unavailable):
        harness.call(BRIEF, retries=9)
    assert harness.slept == [0.2, 0.4]


@kinds
def test_what_the_server_asks_for_is_waited(kind: str) -> None:
    def limited(request: Request) -> Reply:
        return Reply(status=429, headers={"retry-after": "3"}, body=b"")

    harness = Harness(kind, limited, one)
    assert harness.call(READ) == 1
    assert harness.slept == [3.2]
    harness = Harness(kind, limited)
    with pytest.raises(ResourceExhausted):
        harness.call(READ, timeout=3)
    assert harness.slept == []
    assert len(harness.requests) == 1


@kinds
def test_views_share_the_budget(kind: str) -> None:
    harness = Harness(kind, Unavailable())
    for expected in (3, 2, 1, 1):
        before = len(harness.requests)
        with pytest.raises(Unavailable):
            harness.call(READ)
        assert len(harness.requests) - before == expected
        harness.client = harness.client.with_options(headers={"x-view": "1"})


@kinds
def test_successes_refill_the_budget(kind: str) -> None:
    harness = Harness(kind, Unavailable())
    for _ in range(3):
        with pytest.raises(Unavailable):
            harness.call(READ)
    harness._scripted.script = [one]
    for _ in range(30):
        harness.call(READ)
    harness._scripted.script = [Unavailable(), one]
    assert harness.call(READ) == 1


@kinds
def test_the_nearest_option_wins(kind: str) -> None:
    def requests(harness: Harness, **options: Any) -> int:
        before = len(harness.requests)
        with pytest.raises(Unavailable):
            harness.call(READ, **options)
        return len(harness.requests) - before

    harness = Harness(kind, Unavailable(), retries=0)
    assert requests(harness) == 1
    assert requests(harness, retries=1) == 2
    harness = Harness(kind, Unavailable(), retries=3)
    harness.client = harness.client.with_options(retries=1)
    assert requests(harness) == 2


@kinds
def test_interceptors_stand_around_each_attempt(kind: str) -> None:
    seen: list[tuple[int, float]] = []

    @contextmanager
    def watching(call: Any) -> Any:
        seen.append((call.attempt, round(call.deadline, 3)))
        call.headers["x-attempt"] = str(call.attempt)
        yield

    harness = Harness(kind, Unavailable(), Unavailable(), one, interceptors=[watching])
    # Interceptors read the real clock.
    clock = harness.client._idl_channel.calling.retrier
    clock.clock = Retrier().clock
    assert harness.call(READ) == 1
    assert [number for number, _ in seen] == [1, 2, 3]
    assert len({deadline for _, deadline in seen}) == 1
    sent = [request.headers["x-attempt"] for request in harness.requests]
    assert sent == ["1", "2", "3"]


READING = (READ, CallOptions())


@kinds
@pytest.mark.parametrize(
    ("called", "requests"),
    [
        ([READING, READING], 3),
        ([READING, (PUT, CallOptions())], 3),
        ([READING, (READ, CallOptions(retries=1))], 2),
        ([READING, (POST, CallOptions())], 1),
        ([READING, (POST, CallOptions(idempotency_key="k"))], 3),
    ],
)
def test_a_batch_is_repeated_where_all_its_calls_may_be(
    kind: str, called: list[tuple[Method[int], CallOptions]], requests: int
) -> None:
    harness = Harness(kind, Unavailable())
    with pytest.raises(Unavailable):
        harness.batch(*called)
    assert len(harness.requests) == requests
    harness = Harness(kind, Unavailable(), one)
    if requests > 1:
        assert harness.batch(*called) == [1] * len(called)


@kinds
def test_a_repeated_batch_has_the_time_that_is_left(kind: str) -> None:
    harness = Harness(kind, Unavailable(), Unavailable(), one)
    harness.batch((READ, CallOptions(timeout=0.5)), (READ, CallOptions(timeout=2)))
    timeouts = [request.timeout for request in harness.requests]
    assert timeouts == pytest.approx([2, 1.8, 1.4])
    own = [msgspec.json.decode(request.body)[0]["meta"] for request in harness.requests]
    assert own == [{"timeout_ms": 500}, {"timeout_ms": 300}, {"timeout_ms": 1}]


@kinds
def test_a_call_of_a_batch_that_fails_is_not_repeated(kind: str) -> None:
    def unavailable(request: Request) -> Reply:
        answer = '{"jsonrpc":"2.0","id":1,"error":{"code":-32014,"message":"no"}}'
        headers = {"content-type": "application/json"}
        return Reply(status=200, headers=headers, body=f"[{answer}]".encode())

    harness = Harness(kind, unavailable)
    with pytest.raises(Unavailable):
        harness.batch(READING)
    assert len(harness.requests) == 1


@kinds
@pytest.mark.parametrize(
    ("called", "options", "requests"),
    [
        (FEED, {}, 3),
        (FEED, {"retries": 0}, 1),
        (LOG, {}, 1),
        (LOG, {"idempotency_key": "k"}, 1),
    ],
)
def test_a_stream_that_does_not_open_is_opened_again(
    kind: str, called: Method[int], options: dict[str, Any], requests: int
) -> None:
    def empty(request: Request) -> Reply:
        body = f'{{"jsonrpc":"2.0","id":{request.ids[0]},"result":null}}'
        headers = {"content-type": "application/json"}
        return Reply(status=200, headers=headers, body=body.encode())

    harness = Harness(kind, Unavailable())
    with pytest.raises(Unavailable):
        harness.stream(called, **options)
    assert len(harness.requests) == requests
    if requests > 1:
        harness = Harness(kind, Unavailable(), empty)
        assert harness.stream(called, **options) == []
        assert len(harness.requests) == 2


@kinds
def test_what_is_no_error_of_a_call_ends_it(kind: str) -> None:
    def closed(request: Request) -> Reply:
        raise RuntimeError("the client is closed")

    harness = Harness(kind, Unavailable(), closed)
    with pytest.raises(RuntimeError, match="is closed"):
        harness.call(READ)


@kinds
def test_a_raw_call_is_repeated_too(kind: str) -> None:
    harness = Harness(kind, Unavailable(), one)
    made = harness.client.raw(harness.client.call, READ, CallOptions())
    answer = made if kind == "sync" else asyncio.run(made)
    assert answer.result() == 1
    assert len(harness.requests) == 2


@pytest.mark.parametrize("retries", [-1, math.nan])
def test_a_number_of_retries_is_none_below_zero(retries: int) -> None:
    with pytest.raises(ValueError, match="`retries` is a number from 0"):
        CallOptions(retries=retries)
    with pytest.raises(ValueError, match="`retries` is a number from 0"):
        Defaults().replaced(retries=retries)


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_has_1_to_255_characters(key: str) -> None:
    with pytest.raises(ValueError, match="1 to 255 characters"):
        CallOptions(idempotency_key=key)
    CallOptions(idempotency_key="k" * 255)
