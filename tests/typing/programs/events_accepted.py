"""What users write with unions and generic structs; both type checkers accept it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import assert_type

from idlgen.runtime import ParamStream

from .events import types
from .events.client import AsyncEventsClient, EventsClient
from .events.errors import Stale
from .events.server import Events, EventsUnimplemented
from .events.testing import FakeEvents, in_process
from .events.types import (
    Just,
    JustOnly,
    Page,
    Pair,
    ShapeBoxes,
    ShapeCircle,
    User,
    UserEvent,
    UserEventCreated,
    UserEventDeleted,
    UserEventPurged,
    UserEventRenamed,
    UserEventUnknown,
    Way,
    WayDown,
    WayUp,
)


def every_event(event: UserEvent) -> str:
    match event:
        case UserEventCreated(value=user):
            assert_type(user, User)
            return user.name
        case UserEventDeleted(value=id):
            assert_type(id, int)
            return str(id)
        case UserEventRenamed(value=name):
            assert_type(name, str | None)
            return name or ""
        case UserEventPurged():
            return ""
        case UserEventUnknown(tag=tag):
            assert_type(tag, str)
            return tag


def every_event_by_class(event: UserEvent) -> User | None:
    if isinstance(event, UserEventCreated):
        return event.value
    if isinstance(event, UserEventUnknown):
        print(event.tag, event.raw)
        return None
    assert_type(event, UserEventDeleted | UserEventRenamed | UserEventPurged)
    return None


def every_way(way: Way) -> int:
    match way:
        case WayUp(value=steps):
            return steps
        case WayDown():
            return -1


def the_only(just: Just) -> int:
    match just:
        case JustOnly(value=number):
            return number


def the_only_open(one: types.One) -> types.One | None:
    match one:
        case types.OneOnly(value=inner):
            return inner
        case types.OneUnknown():
            return None


def every_shape(shape: types.Shape) -> float:
    match shape:
        case ShapeCircle(radius=radius):
            return radius
        case ShapeBoxes(left=left, right=right):
            assert_type(right, types.Box | None)
            return left.width
        case types.ShapeNone():
            return 0
        case types.ShapeUnknown(tag=tag):
            raise LookupError(tag)


def made() -> types.Feed:
    feed = types.Feed(
        all=[UserEventDeleted(value=1), UserEventPurged()],
        by_name={"ada": UserEventCreated(value=User(name="Ada"))},
        page=Page(items=[UserEventUnknown("moved", {"type": "moved"})]),
        latest=UserEventRenamed(value=None),
    )
    assert_type(feed.all, list[UserEvent])
    assert_type(feed.page, Page[UserEvent])
    assert_type(feed.page.kids, list[Page[UserEvent]])
    assert_type(feed.two.value, Pair[list[Way]])
    assert_type(feed.latest, UserEvent | None)
    return feed


def first(page: Page[User]) -> User | None:
    assert_type(page.items, list[User])
    other: types.UserPage = page
    return next(iter(other.items), None)


def call(client: EventsClient) -> str | None:
    try:
        assert_type(client.latest(User(name="Ada"), way=WayDown()), UserEvent)
    except Stale as error:
        return every_event(error.event)
    assert_type(client.list(), Page[UserEvent])
    assert_type(client.list(page=Page(items=[1])).items[0], UserEvent)
    assert_type(client.maybe(), UserEvent | None)
    assert_type(client.users(), Page[User] | None)
    assert_type(client.pairs(), dict[str, types.Two[User, types.Shape]])
    return None


async def call_async(client: AsyncEventsClient) -> None:
    assert_type(await client.list(), Page[UserEvent])


class Some(EventsUnimplemented):
    async def latest(self, of: User, *, way: Way = WayUp(value=1)) -> UserEvent:
        if isinstance(way, WayUp):
            raise Stale(event=UserEventPurged(), token="t")
        return UserEventCreated(value=of)

    def list(self, *, page: Page[int] | None = None) -> Page[UserEvent]:
        print(page)
        return Page(items=[UserEventPurged()])


def stream(client: EventsClient) -> None:
    with client.watch() as events:
        assert_type(next(events), UserEvent)
        for event in events:
            assert_type(event, UserEvent)
    assert_type(client.send([UserEventPurged()]), int)
    assert_type(client.send(iter([UserEventPurged()]), page=2), int)
    with client.talk(word for word in ("a", None)) as words:
        assert_type(list(words), list[str | None])


async def stream_async(client: AsyncEventsClient) -> None:
    async with client.watch() as events:
        assert_type([event async for event in events], list[UserEvent])
        assert_type(await client.send(events), int)
    assert_type(await client.send([UserEventPurged()]), int)
    async with client.talk(["a", None]) as words:
        assert_type(await anext(words), str | None)


class Streaming(EventsUnimplemented):
    """Generators of either kind, and anything else to iterate over."""

    async def watch(self) -> AsyncIterator[UserEvent]:
        yield UserEventPurged()

    async def send(
        self, events: AsyncIterator[UserEvent], *, page: int | None = None
    ) -> int:
        print(page)
        return len([event async for event in events])

    def talk(self, words: Iterator[str | None]) -> Iterator[str | None]:
        yield from words


class Listing(EventsUnimplemented):
    def watch(self) -> list[UserEvent]:
        return [UserEventPurged()]

    def talk(self, words: ParamStream[str | None]) -> AsyncIterator[str | None]:
        return aiter(words)


def serve_streams() -> None:
    served: list[Events] = [Streaming(), Listing(), FakeEvents()]
    assert_type(in_process(EventsClient, *served), EventsClient)
    assert_type(FakeEvents().watch(), list[UserEvent])
