"""Fakes answer and fail as they are told, refuse what makes no sense, and remember."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from idlgen.runtime import (
    Aborted,
    Internal,
    InvalidArgument,
    NotFound,
    Unavailable,
    in_process,
)
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.feed.errors import NoSuchTopic
from tests.runtime.contract.feed.testing import FakeFeed
from tests.runtime.contract.feed.types import EventIdle, EventRemoved, Post
from tests.runtime.contract.user import _service, types
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)
from tests.runtime.contract.user.errors import UserNotFound
from tests.runtime.contract.user.server import UserService
from tests.runtime.contract.user.testing import FakeUserService


@pytest.fixture
def fake() -> FakeUserService:
    return FakeUserService()


@pytest.fixture
def users(fake: FakeUserService) -> Iterator[UserServiceClient]:
    with in_process(UserServiceClient, fake) as client:
        yield client


@pytest.fixture
def feed_fake() -> FakeFeed:
    return FakeFeed()


@pytest.fixture
def feed(feed_fake: FakeFeed) -> Iterator[FeedClient]:
    with in_process(FeedClient, feed_fake) as client:
        yield client


def test_a_declared_error_arrives_as_itself(
    fake: FakeUserService, users: UserServiceClient
) -> None:
    fake.fail(UserService.get_user_by_id, UserNotFound(id=3))
    for _ in range(2):
        with pytest.raises(UserNotFound) as caught:
            users.get_user_by_id(3)
        assert caught.value.id == 3
    assert users.delete_user(3) is True


@pytest.mark.parametrize(
    "method",
    [
        UserService.get_user_by_id,
        FakeUserService.get_user_by_id,
        FakeUserService().get_user_by_id,
        UserServiceClient.get_user_by_id,
        "get_user_by_id",
        "getUserById",
        "UserService.getUserById",
        "user.UserService.getUserById",
    ],
)
def test_a_method_has_several_names(
    fake: FakeUserService, users: UserServiceClient, method: Any
) -> None:
    fake.fail(method, NotFound("gone"), times=1)
    with pytest.raises(NotFound, match="gone"):
        users.get_user_by_id(3)
    assert users.get_user_by_id(3).id == 3


def test_what_is_said_of_some_calls_goes_before_what_is_said_of_all(
    fake: FakeUserService, users: UserServiceClient
) -> None:
    fake.answer("delete_user", False)
    fake.fail("delete_user", Aborted(), times=2)
    fake.answer("delete_user", True, times=1)
    for _ in range(2):
        with pytest.raises(Aborted):
            users.delete_user(1)
    assert [users.delete_user(1) for _ in range(3)] == [True, False, False]


def test_a_function_answers_with_the_params(
    fake: FakeUserService, users: UserServiceClient
) -> None:
    def delete(id: int) -> bool:
        if id == 0:
            raise UserNotFound(id=0)
        return id > 1

    fake.answer("delete_user", delete)
    fake.answer("list_users", lambda cursor, limit, roles: _page(limit, roles))
    assert [users.delete_user(1), users.delete_user(2)] == [False, True]
    with pytest.raises(Internal):
        users.delete_user(0)  # which `deleteUser` does not declare
    assert users.list_users(limit=4).next == "4 member"


def _page(limit: int, roles: list[types.Role]) -> types.UserPage:
    return types.UserPage(items=[], next=f"{limit} {roles[0]}")


def test_async_clients_and_async_functions(fake: FakeUserService) -> None:
    async def delete(id: int) -> bool:
        await asyncio.sleep(0)
        return id == 1

    async def calls() -> None:
        fake.answer("delete_user", delete)
        fake.fail("get_user_by_id", UserNotFound(id=9))
        async with in_process(AsyncUserServiceClient, fake) as users:
            assert await users.delete_user(1) is True
            assert await users.delete_user(2) is False
            with pytest.raises(UserNotFound):
                await users.get_user_by_id(9)

    asyncio.run(calls())


def test_an_answer_of_a_function_is_checked_as_that_of_a_handler(
    fake: FakeUserService,
    users: UserServiceClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.answer("delete_user", lambda id: "yes")
    with pytest.raises(Internal):
        users.delete_user(1)
    assert "Expected `bool`, got `str`" in caplog.text


def test_streams_fail_after_some_items(feed_fake: FakeFeed, feed: FeedClient) -> None:
    feed_fake.fail("watch", NoSuchTopic(name="x"), after=2, times=1)
    feed_fake.fail("watch", Unavailable())
    with feed.watch("quiet") as events:
        assert [next(events), next(events)] == [EventIdle(), EventIdle()]
        with pytest.raises(NoSuchTopic):
            next(events)
    with feed.watch("quiet") as events, pytest.raises(Unavailable):
        next(events)


def test_made_items_are_said_again_before_a_late_failure(
    feed_fake: FakeFeed, feed: FeedClient
) -> None:
    feed_fake.fail("measure", Unavailable(), after=4)
    with feed.measure("x") as numbers:
        assert [next(numbers) for _ in range(4)] == [1.0, 2.0, 3.0, 1.0]
        with pytest.raises(Unavailable):
            next(numbers)


def test_streams_are_answered_by_lists_and_generators(
    feed_fake: FakeFeed, feed: FeedClient
) -> None:
    async def counted(topic: str) -> AsyncIterator[float]:
        for number in range(len(topic)):
            yield float(number)

    feed_fake.answer("watch", [EventIdle(), EventRemoved(value=2)])
    feed_fake.answer("measure", counted, times=1)
    feed_fake.answer("measure", lambda topic: iter([7.0]))
    with feed.watch("any") as events:
        assert list(events) == [EventIdle(), EventRemoved(value=2)]
    with feed.measure("abc") as numbers:
        assert list(numbers) == [0.0, 1.0, 2.0]
    with feed.measure("abc") as numbers:
        assert list(numbers) == [7.0]


def test_what_a_client_streams_is_there_for_functions_and_records(
    feed_fake: FakeFeed, feed: FeedClient
) -> None:
    posts = [Post(id=1, text="a"), Post(id=2, text="b")]
    feed_fake.answer("upload", lambda topic, posts: len(posts) * 10, times=1)
    feed_fake.fail("upload", NoSuchTopic(name="x"))
    assert feed.upload(posts) == 20
    with pytest.raises(NoSuchTopic):
        feed.upload(posts, topic="x")
    first, second = feed_fake.calls.of("upload")
    assert first[2:] == (posts,)
    assert second.keywords == {"topic": "x"}
    assert second[2:] == (posts,)


async def shouted(words: AsyncIterator[str]) -> AsyncIterator[str]:
    async for word in words:
        yield word.upper()


def test_two_way_streams_too(feed_fake: FakeFeed) -> None:
    async def talk() -> None:
        feed_fake.answer("talk", shouted, times=1)
        feed_fake.fail("talk", NoSuchTopic(name="x"), after=1)
        async with in_process(AsyncFeedClient, feed_fake) as feed:
            async with feed.talk(["a", "b"]) as words:
                assert [word async for word in words] == ["A", "B"]
            async with feed.talk(["a"]) as words:
                assert await anext(words) == "hello"
                with pytest.raises(NoSuchTopic):
                    await anext(words)

    asyncio.run(talk())
    assert feed_fake.calls[0][2:] == (["a", "b"],)


def test_calls_are_remembered(fake: FakeUserService, users: UserServiceClient) -> None:
    fake.fail("delete_user", Aborted())
    users.get_user_by_id(1)
    users.list_users(limit=2)
    users.get_user_by_id(7)
    with pytest.raises(Aborted):
        users.delete_user(1)
    assert fake.calls[0] == (
        "user.UserService.getUserById",
        _service.UserServiceGetUserByIdParams(id=1),
    )
    asked = fake.calls.of(UserService.get_user_by_id)
    assert [call.keywords["id"] for call in asked] == [1, 7]
    (listed,) = fake.calls.of("list_users")
    assert listed.keywords == {
        "cursor": None,
        "limit": 2,
        "roles": [types.Role.MEMBER],
    }
    assert [call.method.rpartition(".")[2] for call in fake.calls] == [
        "getUserById",
        "listUsers",
        "getUserById",
        "deleteUser",
    ]
    fake.calls.clear()
    assert fake.calls == []


def test_refused_params_are_no_call(
    fake: FakeUserService, users: UserServiceClient
) -> None:
    wrong: Any = "7"
    with pytest.raises(InvalidArgument):
        users.delete_user(wrong)
    assert fake.calls == []


@pytest.mark.parametrize(
    ("misuse", "error", "told"),
    [
        (
            lambda fake: fake.fail("get_user_by_i", UserNotFound(id=1)),
            ValueError,
            "the fake has no method 'get_user_by_i'; did you mean 'get_user_by_id'?",
        ),
        (
            lambda fake: fake.calls.of("frobnicate"),
            ValueError,
            "the fake has no method 'frobnicate'",
        ),
        (
            lambda fake: fake.answer(7, True),
            TypeError,
            "give a method of the service or its name, not 7",
        ),
        (
            lambda fake: fake.fail("delete_user", UserNotFound(id=1)),
            ValueError,
            (
                "user.UserService.deleteUser does not declare UserNotFound: its errors are "
                "none"
            ),
        ),
        (
            lambda fake: fake.fail("get_user_by_id", UserNotFound),
            TypeError,
            (
                "give an error as the server would raise it, such as `NotFound()`, not "
                f"{UserNotFound!r}"
            ),
        ),
        (
            lambda fake: fake.fail("get_user_by_id", KeyError("x")),
            TypeError,
            (
                "give an error as the server would raise it, such as `NotFound()`, not "
                "KeyError('x')"
            ),
        ),
        (
            lambda fake: fake.fail("delete_user", NotFound(), times=0),
            ValueError,
            "`times` must be at least 1, not 0",
        ),
        (
            lambda fake: fake.fail("delete_user", NotFound(), after=1),
            ValueError,
            "`after` counts the items of a stream: user.UserService.deleteUser has none",
        ),
        (
            lambda fake: fake.answer("delete_user", "yes"),
            ValueError,
            (
                "user.UserService.deleteUser cannot answer this: $: Expected `bool`, got "
                "`str`"
            ),
        ),
    ],
)
def test_misuse_is_told_at_once(
    fake: FakeUserService, misuse: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as caught:
        misuse(fake)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("misuse", "error", "told"),
    [
        (
            lambda fake: fake.answer("watch", EventIdle()),
            TypeError,
            "feed.Feed.watch streams: give a list of items or a function, not EventIdle",
        ),
        (
            lambda fake: fake.answer("measure", [1.0, "x"]),
            ValueError,
            "feed.Feed.measure cannot answer this: $: Expected `float`, got `str`",
        ),
        (
            lambda fake: fake.fail("watch", NotFound(), after=-1),
            ValueError,
            "`after` must be at least 0, not -1",
        ),
    ],
)
def test_misuse_of_streams_too(
    feed_fake: FakeFeed, misuse: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as caught:
        misuse(feed_fake)
    assert str(caught.value) == told
