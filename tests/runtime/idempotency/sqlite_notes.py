"""Claims of a store in SQLite, and notes that handlers write into its database."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from idlgen.runtime.server.idempotency.keys import Claim, Key
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.idempotency.patience import PATIENCE

DIGEST = b"\x00" * 32


def key(text: str = "k") -> Key:
    return Key(principal="", method="user.UserService.createUser", text=text)


async def claim_of(keys: SqliteKeys, text: str = "k") -> Claim:
    found = await keys.claim(key(text), DIGEST)
    assert isinstance(found, Claim)
    return found


def notes(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [text for (text,) in db.execute("SELECT text FROM notes ORDER BY text")]


async def note(keys: SqliteKeys, text: str) -> None:
    async with keys.transaction() as db:
        db.execute("INSERT INTO notes VALUES (?)", [text])


def note_in_thread(keys: SqliteKeys, text: str) -> None:
    with keys.transaction() as db:
        db.execute("INSERT INTO notes VALUES (?)", [text])


async def write(keys: SqliteKeys, text: str, how: str) -> None:
    if how == "async":
        await note(keys, text)
    else:
        await asyncio.to_thread(note_in_thread, keys, text)


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.002)


both = pytest.mark.parametrize("how", ["async", "thread"])

LEASE = 10_000
"""Seconds; threads that renew leases go by real ones, and have nothing to do so soon."""


class Clock:
    """Unix time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now
