"""What handlers write in the transaction of their call."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from idlgen.runtime import AlreadyExists, Unavailable
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.contract.accounts import user
from tests.runtime.contract.user import types
from tests.runtime.contract.user.server import UserServiceUnimplemented
from tests.runtime.idempotency.keyed_calls import create, request_of, send
from tests.runtime.idempotency.patience import within_a_minute

# --- what handlers write -------------------------------------------------------


class Writing(UserServiceUnimplemented):
    """Writes a note in a transaction, in a thread or not, and ends as the test says."""

    def __init__(self, keys: SqliteKeys, error: Exception | None = None) -> None:
        self.keys = keys
        self.error = error

    def delete_user(self, id: int) -> bool:
        with self.keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('thread')")
        if self.error is not None:
            raise self.error
        return True

    async def create_user(self, user_data: types.UserData) -> types.User:
        async with self.keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('async')")
        if self.error is not None:
            raise self.error
        return user(1)


@pytest.mark.parametrize(
    ("error", "keyed", "unkeyed"),
    [
        (None, 1, 3),
        (AlreadyExists(), 1, 3),
        (Unavailable(), 0, 3),
        (ValueError(), 0, 3),
    ],
    ids=["result", "error", "unavailable", "raised"],
)
@pytest.mark.parametrize("how", ["thread", "async"])
def test_what_a_handler_wrote_is_there_if_its_answer_is(
    tmp_path: Path, how: str, error: Exception | None, keyed: int, unkeyed: int
) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE notes (text TEXT)")

    def notes() -> int:
        with closing(sqlite3.connect(path)) as db:
            (count,) = db.execute("SELECT count(*) FROM notes").fetchone()
        return int(count)

    async def main(keys: SqliteKeys) -> None:
        dispatcher = Dispatcher(Writing(keys, error), idempotency=keys)
        write = ("UserService.deleteUser", {"id": 1}) if how == "thread" else create
        for _ in range(3):
            await send(dispatcher, request_of(write[0], write[1], "k"))
        assert notes() == keyed
        for _ in range(3):
            await send(dispatcher, request_of(write[0], write[1], None))
        assert notes() == keyed + unkeyed
        dispatcher.close()

    logging.disable(logging.CRITICAL)
    try:
        with SqliteKeys(path) as keys:
            within_a_minute(main(keys))
    finally:
        logging.disable(logging.NOTSET)
