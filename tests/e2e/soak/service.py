"""The server of the soak: `idlgen serve tests.e2e.soak.service:app`.

The environment says which database it writes to: `SOAK_DATABASE`.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from secrets import token_hex

from msgspec import structs

from idlgen.runtime import (
    CallContext,
    Credentials,
    ParamStream,
    Principal,
    SqliteKeys,
    asgi_app,
    current_call,
)
from idlgen.runtime.interceptors import measured
from idlgen.runtime.server.asgi import AsgiApp
from tests.e2e.faults.counting import counts
from tests.e2e.soak import truth
from tests.runtime.contract.mill.errors import NoGrain
from tests.runtime.contract.mill.server import MillUnimplemented
from tests.runtime.contract.mill.types import Flour, Grain, Held, Page

DATABASE = "SOAK_DATABASE"
LEASE = 2.0
"""Seconds that a write waits whose first try was in a process that was killed."""
TABLES = """
CREATE TABLE IF NOT EXISTS writes (key TEXT, written TEXT);
CREATE TABLE IF NOT EXISTS runs (name TEXT, written TEXT);
"""


class SoakedMill(MillUnimplemented):
    """Answers what follows from the request, and writes down what it was told to."""

    def __init__(self, keys: SqliteKeys) -> None:
        self.begun = 0
        self.ended = 0
        self._keys = keys

    @contextmanager
    def counted(self, _: CallContext) -> Iterator[None]:
        """As an interceptor: count the calls that begin and those that end."""
        self.begun += 1
        try:
            yield
        finally:
            self.ended += 1

    async def get(self, id: int, *, pause: int = 0) -> Grain:
        if pause:
            await asyncio.sleep(pause / 1000)
        if truth.is_missing(id):
            raise NoGrain(id=id)
        return truth.grain(id, caller())

    def sift(self, grain: Grain) -> Grain:
        return truth.sifted(grain, caller())

    async def scan(
        self, until: int, *, after: int | None = None, limit: int = 7
    ) -> Page:
        first = 0 if after is None else after + 1
        end = min(first + limit, until)
        items = [truth.grain(id, caller()) for id in range(first, end)]
        return Page(items=items, next=end - 1 if end < until else None)

    async def store(self, name: str) -> str:
        async with self._keys.transaction() as db:
            return written(db, name)

    def book(self, name: str) -> str:
        with self._keys.transaction() as db:
            return written(db, name)

    async def watch(
        self, first: int, count: int, *, pause: int = 0
    ) -> AsyncIterator[Grain]:
        if truth.is_missing(first):
            raise NoGrain(id=first)
        for id in range(first, first + count):
            yield truth.grain(id, caller())
            if pause:
                await asyncio.sleep(pause / 1000)

    def drip(self, first: int, count: int) -> Iterator[Grain]:
        for id in range(first, first + count):
            yield truth.grain(id, caller())

    async def grind(self, grains: ParamStream[Grain]) -> Flour:
        flour = Flour(count=0, total=0, caller=caller())
        async for grain in grains:
            flour = truth.ground(flour, grain)
        return flour

    async def talk(self, words: ParamStream[str]) -> AsyncIterator[str]:
        async for word in words:
            yield truth.reply(word)

    async def held(self) -> Held:
        return Held(begun=self.begun - 1, ended=self.ended, **structs.asdict(counts()))


def caller() -> str:
    """Return the name of who calls."""
    principal = current_call().principal
    assert principal is not None
    return principal.name


def written(db: sqlite3.Connection, name: str) -> str:
    """Write down that a handler ran, under the call's key if it has one."""
    key, token = current_call().idempotency_key, token_hex(8)
    if key is None:
        db.execute("INSERT INTO runs VALUES (?, ?)", [name, token])
    else:
        db.execute("INSERT INTO writes VALUES (?, ?)", [key, token])
    return token


async def authenticate(credentials: Credentials) -> Principal | None:
    """Let in whoever tells a name, as `truth.token` has it."""
    name = truth.named(credentials.token)
    return None if name is None else Principal(name)


def app() -> AsgiApp:
    """Return the app, as its users make theirs."""
    keys = SqliteKeys(os.environ[DATABASE], transactional=True, lease=LEASE)
    mill = SoakedMill(keys)
    return asgi_app(
        mill,
        authenticate=authenticate,
        interceptors=[mill.counted, measured()],
        idempotency=keys,
    )
