"""An implementation of the service that streams, which tells how its handlers ended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

from idlgen.runtime import ParamStream, current_call
from tests.runtime.contract.feed.errors import NoSuchTopic
from tests.runtime.contract.feed.server import FeedUnimplemented
from tests.runtime.contract.feed.types import (
    Event,
    EventIdle,
    EventPosted,
    EventRemoved,
    Post,
)

HELLO = Post(id=1, text="hello")
PATIENCE = 60
"""Seconds after which a test fails instead of hanging."""


class Newsroom(FeedUnimplemented):
    """Streams what the topic says: to the end, to an error, or without end."""

    def __init__(self) -> None:
        self.made = 0
        self.started = threading.Semaphore(0)
        self.ended = threading.Semaphore(0)

    async def watch(self, topic: str, *, limit: int = 3) -> AsyncIterator[Event]:
        self.started.release()
        try:
            if topic == "unknown":
                raise NoSuchTopic(name=topic)
            if topic == "silent":
                await asyncio.Event().wait()
            for number in range(limit):
                self.made += 1
                yield EventRemoved(value=number)
            if topic == "broken":
                raise NoSuchTopic(name=topic)
            if topic == "buggy":
                raise RuntimeError("hunter2")
            if topic == "endless":
                await asyncio.Event().wait()
            if topic == "posts":
                yield EventPosted(value=HELLO)
                yield EventIdle()
        finally:
            self.ended.release()

    def measure(self, topic: str) -> Iterator[float | None]:
        """Stream from a thread of handlers."""
        self.started.release()
        try:
            if topic == "unknown":
                raise RuntimeError("hunter2")
            yield 1.5
            yield None
            if topic == "who":
                yield float(threading.current_thread().name.startswith("idlgen"))
                yield float(current_call().method == "feed.Feed.measure")
            while topic == "endless":
                self.made += 1
                yield 0.0
        finally:
            self.ended.release()

    async def upload(
        self, posts: ParamStream[Post], *, topic: str | None = None
    ) -> int:
        self.started.release()
        try:
            if topic == "unknown":
                raise NoSuchTopic(name=topic)
            count = 0
            async for post in posts:
                count += 1
                self.made = post.id
                if topic == "full" and count == 3:
                    break
                if topic == "stuck":
                    await asyncio.Event().wait()
            return count
        finally:
            self.ended.release()

    async def talk(self, words: ParamStream[str]) -> AsyncIterator[str]:
        self.started.release()
        try:
            async for word in words:
                if word == "bye":
                    return
                if word == "rude":
                    raise NoSuchTopic(name=word)
                yield word.upper()
        finally:
            self.ended.release()

    async def count(self, topic: str) -> int:
        return len(topic)
