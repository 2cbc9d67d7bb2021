"""One SQLite connection that is used in turns, in a thread of its own.

SQLite has one writer at a time. That the callers of one process queue here, and not for
SQLite's lock, is what lets a task keep its turn while it waits for something else: who
queues blocks no thread, so whatever the holder needs to come to an end still runs.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

BUSY_TIMEOUT = 30.0
"""Seconds that a turn waits for other processes to end their transactions."""

Work = Callable[[sqlite3.Connection], T]


class Turns:
    """Runs pieces of work on the connection to a database, one after the other."""

    def __init__(self, path: str | Path, prepare: Work[None]) -> None:
        """`prepare` is the first work, when there is some."""
        self._path = path
        self._prepare = prepare
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, "idlgen-keys")
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_taken = False
        self._lock = Lock()

    def run(self, work: Work[T]) -> Future[T]:
        """Have the work done when its turn comes, unless it is cancelled before."""
        future: Future[T] = Future()
        self._queue(partial(self._perform, work, future, keeps_turn=False))
        return future

    def take(self, work: Work[T]) -> Future[T]:
        """Do the same, and keep the turn until `pass_on`, unless the work raises.

        Meanwhile who has the turn uses the connection as it likes.
        """
        future: Future[T] = Future()
        self._queue(partial(self._perform, work, future, keeps_turn=True))
        return future

    def run_last(self, work: Work[T]) -> Future[T]:
        """Have the work done that ends the turn which the caller has, in any case."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        self._thread.submit(self._perform, work, future, keeps_turn=False)
        return future

    def close(self) -> None:
        """Wait for the work that was given, and close the connection."""
        if self._connection is not None:
            self.run(sqlite3.Connection.close).result()
        self._thread.shutdown()

    def _queue(self, perform: Callable[[], None]) -> None:
        with self._lock:
            if self._is_taken:
                self._waiting.append(perform)
                return
            # Raises where the store was closed.
            self._thread.submit(perform)
            self._is_taken = True

    def _pass_on(self) -> None:
        with self._lock:
            if not self._waiting:
                self._is_taken = False
                return
            following = self._waiting.popleft()
        self._thread.submit(following)

    def _perform(
        self, work: Work[Any], future: Future[Any], *, keeps_turn: bool
    ) -> None:
        if not future.running() and not future.set_running_or_notify_cancel():
            self._pass_on()
            return
        try:
            result = work(self._opened())
        except BaseException as error:
            self._pass_on()
            future.set_exception(error)
        else:
            if not keeps_turn:
                self._pass_on()
            future.set_result(result)

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None or is_closed(self._connection):
            # Whoever has the turn uses it, in whatever thread: never two at once.
            connection = sqlite3.connect(
                self._path,
                timeout=BUSY_TIMEOUT,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        # What the last one in turn set for itself.
        self._connection.row_factory = None
        return self._connection


def is_closed(connection: sqlite3.Connection) -> bool:
    """Return whether somebody closed it: a handler, which had the turn."""
    try:
        connection.cursor()
    except sqlite3.ProgrammingError:
        return True
    return False
