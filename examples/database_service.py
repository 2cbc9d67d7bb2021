"""A SQLite file, served; it may only be read unless the last argument is `writable`.

python -m examples.shop shop.db
python -m examples.database_service 8003 shop.db
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from examples.serving import serve
from generated_examples.database.errors import QueryRefused, ReadOnly, TableNotFound
from generated_examples.database.server import DatabaseService
from generated_examples.database.types import Cell, Change, ColumnInfo, ResultSet

MOST_ROWS = 10_000
MOST_SECONDS = 10


class SqliteDatabase(DatabaseService):
    """Handlers are plain functions, which the runtime calls in threads."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        self._file = path.absolute().as_uri()
        self._writable = writable

    def query(
        self, sql: str, *, params: Sequence[Cell], limit: int = 1000
    ) -> ResultSet:
        limit = min(limit, MOST_ROWS)
        with self._connected("ro") as database:
            cursor = database.execute(sql, params)
            columns = [column[0] for column in cursor.description or ()]
            found = cursor.fetchmany(limit + 1)
        rows = [[cell(value) for value in row] for row in found[:limit]]
        return ResultSet(columns=columns, rows=rows, truncated=len(found) > limit)

    def execute(self, sql: str, *, params: Sequence[Cell]) -> Change:
        if not self._writable:
            raise ReadOnly
        with self._connected("rw") as database, database:
            cursor = database.execute(sql, params)
            return Change(
                rows_affected=max(cursor.rowcount, 0), last_row_id=cursor.lastrowid
            )

    def list_tables(self) -> list[str]:
        sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        with self._connected("ro") as database:
            return [name for (name,) in database.execute(sql)]

    def describe_table(self, table: str) -> list[ColumnInfo]:
        sql = 'SELECT name, type, "notnull", pk FROM pragma_table_info(?)'
        with self._connected("ro") as database:
            found = database.execute(sql, (table,)).fetchall()
        if not found:
            raise TableNotFound(table=table)
        return [
            ColumnInfo(
                name=name,
                declared_type=declared,
                nullable=not filled,
                primary_key=key > 0,
            )
            for name, declared, filled, key in found
        ]

    @contextmanager
    def _connected(self, mode: str) -> Iterator[sqlite3.Connection]:
        """Open the file for one call; what SQLite refuses becomes a declared error."""
        end = time.monotonic() + MOST_SECONDS
        try:
            with closing(
                sqlite3.connect(f"{self._file}?mode={mode}", uri=True)
            ) as database:
                # Keeps a statement from reaching other files, and from running forever.
                database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
                database.set_progress_handler(lambda: time.monotonic() > end, 100_000)
                yield database
        except (sqlite3.Error, OverflowError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY:
                raise ReadOnly from error
            raise QueryRefused(reason=str(error)) from error


def cell(value: str | float | bytes | None) -> Cell:
    """Return a value of SQLite's as JSON has it."""
    return b64encode(value).decode() if isinstance(value, bytes) else value


if __name__ == "__main__":
    service = SqliteDatabase(Path(sys.argv[2]), writable=sys.argv[3:] == ["writable"])
    asyncio.run(serve(service, port=int(sys.argv[1])))
