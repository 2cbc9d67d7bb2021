"""The clients of a server that is killed: they write with keys, and without."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, islice
from typing import Any

from msgspec import Struct as Record

from idlgen.runtime import CallOptions, Unavailable
from idlgen.runtime.interceptors import ClientCall
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)
from tests.runtime.contract.user.types import UserData, UserDataPartial

TIMEOUT = 30.0
CALLS_OF_A_CLIENT = 4
"""Then another one: what a client may spend on retries would soon be spent here."""
KINDS = ["sync http", "async http", "sync ws", "async ws"]


class Tally(Record):
    """What one client did, and what came of it."""

    written: dict[str, str]
    """What was written for each key, by its answer; empty where that does not say."""
    unkeyed: list[str]
    """The names that were written without a key."""
    retried: int = 0
    """Attempts to make a call after the first."""
    raised: int = 0
    """Calls with a key that the application had to make again, with the same key."""
    lost: int = 0
    """Calls without a key that were lost, and not made again."""


class Worker:
    """One client that calls until it is told to stop, in a thread of its own."""

    def __init__(self, kind: str, port: int) -> None:
        self.tally = Tally(written={}, unkeyed=[])
        self._kind = kind
        self._url = f"{kind.split()[1]}://127.0.0.1:{port}/rpc"
        self._is_over = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=kind)
        self._thread.start()

    def stop(self) -> None:
        """Let the call that runs come to its end; raise what went wrong."""
        self._is_over.set()
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            if self._kind.startswith("async"):
                asyncio.run(self._call_async())
            else:
                self._call_sync()
        except BaseException as error:
            self._error = error

    def _is_done(self) -> bool:
        """Return whether it was told to stop, and has begun before."""
        return self._is_over.is_set() and bool(self.tally.written)

    def _call_sync(self) -> None:
        numbers = count()
        while not self._is_done():
            with UserServiceClient(self._url, interceptors=[self._watch]) as users:
                for number in islice(numbers, CALLS_OF_A_CLIENT):
                    while not self._has_written(users, number):
                        pass
                    with self._unkeyed(number) as make:
                        make(users)

    async def _call_async(self) -> None:
        numbers = count()
        while not self._is_done():
            async with AsyncUserServiceClient(
                self._url, interceptors=[self._watch]
            ) as users:
                for number in islice(numbers, CALLS_OF_A_CLIENT):
                    while not await self._has_written_async(users, number):
                        pass
                    with self._unkeyed(number) as make:
                        await make(users)

    def _has_written(self, users: Any, number: int) -> bool:
        try:
            self._note(number, self._keyed(users, number))
        except Unavailable:
            self.tally.raised += 1
            return False
        return True

    async def _has_written_async(self, users: Any, number: int) -> bool:
        try:
            self._note(number, await self._keyed(users, number))
        except Unavailable:
            self.tally.raised += 1
            return False
        return True

    def _keyed(self, users: Any, number: int) -> Any:
        """Make a write with a key: of an idempotent method or not, in a thread or not."""
        options = CallOptions(
            idempotency_key=f"{self._kind} {number}", retries=5, timeout=TIMEOUT
        )
        if number % 3 == 0:
            return users.delete_user(number, options=options)
        if number % 3 == 1:
            return users.update_user(number, UserDataPartial(), options=options)
        return users.create_user(data(f"{number}"), options=options)

    def _note(self, number: int, answer: Any) -> None:
        written = "" if answer is True else answer.name
        self.tally.written[f"{self._kind} {number}"] = written

    @contextmanager
    def _unkeyed(self, number: int) -> Iterator[Callable[[Any], Any]]:
        """Give what makes a write that must not be made again."""
        name = f"{self._kind} {number}"
        self.tally.unkeyed.append(name)
        options = CallOptions(retries=5, timeout=TIMEOUT)
        try:
            yield lambda users: users.create_user(data(name), options=options)
        except Unavailable:
            self.tally.lost += 1

    @contextmanager
    def _watch(self, call: ClientCall) -> Iterator[None]:
        if call.attempt > 1:
            self.tally.retried += 1
        yield


def data(name: str) -> UserData:
    return UserData(name=name, email="ada@example.com", bio=None)
