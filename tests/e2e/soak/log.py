"""What the clients of a process report, each a line of JSON on its standard output."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

import msgspec
from msgspec import Struct as Record

from idlgen.runtime import DeadlineExceeded, RpcError, Unavailable
from tests.e2e.faults.counting import Counts
from tests.e2e.soak.operations import Operation, Wrong, check_answer, is_expected


class Fault(Record, frozen=True, tag="fault"):
    """What came of an operation, and must not."""

    caller: str
    what: str


class Keyed(Record, frozen=True, tag="keyed"):
    """A write with a key: what it was answered."""

    key: str
    answer: str


class Unkeyed(Record, frozen=True, tag="unkeyed"):
    """A write without a key: what it was answered, None if nobody knows."""

    name: str
    answer: str | None


class Unreached(Record, frozen=True, tag="unreached"):
    """An operation that was `Unavailable`; the times are of the monotonic clock."""

    caller: str
    what: str
    begun: float
    ended: float


class Rested(Record, frozen=True, tag="rested"):
    """What the process holds while none of its clients does anything."""

    held: Counts
    tally: dict[str, int]


Report = Fault | Keyed | Unkeyed | Unreached | Rested


class Log:
    """Reports of many clients, and a tally of what needs none."""

    def __init__(self) -> None:
        self._tally: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._encoder = msgspec.json.Encoder()

    @property
    def tally(self) -> dict[str, int]:
        with self._lock:
            return dict(self._tally)

    def report(self, report: Report) -> None:
        line = self._encoder.encode(report).decode()
        with self._lock:
            print(line, flush=True)

    def count(self, what: str, number: int = 1) -> None:
        with self._lock:
            self._tally[what] += number

    def answered(
        self, caller: str, operation: Operation, answer: Any, begun: float
    ) -> None:
        """Take note of an answer that is right, as far as one call goes."""
        self.count("stream" if operation.is_stream else operation.shape)
        if operation.shape == "batch":
            self._batch(caller, answer, begun)
        elif operation.options.idempotency_key is not None:
            self.report(Keyed(operation.options.idempotency_key, answer))
        elif operation.is_unkeyed_write:
            self.report(Unkeyed(operation.arguments[0], answer))

    def _batch(self, caller: str, answers: Any, begun: float) -> None:
        for part, call in answers:
            try:
                check_answer(part, call.result())
            except Exception as error:
                self.failed(caller, part, error, begun)
            else:
                self.count("in batches")

    def failed(
        self, caller: str, operation: Operation, error: Exception, begun: float
    ) -> bool:
        """Judge an error; return whether it is the answer to the operation."""
        if operation.is_unkeyed_write:
            self.report(Unkeyed(operation.arguments[0], None))
        if isinstance(error, RpcError) and is_expected(operation, error):
            self.count(f"{type(error).__name__}, as is right")
            return True
        if type(error) is Unavailable:
            self.count("Unavailable")
            what = f"{operation}: {error}"
            self.report(Unreached(caller, what, begun, time.monotonic()))
        elif type(error) is DeadlineExceeded and operation.is_hasty:
            self.count("DeadlineExceeded")
        elif isinstance(error, Wrong):
            self.report(Fault(caller, f"{error}"))
        else:
            self.report(Fault(caller, f"{operation} raised {error!r}"))
        return False

    def cancelled(self, operation: Operation) -> None:
        """Take note that the caller gave up, and so knows nothing."""
        self.count("cancelled")
        if operation.is_unkeyed_write:
            self.report(Unkeyed(operation.arguments[0], None))
