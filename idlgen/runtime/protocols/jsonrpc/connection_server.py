"""A server's side of one connection: which calls are in flight, which are cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec
from msgspec import Raw, Struct, Struct as Record

from idlgen.runtime.errors import Cancelled, Problem, ResourceExhausted, RpcError
from idlgen.runtime.protocols.jsonrpc.answers import error_answer
from idlgen.runtime.protocols.jsonrpc.credit import CREDIT
from idlgen.runtime.protocols.jsonrpc.failures import (
    INVALID_REQUEST,
    ErrorObject,
    reserved_error,
    status_error,
)
from idlgen.runtime.protocols.jsonrpc.messages import Entry
from idlgen.runtime.protocols.jsonrpc.requests import Address, Request
from idlgen.runtime.protocols.jsonrpc.streaming import END, ITEM

CANCEL = "$/cancel"
OWN = "$/"
"""Notifications that begin so are the protocol's; those that are unknown are ignored."""

OF_STREAMS = frozenset({ITEM, END, CREDIT})

NO_ID = b"null"


class Flight:
    """A message that is being answered.

    `live` are the ids of its calls that nobody has cancelled: a batch is cancelled with
    the last of them. `size` is how many bytes it came in. `has_begun` is for whoever
    carries it out, and so is `fault`: what ends it before its time.
    """

    __slots__ = ("fault", "has_begun", "ids", "live", "message", "size")

    def __init__(self, message: Request | list[Entry], size: int) -> None:
        self.message = message
        self.size = size
        if isinstance(message, list):
            self.ids = {address.id for address in _addresses(message)}
        else:
            self.ids = set() if message.address is None else {message.address.id}
        self.ids.discard(NO_ID)
        self.live = set(self.ids)
        self.has_begun = False
        self.fault: RpcError | None = None

    @property
    def calls(self) -> int:
        """How many calls it counts for."""
        return len(self.message) if isinstance(self.message, list) else 1

    def is_given_up(self) -> bool:
        """Return whether the client has cancelled all of its calls."""
        return not self.live and bool(self.ids)

    def ended_by(self) -> RpcError | None:
        """Return what ended it before its time, if something did."""
        if self.fault is None and self.is_given_up():
            return Cancelled("the client gave up")
        return self.fault

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


class Notice(Record, frozen=True):
    """Hand the message, which is of a stream, to the call that streams."""

    flight: Flight
    message: Request


Event: TypeAlias = Begin | Answer | Cancel | Notice | None


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
            return self._own(message)
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

    def _own(self, message: Request) -> Event:
        call_id = _named_id(message)
        if message.method == CANCEL:
            return self._cancel(call_id)
        flight = self._flights.get(call_id)
        if flight is None or message.method not in OF_STREAMS:
            return None
        return Notice(flight, message)

    def _cancel(self, call_id: bytes) -> Event:
        flight = self._flights.get(call_id)
        if flight is None or call_id not in flight.live:
            return None
        flight.live.discard(call_id)
        return Cancel(flight) if flight.is_given_up() else None


class _NamingParams(Struct, frozen=True):
    id: Raw


def _is_own(message: Request) -> bool:
    return message.address is None and message.method.startswith(OWN)


def _named_id(message: Request) -> bytes:
    """Return the id that the notification names; what it cannot is no id of a call."""
    try:
        return bytes(msgspec.json.decode(message.params, type=_NamingParams).id)
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
