"""What a client may do, drawn at random, with the answer that is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Literal

from msgspec import Struct as Record, structs

from idlgen.runtime import CallOptions, RpcError, Unauthenticated
from tests.e2e.soak import truth
from tests.runtime.contract.mill.errors import NoGrain
from tests.runtime.contract.mill.types import Flour

PATIENCE = 60.0
"""Seconds after which a call that nobody hurries has been lost."""
HASTY = 0.1
"""How many of the calls have a deadline that may be too short for them."""
CANCELLED = 0.1
"""How many are cancelled, and of streams are left before their end."""
LONGEST_HASTE = 0.06
"""Seconds."""

Shape = Literal["call", "raw", "stream", "pages", "batch"]


class Operation(Record, frozen=True, kw_only=True):
    """One thing to do, and what must come of it."""

    shape: Shape
    method: str = ""
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = {}
    sent: Sequence[Any] | None = None
    """What a stream to the server holds: the first of the arguments."""
    expected: Any = None
    """The answer, the items, or the error; None where only the server knows."""
    options: CallOptions = CallOptions(timeout=PATIENCE)
    is_hasty: bool = False
    is_stranger: bool = False
    """Whether it is called with a token that nobody has."""
    taken: int | None = None
    """After how many items a stream is left."""
    cancelled_after: float | None = None
    """Seconds; only what is awaited can be cancelled."""
    parts: tuple[Operation, ...] = ()

    @property
    def is_stream(self) -> bool:
        return self.shape == "stream" or self.sent is not None

    @property
    def is_unkeyed_write(self) -> bool:
        return self.method in ("store", "book") and not self.is_keyed

    @property
    def is_keyed(self) -> bool:
        return self.options.idempotency_key is not None

    def undisturbed(self) -> Operation:
        """Return it with all the time that it needs."""
        options = structs.replace(self.options, timeout=PATIENCE)
        return structs.replace(
            self, options=options, is_hasty=False, cancelled_after=None
        )

    def __str__(self) -> str:
        given = ", ".join(
            [
                *([] if self.sent is None else [f"<{len(self.sent)} items>"]),
                *(f"{each!r:.60}" for each in self.arguments),
                *(f"{name}={each!r}" for name, each in self.named.items()),
                *(f"{part}" for part in self.parts),
            ]
        )
        return f"{self.shape} {self.method}({given})"


class Draw:
    """Draws operations for the caller of that name."""

    def __init__(self, random: Random, caller: str) -> None:
        self._random = random
        self._caller = caller
        self._writes = 0
        self._kinds = {
            self.get: 25,
            self.raw: 5,
            self.sift: 10,
            self.scan: 5,
            self.keyed: 10,
            self.unkeyed: 5,
            self.watch: 10,
            self.drip: 5,
            self.grind: 8,
            self.talk: 8,
            self.batch: 7,
            self.stranger: 2,
        }

    def operation(self) -> Operation:
        """Return one of any kind, which may be hasty or cancelled."""
        (kind,) = self._random.choices([*self._kinds], [*self._kinds.values()])
        return self._disturbed(kind())

    def each(self) -> list[Operation]:
        """Return one of each kind."""
        return [kind() for kind in self._kinds]

    def get(self) -> Operation:
        id = self._id()
        pause = self._random.randint(1, 30) if self._random.random() < 0.3 else 0
        missing = NoGrain(id=id) if truth.is_missing(id) else None
        return Operation(
            shape="call",
            method="get",
            arguments=(id,),
            named={"pause": pause},
            expected=missing or truth.grain(id, self._caller),
        )

    def raw(self) -> Operation:
        return structs.replace(self.get(), shape="raw")

    def sift(self) -> Operation:
        grain = truth.grain(self._id(), "anybody")
        return Operation(
            shape="call",
            method="sift",
            arguments=(grain,),
            expected=truth.sifted(grain, self._caller),
        )

    def scan(self) -> Operation:
        first = self._id()
        until = first + self._random.randint(0, 60)
        return Operation(
            shape="pages",
            method="iter_scan",
            arguments=(until,),
            named={"after": first - 1, "limit": self._random.randint(1, 20)},
            expected=[truth.grain(id, self._caller) for id in range(first, until)],
            taken=self._taken(until - first),
        )

    def keyed(self) -> Operation:
        """Return a write with a key, which is made until it is answered."""
        name = self._name()
        return Operation(
            shape="call",
            method=self._random.choice(["store", "book"]),
            arguments=(name,),
            options=CallOptions(timeout=PATIENCE, idempotency_key=name),
        )

    def unkeyed(self) -> Operation:
        """Return a write that must not be made again, whatever comes of it."""
        method = self._random.choice(["store", "book"])
        return Operation(shape="call", method=method, arguments=(self._name(),))

    def watch(self) -> Operation:
        first, count = self._id(), self._random.randint(0, 60)
        pause = self._random.randint(1, 5) if self._random.random() < 0.3 else 0
        if self._random.random() < 0.02:
            # More than there is credit for.
            count, pause = 1500, 0
        if truth.is_missing(first):
            expected: Any = NoGrain(id=first)
        else:
            expected = self._grains(first, count)
        return Operation(
            shape="stream",
            method="watch",
            arguments=(first, count),
            named={"pause": pause},
            expected=expected,
            taken=self._taken(count),
        )

    def drip(self) -> Operation:
        first, count = self._id(), self._random.randint(0, 60)
        return Operation(
            shape="stream",
            method="drip",
            arguments=(first, count),
            expected=self._grains(first, count),
            taken=self._taken(count),
        )

    def grind(self) -> Operation:
        grains = self._grains(self._id(), self._random.randint(0, 60))
        flour = Flour(count=0, total=0, caller=self._caller)
        for grain in grains:
            flour = truth.ground(flour, grain)
        return Operation(shape="call", method="grind", sent=grains, expected=flour)

    def talk(self) -> Operation:
        number = self._random.randint(0, 60)
        words = [f"{self._caller} {self._id()} {index}" for index in range(number)]
        return Operation(
            shape="stream",
            method="talk",
            sent=words,
            expected=[truth.reply(word) for word in words],
            taken=self._taken(number),
        )

    def batch(self) -> Operation:
        makers = [self.get, self.sift]
        number = self._random.randint(1, 12)
        parts = [self._random.choice(makers)() for _ in range(number)]
        return Operation(shape="batch", parts=tuple(parts))

    def stranger(self) -> Operation:
        made = self._random.choice([self.get, self.sift, self.watch, self.talk])()
        return structs.replace(
            made, expected=Unauthenticated(), is_stranger=True, taken=None
        )

    def _disturbed(self, operation: Operation) -> Operation:
        chance = self._random.random()
        if chance < HASTY:
            timeout = self._random.uniform(0.001, LONGEST_HASTE)
            return _hastened(operation, timeout)
        if chance < HASTY + CANCELLED:
            after = self._random.uniform(0, LONGEST_HASTE)
            return structs.replace(operation, cancelled_after=after)
        return operation

    def _id(self) -> int:
        return self._random.randint(0, 10**9)

    def _name(self) -> str:
        self._writes += 1
        return f"{self._caller} {self._writes}"

    def _grains(self, first: int, count: int) -> list[Any]:
        return [truth.grain(id, self._caller) for id in range(first, first + count)]

    def _taken(self, number: int) -> int | None:
        if self._random.random() < 2 * CANCELLED:
            return self._random.randint(0, number)
        return None


def _hastened(operation: Operation, timeout: float) -> Operation:
    return structs.replace(
        operation,
        options=structs.replace(operation.options, timeout=timeout),
        is_hasty=True,
        parts=tuple(_hastened(part, timeout) for part in operation.parts),
    )


class Wrong(Exception):
    """What must not come of an operation."""


def check_answer(operation: Operation, answer: Any) -> None:
    """Refuse an answer that is not the one.

    Raises:
        Wrong: it is another one, or there should have been an error.
    """
    if operation.expected is None:
        if not isinstance(answer, str):
            raise Wrong(f"{operation} answered {answer!r:.200}")
    elif answer != operation.expected:
        raise Wrong(f"{operation} answered {answer!r:.200}")


def check_item(operation: Operation, index: int, item: Any) -> None:
    """Refuse an item of a stream that is not the one at that place.

    Raises:
        Wrong: it is another one, or there should be none.
    """
    items = operation.expected
    if isinstance(items, RpcError) or index >= len(items) or item != items[index]:
        raise Wrong(f"{operation} had at {index} {item!r:.200}")


def check_end(operation: Operation, index: int) -> None:
    """Refuse the end of a stream that should go on.

    Raises:
        Wrong: items are missing, or an error is.
    """
    if isinstance(operation.expected, RpcError) or index != len(operation.expected):
        raise Wrong(f"{operation} ended after {index} items")


def is_expected(operation: Operation, error: RpcError) -> bool:
    """Return whether the error is the answer."""
    expected = operation.expected
    if isinstance(expected, NoGrain):
        return type(error) is NoGrain and error.id == expected.id
    return isinstance(expected, Unauthenticated) and type(error) is Unauthenticated
