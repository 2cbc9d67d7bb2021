"""Mistakes with unions and generic structs: each is refused at its own line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import assert_never

from .events import types
from .events.client import AsyncEventsClient, EventsClient
from .events.server import EventsUnimplemented
from .events.types import (
    Page,
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
            return user.name
        case UserEventDeleted(value=id):
            return str(id)
        case UserEventRenamed() | UserEventPurged():
            return ""
        case _:
            assert_never(event)  # error: a variant of tomorrow is forgotten


def every_known_event(event: UserEvent) -> str:
    match event:
        case UserEventCreated(value=user):
            return user.name
        case UserEventDeleted() | UserEventPurged():
            return ""
        case UserEventUnknown(tag=tag):
            return tag
        case _:
            assert_never(event)  # error: a variant is forgotten


def every_way(way: Way) -> int:
    match way:
        case WayUp(value=steps):
            return steps
        case _:
            assert_never(way)  # error: a variant of a closed union is forgotten


def make(event: UserEvent, created: UserEventCreated) -> None:
    UserEventCreated(value=1)  # error: wrong payload
    UserEventPurged(value=1)  # error: it carries nothing
    UserEventCreated(User(name="Ada"))  # error: the payload by position
    UserEventCreated()  # error: no payload
    ShapeCircle(kind="circle", radius=1.0)  # error: the tag is no field
    created.value = User(name="Eve")  # error: frozen
    print(event.value)  # error: not every variant has a value
    other: types.Shape = created  # error: a variant of another union
    print(other)


def closed() -> None:
    print(types.WayUnknown)  # error: closed unions know all variants


def fill(page: Page[User]) -> Page[int]:
    Page[int](items=["1"])  # error: wrong items
    print(page.items[0].nick)  # error: misspelt field of the argument
    return page  # error: wrong argument


def call(client: EventsClient) -> None:
    client.list(page=Page(items=["1"]))  # error: a page of something else
    client.latest(WayDown())  # error: wrong type of a param


def stream(client: EventsClient, users: list[User]) -> None:
    for _ in client.watch():  # error: not entered
        pass
    with client.watch() as events:
        print(events[0])  # error: an iterator, no list
        name: str = next(events)  # error: an event is no str
        print(name)
    client.send(users)  # error: items of something else
    client.send()  # error: nothing to send
    with client.talk([1]) as words:  # error: an int is no str
        print(next(words).upper())  # error: may be None


async def stream_async(client: AsyncEventsClient, event: UserEvent) -> None:
    async for _ in client.watch():  # error: not entered
        pass
    with client.watch():  # error: not a sync context manager
        pass
    await client.watch()  # error: entered, not awaited
    async with client.watch() as events:
        for _ in events:  # error: an async iterator
            pass
    number: int = client.send([event])  # error: missing await
    print(number)


class WrongItems(EventsUnimplemented):
    async def watch(self) -> AsyncIterator[User]:  # error: items of something else
        yield User(name="Ada")

    async def talk(self, words: list[str]) -> int:  # error: a list is no stream
        return len(words)


class NoStream(EventsUnimplemented):
    async def watch(self) -> list[UserEvent]:  # error: awaited, not iterated over
        return []


class Wrong(EventsUnimplemented):
    def list(self, *, page: Page[int] | None = None) -> Page[User]:  # error: result
        raise NotImplementedError(page)
