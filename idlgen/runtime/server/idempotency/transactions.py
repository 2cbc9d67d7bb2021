"""The transaction in which a handler writes, and which ends with the answer of its call."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import Future
from functools import partial
from threading import Lock
from types import TracebackType
from typing import TypeVar

from idlgen.runtime.server.idempotency.keys import Claim, ClaimLost
from idlgen.runtime.server.idempotency.sqlite_rows import holds, undo, writing
from idlgen.runtime.server.idempotency.turns import Turns, Work, is_closed

T = TypeVar("T")

NESTED = "a transaction of this call is open already: use its connection"
ON_LOOP = (
    "`with` would stop the event loop until other calls have written: in an `async def` "
    "handler write `async with`"
)
ENDED_INSIDE = (
    "the transaction was ended inside its block (by `commit`, `executescript` or "
    "`with db`): it is committed by itself, together with the answer"
)
LEFT_OPEN = "the handler returned while a task of its was still in its transaction"


class CallTransaction:
    """The transaction of one call, which its first block begins; enter it for a block.

    Who begins it has the turn on the connection until it ends. A handler in a thread may
    outlive its call: then it ends with the block that the handler is in.
    """

    def __init__(self, turns: Turns, claim: Claim | None = None) -> None:
        """Without a claim, it ends with its block."""
        self.claim = claim
        self._turns = turns
        self._connection: sqlite3.Connection | None = None
        self._is_in_block = False
        self._is_over = False
        self._afterwards: Work[None] | None = None
        self._lock = Lock()

    def __enter__(self) -> sqlite3.Connection:
        if _is_on_loop():
            raise RuntimeError(ON_LOOP)
        begun = self._begin()
        try:
            return self._entered(begun.result())
        except BaseException:
            self._not_entered(begun)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave(failed=error is not None).result()

    async def __aenter__(self) -> sqlite3.Connection:
        begun = self._begin()
        try:
            return self._entered(await asyncio.wrap_future(begun))
        except BaseException:
            self._not_entered(begun)
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.wrap_future(self._leave(failed=error is not None))

    def commit(self, work: Work[bool]) -> Future[bool]:
        """Do the work and commit all if it returns true, else undo all; end with that.

        Raises:
            RuntimeError: a block is still open.
        """
        with self._lock:
            if self._is_in_block:
                raise RuntimeError(LEFT_OPEN)
            self._is_over = True
            connection, self._connection = self._connection, None
        if connection is None:
            return self._turns.run(partial(_alone, work))
        return self._turns.run_last(partial(_committed, work))

    def undo(self, work: Work[None]) -> Future[None]:
        """Undo all, and do the work by itself; in the end of a block that is open."""
        with self._lock:
            self._is_over = True
            if self._is_in_block:
                self._afterwards = work
                return _done(None)
        if self._connection is None:
            return self._turns.run(partial(_alone, work))
        return self._turns.run_last(partial(_undone, work))

    def _begin(self) -> Future[sqlite3.Connection]:
        """Begin a block, and the transaction where there is none.

        Raises:
            RuntimeError, ClaimLost: there is a block already; the call has ended.
        """
        with self._lock:
            if self._is_over:
                raise ClaimLost
            if self._is_in_block:
                raise RuntimeError(NESTED)
            self._is_in_block = True
        if self._connection is not None:
            return _done(self._connection)
        return self._turns.take(partial(_begun, self.claim))

    def _entered(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        if self._is_over:
            raise ClaimLost
        connection.execute("SAVEPOINT idlgen_block")
        self._connection = connection
        return connection

    def _not_entered(self, begun: Future[sqlite3.Connection]) -> None:
        """Take back what `_begin` did, also where it is still doing it."""
        with self._lock:
            self._is_in_block = False
            afterwards, self._afterwards = self._afterwards, None
        if self._connection is None:
            begun.add_done_callback(self._give_back)
            if afterwards is not None:
                self._turns.run(partial(_alone, afterwards))
        elif afterwards is not None:
            self._turns.run_last(partial(_undone, afterwards))

    def _give_back(self, begun: Future[sqlite3.Connection]) -> None:
        if not begun.cancelled() and begun.exception() is None:
            self._turns.run_last(undo)

    def _leave(self, *, failed: bool) -> Future[None]:
        """Leave the block, undone if it `failed`; return the end of what that takes.

        Raises:
            RuntimeError: the transaction was ended inside.
        """
        assert self._connection is not None
        was_open = _end_block(self._connection, undone=failed)
        with self._lock:
            self._is_in_block = False
            afterwards = self._afterwards
        ending = _done(None)
        if afterwards is not None:
            ending = self._turns.run_last(partial(_undone, afterwards))
        elif self.claim is None:
            self._connection = None
            ending = self._turns.run_last(_commit)
        if not was_open and not failed:
            raise RuntimeError(ENDED_INSIDE)
        return ending


def _begun(claim: Claim | None, connection: sqlite3.Connection) -> sqlite3.Connection:
    """Begin to write: from here on nobody can take the claim away."""
    connection.execute("BEGIN IMMEDIATE")
    if claim is not None and not holds(claim, connection):
        undo(connection)
        raise ClaimLost
    return connection


def _end_block(connection: sqlite3.Connection, *, undone: bool) -> bool:
    """End the block in its transaction; return False where that is there no more."""
    try:
        if not connection.in_transaction:
            return False
        if undone:
            connection.execute("ROLLBACK TO idlgen_block")
        connection.execute("RELEASE idlgen_block")
    except sqlite3.Error:
        # The handler began another one, or closed the connection.
        if not is_closed(connection):
            undo(connection)
        return False
    return True


def _commit(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("COMMIT")


def _committed(work: Work[bool], connection: sqlite3.Connection) -> bool:
    """Do the work in the transaction that is open, and end it."""
    try:
        if not connection.in_transaction:
            raise RuntimeError(ENDED_INSIDE)
        is_meant = work(connection)
        if is_meant:
            connection.execute("COMMIT")
        return is_meant
    finally:
        undo(connection)


def _undone(work: Work[None], connection: sqlite3.Connection) -> None:
    undo(connection)
    _alone(work, connection)


def _alone(work: Work[T], connection: sqlite3.Connection) -> T:
    with writing(connection):
        return work(connection)


def _done(result: T) -> Future[T]:
    done: Future[T] = Future()
    done.set_result(result)
    return done


def _is_on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
