"""The stores that keep keys and answers, and a database with notes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from idlgen.runtime.server.idempotency.keys import KeyStore
from idlgen.runtime.server.idempotency.memory import MemoryKeys
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyStore]:
    """A store of each kind."""
    if request.param == "memory":
        yield MemoryKeys()
        return
    with SqliteKeys(tmp_path / "keys.db") as store:
        yield store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a table `notes`, in which there is nothing."""
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE notes (text TEXT)")
        db.commit()
    return path


@pytest.fixture
def keys(path: Path) -> Iterator[SqliteKeys]:
    """A store in that database."""
    with SqliteKeys(path) as keys:
        yield keys
