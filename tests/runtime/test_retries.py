"""What is repeated, after what pause, and what the budget has left."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from msgspec import Struct

from idlgen.runtime import (
    Aborted,
    CallOptions,
    DeadlineExceeded,
    Internal,
    InvalidArgument,
    NotFound,
    ResourceExhausted,
    RpcError,
    Unavailable,
)
from idlgen.runtime.errors import retry_after, with_retry_after
from idlgen.runtime.options import Defaults
from idlgen.runtime.retries import Budget, Retrier, Try
from tests.runtime.repeated_calls import Time, refused, retrier_of


class RateLimited(ResourceExhausted):
    """As generated from `{status: resource_exhausted, fields: {retry_after: duration}}`."""

    class Fields(Struct, frozen=True, kw_only=True):
        retry_after: timedelta

    def __init__(self, *, retry_after: timedelta) -> None:
        self.retry_after = retry_after
        super().__init__(fields=self.Fields(retry_after=retry_after))


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
