"""The table of idempotency keys: the statements, each in a transaction that is open.

A row is in one of three states: held (`token` is that of its claim, `held_until` when its
lease runs out), kept (`answer` is there), abandoned (neither). Times are Unix times.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from msgspec import Struct as Record

from idlgen.runtime.server.idempotency.keys import (
    Claim,
    Held,
    Kept,
    Key,
    OtherParams,
)

SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS idlgen_idempotency_keys (
        principal TEXT NOT NULL,
        method TEXT NOT NULL,
        key TEXT NOT NULL,
        digest BLOB NOT NULL,
        token TEXT,
        held_until REAL,
        answer BLOB,
        changed REAL NOT NULL,
        PRIMARY KEY (principal, method, key)
    )
    """,
    """
    CREATE INDEX IF NOT EXISTS idlgen_idempotency_keys_changed
        ON idlgen_idempotency_keys (changed)
    """,
)


AT_ONCE = 1000
"""How many old keys are removed in one transaction: others wait to write meanwhile."""


class Lease(Record, frozen=True, kw_only=True):
    """What is claimed as, at what time, and until when it need not be renewed."""

    token: str
    now: float
    until: float
    oldest: float
    """Rows that changed no later than this are forgotten."""


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Begin a transaction that may write, and commit it unless the block raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        undo(connection)
        raise


def undo(connection: sqlite3.Connection) -> None:
    """Roll back the transaction, if there still is one."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def claim(
    connection: sqlite3.Connection, key: Key, digest: bytes, lease: Lease
) -> Claim | Kept | Held | OtherParams:
    """Claim the key, or say what there is of it."""
    row = connection.execute(
        "SELECT digest, token, held_until, answer, changed"
        " FROM idlgen_idempotency_keys WHERE principal = ? AND method = ? AND key = ?",
        _place(key),
    ).fetchone()
    is_repeated = False
    if row is not None:
        known, token, held_until, answer, changed = row
        is_held = token is not None and held_until > lease.now
        if is_held or changed > lease.oldest:
            if known != digest:
                return OtherParams()
            if answer is not None:
                return Kept(answer)
            if is_held:
                return Held()
            is_repeated = True
    connection.execute(
        "INSERT OR REPLACE INTO idlgen_idempotency_keys"
        " (principal, method, key, digest, token, held_until, changed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*_place(key), digest, lease.token, lease.until, lease.now),
    )
    return Claim(key=key, token=lease.token, is_repeated=is_repeated)


def holds(claim: Claim, connection: sqlite3.Connection) -> bool:
    """Return whether the claim has not ended."""
    row = connection.execute(
        "SELECT 1 FROM idlgen_idempotency_keys"
        " WHERE principal = ? AND method = ? AND key = ? AND token = ?",
        (*_place(claim.key), claim.token),
    ).fetchone()
    return row is not None


def end(
    connection: sqlite3.Connection, claim: Claim, answer: bytes | None, now: float
) -> bool:
    """End the claim, with its answer or without; return False if it has ended."""
    changed = connection.execute(
        "UPDATE idlgen_idempotency_keys SET token = NULL, held_until = NULL,"
        " answer = ?, changed = ?"
        " WHERE principal = ? AND method = ? AND key = ? AND token = ?",
        (answer, now, *_place(claim.key), claim.token),
    )
    return changed.rowcount == 1


def forget(claim: Claim, connection: sqlite3.Connection) -> None:
    """Remove the key, if the claim has not ended."""
    connection.execute(
        "DELETE FROM idlgen_idempotency_keys"
        " WHERE principal = ? AND method = ? AND key = ? AND token = ?",
        (*_place(claim.key), claim.token),
    )


def renew(
    connection: sqlite3.Connection, claims: Iterable[Claim], until: float
) -> None:
    """Put off the end of the leases of those claims that have not ended."""
    connection.executemany(
        "UPDATE idlgen_idempotency_keys SET held_until = ?"
        " WHERE principal = ? AND method = ? AND key = ? AND token = ?",
        ((until, *_place(claim.key), claim.token) for claim in claims),
    )


def purge(connection: sqlite3.Connection, lease: Lease) -> bool:
    """Remove keys that are too old and that nobody holds; return whether that was all."""
    removed = connection.execute(
        "DELETE FROM idlgen_idempotency_keys WHERE rowid IN ("
        " SELECT rowid FROM idlgen_idempotency_keys"
        " WHERE changed <= ? AND (token IS NULL OR held_until <= ?) LIMIT ?)",
        (lease.oldest, lease.now, AT_ONCE),
    )
    return removed.rowcount < AT_ONCE


def _place(key: Key) -> tuple[str, str, str]:
    return key.principal, key.method, key.text
