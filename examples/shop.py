"""Makes a small SQLite file for the database service: python -m examples.shop shop.db."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

SHOP = """
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);
INSERT INTO users VALUES (1, '홍길동', 'hong@example.com'), (2, 'Ada', 'ada@example.com');
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, total TEXT);
INSERT INTO orders VALUES (1, 1, '39.80'), (2, 1, '5.00'), (3, 2, '12.50');
"""


def create(path: Path) -> None:
    """Write the file.

    Raises:
        sqlite3.OperationalError: the file has these tables already.
    """
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SHOP)


if __name__ == "__main__":
    create(Path(sys.argv[1]))
