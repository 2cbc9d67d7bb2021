"""Batches and streams that are made again."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from idlgen.runtime import CallOptions, Method, Unavailable
from idlgen.runtime.transports import Reply, Request
from tests.runtime.repeated_calls import FEED, LOG, POST, PUT, READ, Harness, kinds, one

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
