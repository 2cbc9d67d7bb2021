"""What a method streams, on every wire, for sync and async clients alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from idlgen.runtime import (
    CallOptions,
    DeadlineExceeded,
    Internal,
    InvalidArgument,
    in_process,
)
from tests.runtime.contract.feed.client import FeedClient
from tests.runtime.contract.feed.errors import NoSuchTopic
from tests.runtime.contract.feed.types import (
    Event,
    EventIdle,
    EventPosted,
    EventRemoved,
)
from tests.runtime.contract.newsroom import HELLO, PATIENCE, Newsroom
from tests.runtime.streaming import KINDS, WIRES, Caller, calling

THREE = [EventRemoved(value=number) for number in range(3)]


@pytest.fixture(scope="module", params=[(w, k) for w in WIRES for k in KINDS], ids=str)
def shared(request: pytest.FixtureRequest) -> Iterator[Caller]:
    wire, kind = request.param
    with calling(wire, kind) as caller:
        yield caller


@pytest.fixture
def feed(shared: Caller) -> Iterator[Caller]:
    """A newsroom, all of whose handlers that have started must end with the test."""
    yield shared
    while shared.newsroom.started.acquire(blocking=False):
        assert shared.newsroom.ended.acquire(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("topic", "limit", "items"),
    [
        ("news", 3, THREE),
        ("news", 0, []),
        ("posts", 1, [EventRemoved(value=0), EventPosted(value=HELLO), EventIdle()]),
    ],
)
def test_items_arrive_in_order_and_end(
    feed: Caller, topic: str, limit: int, items: list[Any]
) -> None:
    assert feed.all(feed.client.watch(topic, limit=limit)) == items


def test_defaults_hold_as_in_other_calls(feed: Caller) -> None:
    assert feed.all(feed.client.watch("news")) == THREE


def test_a_handler_may_be_a_plain_generator_which_a_thread_runs(feed: Caller) -> None:
    assert feed.all(feed.client.measure("who")) == [1.5, None, 1.0, 1.0]


def test_an_error_before_the_first_item_is_the_declared_one(feed: Caller) -> None:
    with pytest.raises(NoSuchTopic) as caught:
        feed.all(feed.client.watch("unknown"))
    assert caught.value.name == "unknown"


@pytest.mark.parametrize(
    ("topic", "kind"), [("broken", NoSuchTopic), ("buggy", Internal)]
)
def test_an_error_between_items_comes_after_those_before_it(
    feed: Caller, topic: str, kind: type[Exception]
) -> None:
    with feed.open(feed.client.watch(topic)) as events:
        assert [next(events) for _ in THREE] == THREE
        with pytest.raises(kind) as caught:
            next(events)
    assert "hunter2" not in str(caught.value)


def test_after_an_error_there_is_nothing(feed: Caller) -> None:
    with feed.open(feed.client.watch("broken")) as events:
        with pytest.raises(NoSuchTopic):
            list(events)
        assert list(events) == []


@pytest.mark.parametrize("seen", [0, 2])
def test_leaving_the_block_ends_the_handler(feed: Caller, seen: int) -> None:
    with feed.open(feed.client.watch("endless")) as events:
        for _ in range(seen):
            next(events)
        # By the time that a later call is answered, this one has begun.
        feed.result(feed.client.count("four"))
    assert feed.newsroom.started.acquire(timeout=PATIENCE)
    assert feed.newsroom.ended.acquire(timeout=PATIENCE)


def test_leaving_the_block_closes_a_generator_in_a_thread(feed: Caller) -> None:
    with feed.open(feed.client.measure("endless")) as values:
        assert [next(values) for _ in range(3)] == [1.5, None, 0.0]
    assert feed.newsroom.started.acquire(timeout=PATIENCE)
    assert feed.newsroom.ended.acquire(timeout=PATIENCE)


@pytest.mark.parametrize("topic", ["silent", "endless"])
def test_the_deadline_is_that_of_the_whole_stream(feed: Caller, topic: str) -> None:
    options = CallOptions(timeout=0.3)
    with (
        pytest.raises(DeadlineExceeded),
        feed.open(feed.client.watch(topic, options=options)) as events,
    ):
        for _ in events:
            pass


def test_wrong_params_are_refused_where_the_block_is_entered(feed: Caller) -> None:
    stream = feed.client.watch(7)
    with pytest.raises(InvalidArgument) as caught, feed.open(stream):
        pass
    assert caught.value.problems == (("$.topic", "Expected `str`, got `int`"),)


def test_a_stream_is_used_once(feed: Caller) -> None:
    stream = feed.client.watch("news")
    assert feed.all(stream) == THREE
    with pytest.raises(RuntimeError, match="used once"):
        feed.all(stream)


def test_a_stream_that_is_not_entered_says_what_to_write(feed: Caller) -> None:
    stream: Any = feed.client.watch("news")
    iterated = iter if hasattr(stream, "__enter__") else aiter
    with pytest.raises(TypeError, match=r"with client\.method\(\) as items:"):
        iterated(stream)


def test_other_calls_go_on_beside_a_stream(feed: Caller) -> None:
    with feed.open(feed.client.watch("endless")) as events:
        next(events)
        assert feed.result(feed.client.count("four")) == 4
        assert next(events) == THREE[1]


def test_two_streams_do_not_mix(feed: Caller) -> None:
    with (
        feed.open(feed.client.watch("news", limit=2)) as one,
        feed.open(feed.client.watch("posts", limit=1)) as other,
    ):
        assert [next(one), next(other)] == [THREE[0], THREE[0]]
        assert [next(other), next(one)] == [EventPosted(value=HELLO), THREE[1]]
        assert (list(one), list(other)) == ([], [EventIdle()])


def test_items_are_checked_in_process_as_results_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Wrong(Newsroom):
        async def watch(self, topic: str, *, limit: int = 3) -> AsyncIterator[Event]:
            wrong: Any = topic
            yield EventRemoved(value=limit)
            yield EventRemoved(value=wrong)

    with (
        in_process(FeedClient, Wrong()) as feed,
        feed.watch("news") as events,
    ):
        assert next(events) == EventRemoved(value=3)
        with pytest.raises(Internal):
            next(events)
    assert "Expected `int`, got `str`" in caplog.text


def test_a_closed_client_streams_no_more() -> None:
    for wire in WIRES:
        for kind in KINDS:
            with calling(wire, kind) as caller:
                stream = caller.client.watch("news")
                if kind == "sync":
                    caller.client.close()
                else:
                    caller.wait(caller.client.aclose())
                with pytest.raises(RuntimeError, match="closed"):
                    caller.all(stream)
