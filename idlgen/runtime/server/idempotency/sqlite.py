"""Idempotency keys in an SQLite database: one host, any number of processes."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from math import inf
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Self, TypeVar

from idlgen.runtime.server.idempotency import sqlite_rows as rows
from idlgen.runtime.server.idempotency.keys import (
    Claim,
    ClaimLost,
    Held,
    Kept,
    Key,
    OtherParams,
    current_claim,
)
from idlgen.runtime.server.idempotency.memory import DAY
from idlgen.runtime.server.idempotency.transactions import CallTransaction
from idlgen.runtime.server.idempotency.turns import Turns

T = TypeVar("T")

logger = logging.getLogger("idlgen.runtime")

DEFAULT_LEASE = 10.0
RENEWALS = 3
"""How often a lease is renewed before it would run out."""
PURGE_INTERVAL = 60.0


class SqliteKeys:
    """Remembers keys in a database, which is that of the handlers' own tables.

    Handlers write through `transaction()`: what they write is committed together with
    the answer, so that neither is ever there without the other. A process that dies, by
    SIGKILL too, leaves its claims behind; once their lease ran out, others take them.

    With `transactional=True` the user vouches that all that handlers do goes through
    `transaction()`, so that the method of a lost claim is run again even if it is not
    `idempotent`. Without, that call is answered `aborted`.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        transactional: bool = False,
        keep: float = DAY,
        lease: float = DEFAULT_LEASE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`keep` is how many seconds an answer is kept.

        `lease` is how many seconds after the death of a process its claims may be taken.
        `clock` tells the Unix time, which all processes must agree on.

        Raises:
            ValueError: `keep` or `lease` is not above 0.
        """
        if not keep > 0 or not lease > 0:
            raise ValueError("`keep` and `lease` are seconds, above 0")
        self.transactional = transactional
        self._keep = keep
        self._lease = lease
        self._clock = clock
        self._name = token_hex(8)
        self._turns = Turns(path, _prepare)
        self._live: dict[str, CallTransaction] = {}
        self._renewing: threading.Thread | None = None
        self._last_purge = -inf
        self._lock = threading.Lock()

    def transaction(self) -> CallTransaction:
        """Return the transaction of the call that is served here, as a context manager.

        ``with keys.transaction() as db:`` in a `def` handler, ``async with`` in an
        `async def` one; `db` is the `sqlite3.Connection`. The block commits nothing, and
        must not: that is done together with the answer of the call, be it a result or an
        error that is kept. Where no answer is kept all is undone, for the call will be
        run again. A block that raises is undone at once. Of a call without a key, each
        block is a transaction of its own.

        From its beginning until the answer no other call writes: be short, and call no
        other service inside.

        Raises:
            RuntimeError: on entering: a block of this call is open, or ``with`` was used
                on an event loop; on leaving: the transaction was ended inside.
            ClaimLost: on entering: the call no longer holds its key. Let it pass.
            sqlite3.Error: the database is locked for too long, or no database.
        """
        claim = current_claim()
        if claim is None or not claim.token.startswith(self._name):
            return CallTransaction(self._turns)
        live = self._live.get(claim.token)
        if live is None:
            raise ClaimLost
        return live

    async def claim(self, key: Key, digest: bytes) -> Claim | Kept | Held | OtherParams:
        """Claim the key, or say what there is of it; see `KeyStore.claim`."""
        claiming = self._turns.run(partial(self._claim, key, digest))
        try:
            return await asyncio.wrap_future(claiming)
        except asyncio.CancelledError:
            claiming.add_done_callback(self._disown)
            raise

    async def keep(self, claim: Claim, answer: bytes) -> bool:
        """Commit the answer with what the handler wrote; see `KeyStore.keep`."""
        transaction = self._transaction(claim)
        try:
            committing = transaction.commit(partial(self._end, claim, answer))
            return await _ended(self._over(claim, committing))
        except Exception:
            undoing = transaction.undo(partial(self._end_unanswered, claim))
            await _ended(self._over(claim, undoing))
            raise

    async def release(self, claim: Claim) -> None:
        """Forget the claim, and undo what the handler wrote; see `KeyStore.release`."""
        undoing = self._transaction(claim).undo(partial(rows.forget, claim))
        await _ended(self._over(claim, undoing))

    async def abandon(self, claim: Claim) -> None:
        """End the claim without an answer, and undo what the handler wrote."""
        ending = partial(self._end_unanswered, claim)
        await _ended(self._over(claim, self._transaction(claim).undo(ending)))

    def close(self) -> None:
        """Close the connection; call it when no handler runs any more."""
        with self._lock:
            self._live.clear()
        self._turns.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _claim(
        self, key: Key, digest: bytes, connection: sqlite3.Connection
    ) -> Claim | Kept | Held | OtherParams:
        now = self._clock()
        lease = rows.Lease(
            # Not counted: the processes of a fork would count alike.
            token=f"{self._name}.{token_hex(8)}",
            now=now,
            until=now + self._lease,
            oldest=now - self._keep,
        )
        with rows.writing(connection):
            if abs(now - self._last_purge) >= PURGE_INTERVAL:
                self._last_purge = now if rows.purge(connection, lease) else -inf
            found = rows.claim(connection, key, digest, lease)
        if isinstance(found, Claim):
            with self._lock:
                self._live[found.token] = CallTransaction(self._turns, found)
            self._renew_from_now_on()
        return found

    def _transaction(self, claim: Claim) -> CallTransaction:
        with self._lock:
            live = self._live.get(claim.token)
        return CallTransaction(self._turns, claim) if live is None else live

    def _over(self, claim: Claim, ending: Future[T]) -> Future[T]:
        """Let the claim be renewed until its end was written, or could not be."""

        def forget(_: Future[T]) -> None:
            with self._lock:
                self._live.pop(claim.token, None)

        ending.add_done_callback(forget)
        return ending

    def _disown(self, claiming: Future[Claim | Kept | Held | OtherParams]) -> None:
        """Forget a claim whose call was cancelled while it was made."""
        if claiming.cancelled() or claiming.exception() is not None:
            return
        found = claiming.result()
        if isinstance(found, Claim):
            undoing = self._transaction(found).undo(partial(rows.forget, found))
            self._over(found, undoing)

    def _end(
        self, claim: Claim, answer: bytes | None, connection: sqlite3.Connection
    ) -> bool:
        return rows.end(connection, claim, answer, self._clock())

    def _end_unanswered(self, claim: Claim, connection: sqlite3.Connection) -> None:
        self._end(claim, None, connection)

    def _renew_from_now_on(self) -> None:
        with self._lock:
            if self._renewing is not None:
                return
            self._renewing = threading.Thread(
                target=self._renew, name="idlgen-leases", daemon=True
            )
            self._renewing.start()

    def _renew(self) -> None:
        """Renew the leases as long as there are any: in a thread, for loops may stall."""
        while True:
            time.sleep(self._lease / RENEWALS)
            with self._lock:
                if not self._live:
                    self._renewing = None
                    return
            try:
                self._turns.run(self._renewed).result()
            except (sqlite3.Error, RuntimeError):
                # There are none where the store was closed meanwhile. Else the next turn
                # may do better, and a lease that ran out harms nobody.
                if self._live:
                    logger.exception("the leases of idempotency keys were not renewed")

    def _renewed(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            claims = [live.claim for live in self._live.values()]
        with rows.writing(connection):
            rows.renew(connection, filter(None, claims), self._clock() + self._lease)


def _prepare(connection: sqlite3.Connection) -> None:
    # Readers do not wait for the writer then, nor it for them.
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    with rows.writing(connection):
        for statement in rows.SCHEMA:
            connection.execute(statement)


async def _ended(ending: Future[T]) -> T:
    """Wait for it; it comes to its end also if nobody waits."""
    return await asyncio.shield(asyncio.wrap_future(ending))
