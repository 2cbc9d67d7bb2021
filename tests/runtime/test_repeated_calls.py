"""Calls that are made again: how often, with what time left, under which options."""

from __future__ import annotations

import asyncio
import math
from contextlib import contextmanager
from typing import Any

import pytest

from idlgen.runtime import CallOptions, Method, NotFound, ResourceExhausted, Unavailable
from idlgen.runtime.retries import Retrier
from idlgen.runtime.transports import Reply, Request
from tests.runtime.repeated_calls import BRIEF, POST, PUT, READ, Harness, kinds, one


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
