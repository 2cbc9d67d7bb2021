"""What a client streams, and streams both ways, for sync and async clients alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from idlgen.runtime import (
    CallOptions,
    Cancelled,
    DeadlineExceeded,
    Internal,
    InvalidArgument,
    Unimplemented,
)
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.feed.errors import NoSuchTopic
from tests.runtime.contract.feed.types import Post
from tests.runtime.contract.newsroom import HELLO, PATIENCE, Newsroom
from tests.runtime.streaming import KINDS, Caller, calling

WIRES = ["in process", "ws", "http"]


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


def posts(number: int) -> list[Post]:
    return [Post(id=id, text="x") for id in range(1, number + 1)]


def raising(*items: object) -> Iterator[Any]:
    yield from items
    raise KeyError("of the caller")


def endless() -> Iterator[str]:
    while True:
        yield "again"


@pytest.mark.parametrize("number", [0, 1, 5])
def test_what_is_streamed_is_one_param_of_a_call(feed: Caller, number: int) -> None:
    assert feed.result(feed.client.upload(posts(number))) == number


def test_anything_to_iterate_over_can_be_streamed(feed: Caller) -> None:
    assert feed.result(feed.client.upload(post for post in posts(2))) == 2
    assert feed.result(feed.client.upload(posts=tuple(posts(2)), topic="x")) == 2


def test_async_clients_take_async_iterables_too() -> None:
    async def produced() -> AsyncIterator[Post]:
        for post in posts(4):
            yield post

    with calling("in process", "async") as feed:
        assert feed.result(feed.client.upload(produced())) == 4


class Threaded(Newsroom):
    """Takes what is streamed in a thread, and tells what ended that."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[Exception] = []

    def upload(self, posts: Any, *, topic: str | None = None) -> Any:
        self.started.release()
        try:
            return sum(1 for _ in posts)
        except Exception as error:
            self.errors.append(error)
            raise
        finally:
            self.ended.release()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wire", WIRES)
def test_a_thread_that_waits_for_items_of_a_call_given_up_is_told(
    wire: str, kind: str
) -> None:
    def stalling() -> Iterator[Post]:
        yield HELLO
        assert newsroom.started.acquire(timeout=PATIENCE)
        raise KeyError("of the caller")

    newsroom = Threaded()
    with calling(wire, kind, newsroom) as feed:
        assert feed.result(feed.client.upload(posts(3))) == 3
        assert newsroom.started.acquire(timeout=PATIENCE)
        assert newsroom.ended.acquire(timeout=PATIENCE)
        with pytest.raises(KeyError):
            feed.result(feed.client.upload(stalling()))
        assert newsroom.ended.acquire(timeout=PATIENCE)
        (error,) = newsroom.errors
        assert isinstance(error, Cancelled)


