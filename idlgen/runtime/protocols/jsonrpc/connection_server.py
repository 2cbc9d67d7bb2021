"""A server's side of one connection: which calls are in flight, which are cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec
from msgspec import Raw, Struct, Struct as Record

from idlgen.runtime.errors import Problem, ResourceExhausted, RpcError
from idlgen.runtime.protocols.jsonrpc.answers import error_answer
from idlgen.runtime.protocols.jsonrpc.failures import (
    INVALID_REQUEST,
    ErrorObject,
    reserved_error,
    status_error,
)
from idlgen.runtime.protocols.jsonrpc.messages import Entry
from idlgen.runtime.protocols.jsonrpc.requests import Address, Request

CANCEL = "$/cancel"
OWN = "$/"
"""Notifications that begin so are the protocol's; those that are unknown are ignored."""

NO_ID = b"null"


class Flight:
    """A message that is being answered.

    `live` are the ids of its calls that nobody has cancelled: a batch is cancelled with
    the last of them. `size` is how many bytes it came in. `has_begun` is for whoever
    carries it out.
    """

    __slots__ = ("has_begun", "ids", "live", "message", "size")

    def __init__(self, message: Request | list[Entry], size: int) -> None:
        self.message = message
        self.size = size
        self.ids = {address.id for address in _addresses(message)} - {NO_ID}
        self.live = set(self.ids)
        self.has_begun = False

    @property
    def calls(self) -> int:
        """How many calls it counts for."""
        return len(self.message) if isinstance(self.message, list) else 1

    def is_given_up(self) -> bool:
        """Return whether the client has cancelled all of its calls."""
        return not self.live and bool(self.ids)

    def refusal(self, error: RpcError) -> bytes | None:
        """Return what answers each of its calls with the error."""
        return _refusal(self.message, status_error(error))


class Begin(Record, frozen=True):
    """Carry out the message, then `end` its flight and send the answer."""

    flight: Flight


class Answer(Record, frozen=True):
    """Send this text."""

    text: bytes


class Cancel(Record, frozen=True):
    """End the work on this message; it is still answered, see `Flight.refusal`."""

    flight: Flight


Event: TypeAlias = Begin | Answer | Cancel | None


class ServerConnection:
    """Decides what to do with each message of one client.

    At most `max_calls` calls are in flight, in messages of at most `max_bytes`
    together; what is beyond is answered with `resource_exhausted`.
    """

    def __init__(self, *, max_calls: int, max_bytes: int) -> None:
        self._max_calls = max_calls
        self._max_bytes = max_bytes
        self._calls = 0
        self._bytes = 0
        self._flights: dict[bytes, Flight] = {}

    @property
    def is_full(self) -> bool:
        """Whether another call would be refused."""
        return self._calls >= self._max_calls

    def receive(self, message: Request | list[Entry], size: int) -> Event:
        """Return what the message, which came in `size` bytes, asks for."""
        if isinstance(message, Request) and _is_own(message):
            return self._cancel(message) if message.method == CANCEL else None
        flight = Flight(message, size)
        if not self._flights.keys().isdisjoint(flight.ids):
            return _answered(message, _in_use())
        if not self._has_room(flight):
            return _answered(message, self._too_many())
        self._calls += flight.calls
        self._bytes += size
        for call_id in flight.ids:
            self._flights[call_id] = flight
        return Begin(flight)

    def end(self, flight: Flight) -> None:
        """Forget the message: its work is done."""
        self._calls -= flight.calls
        self._bytes -= flight.size
        for call_id in flight.ids:
            del self._flights[call_id]

    def _has_room(self, flight: Flight) -> bool:
        if self._calls + flight.calls > self._max_calls:
            return False
        # A message alone is always taken: its own limit is that of messages.
        return not self._bytes or self._bytes + flight.size <= self._max_bytes

    def _too_many(self) -> ErrorObject:
        text = (
            f"a connection has at most {self._max_calls} calls in flight, "
            f"of {self._max_bytes} bytes together"
        )
        return status_error(ResourceExhausted(text))

    def _cancel(self, message: Request) -> Event:
        call_id = _cancelled_id(message)
        flight = self._flights.get(call_id)
        if flight is None or call_id not in flight.live:
            return None
        flight.live.discard(call_id)
        return Cancel(flight) if flight.is_given_up() else None


class _CancelParams(Struct, frozen=True):
    id: Raw


def _is_own(message: Request) -> bool:
    return message.address is None and message.method.startswith(OWN)


def _cancelled_id(message: Request) -> bytes:
    """Return the id that `$/cancel` names; what it cannot name is no id of a call."""
    try:
        return bytes(msgspec.json.decode(message.params, type=_CancelParams).id)
    except msgspec.MsgspecError:
        return NO_ID


def _addresses(message: Request | list[Entry]) -> Iterator[Address]:
    for entry in message if isinstance(message, list) else (message,):
        if entry.address is not None:
            yield entry.address


def _answered(message: Request | list[Entry], error: ErrorObject) -> Answer | None:
    text = _refusal(message, error)
    return None if text is None else Answer(text)


def _refusal(message: Request | list[Entry], error: ErrorObject) -> bytes | None:
    """Return what answers each call of the message with the error."""
    if isinstance(message, Request):
        return None if message.address is None else error_answer(message.address, error)
    answers = [error_answer(address, error) for address in _addresses(message)]
    return b"[%b]" % b",".join(answers) if answers else None


def _in_use() -> ErrorObject:
    problem = Problem("$.id", "Is that of a call in flight")
    return reserved_error(INVALID_REQUEST, [problem])