@pytest.mark.parametrize("wire", WIRES)
def test_a_handler_that_forgets_async_is_told_and_stops_nobody_else(
    wire: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Forgetful(Newsroom):
        async def upload(self, posts: Any, *, topic: str | None = None) -> Any:
            return sum(1 for _ in posts)

    with calling(wire, "sync", Forgetful()) as feed:
        with pytest.raises(Internal):
            feed.result(feed.client.upload(posts(2)))
        assert feed.result(feed.client.count("news")) == 4
    assert "reads its stream by `async for`" in caplog.text


def test_an_answer_may_come_before_the_end_of_the_stream(feed: Caller) -> None:
    def without_end() -> Iterator[Post]:
        while True:
            yield HELLO

    assert feed.result(feed.client.upload(without_end(), topic="full")) == 3
    with pytest.raises(NoSuchTopic):
        feed.result(feed.client.upload(without_end(), topic="unknown"))


@pytest.mark.parametrize("reads_before", [False, True])
@pytest.mark.parametrize("wire", ["ws", "in process"])
def test_a_task_that_reads_on_behind_the_answer_comes_to_an_end(
    wire: str, reads_before: bool
) -> None:
    class Hasty(Newsroom):
        async def upload(self, posts: Any, *, topic: str | None = None) -> int:
            async def read_on() -> None:
                async for _ in posts:
                    pass
                self.ended.release()

            if reads_before:
                await anext(posts)
            self.reading = asyncio.create_task(read_on())
            return 1

    def without_end() -> Iterator[Post]:
        while True:
            yield HELLO

    with calling(wire, "async", Hasty()) as feed:
        assert feed.result(feed.client.upload(without_end())) == 1
        for _ in range(PATIENCE):
            feed.result(feed.client.count("four"))
            if feed.newsroom.ended.acquire(timeout=1):
                return
        pytest.fail("it reads on still")


def test_what_the_callers_iterable_raises_is_raised_and_ends_the_call(
    feed: Caller,
) -> None:
    with pytest.raises(KeyError, match="of the caller"):
        feed.result(feed.client.upload(raising(HELLO)))
    with (
        pytest.raises(KeyError, match="of the caller"),
        feed.open(feed.client.talk(raising("a"))) as answers,
    ):
        for _ in answers:
            pass


def test_a_wrong_item_is_refused_before_it_is_sent(feed: Caller) -> None:
    text: Any = 7
    wrong = [HELLO, Post(id=1, text=text)]
    with pytest.raises(InvalidArgument) as caught:
        feed.result(feed.client.upload(wrong))
    assert caught.value.problems == (("$.text", "Expected `str`, got `int`"),)


def test_both_sides_stream_in_turn(feed: Caller) -> None:
    said: list[str] = []

    def words() -> Iterator[str]:
        for word in ("a", "b", "c"):
            said.append(word)
            yield word

    assert feed.all(feed.client.talk(words())) == ["A", "B", "C"]
    assert said == ["a", "b", "c"]


@pytest.mark.parametrize("taken", [0, 3])
def test_leaving_the_block_ends_both_streams(feed: Caller, taken: int) -> None:
    with feed.open(feed.client.talk(endless())) as answers:
        assert [next(answers) for _ in range(taken)] == ["AGAIN"] * taken
        # By the time that a later call is answered, this one has begun.
        feed.result(feed.client.count("four"))
    assert feed.newsroom.started.acquire(timeout=PATIENCE)
    assert feed.newsroom.ended.acquire(timeout=PATIENCE)


def test_the_server_may_end_a_talk(feed: Caller) -> None:
    def words() -> Iterator[str]:
        yield "hi"
        yield "bye"
        yield from endless()

    assert feed.all(feed.client.talk(words())) == ["HI"]


def test_an_error_in_a_talk_is_the_declared_one(feed: Caller) -> None:
    with feed.open(feed.client.talk(["a", "rude"])) as answers:
        assert next(answers) == "A"
        with pytest.raises(NoSuchTopic) as caught:
            next(answers)
    assert caught.value.name == "rude"


def test_the_deadline_covers_what_the_client_streams(feed: Caller) -> None:
    options = CallOptions(timeout=0.3)
    with pytest.raises(DeadlineExceeded):
        feed.result(feed.client.upload(posts(3), topic="stuck", options=options))


@pytest.mark.parametrize("kind", KINDS)
def test_a_transport_of_ones_own_may_be_unable_to_stream(kind: str) -> None:
    class Plain:
        """Calls, and does not stream."""

        def exchange(self, request: object) -> None:
            raise AssertionError(request)

    transport: Any = Plain()
    made: Any = FeedClient if kind == "sync" else AsyncFeedClient
    client = made(transport=transport)
    with asyncio.Runner() as runner:
        caller = Caller(Newsroom(), client, runner)
        with pytest.raises(Unimplemented, match="`open_two_way`"):
            caller.result(client.upload(posts(1)))
        with pytest.raises(Unimplemented, match="`open_two_way`"):
            caller.all(client.talk(["a"]))
        with pytest.raises(Unimplemented, match="`open_stream`"):
            caller.all(client.watch("news"))
