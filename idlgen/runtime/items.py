"""The items of an open stream, sync and async: what `streams` gives inside its block."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Generic, TypeVar

from idlgen.runtime.attempts import Attempt, at_once
from idlgen.runtime.errors import Cancelled, RpcError, received
from idlgen.runtime.outcome import outcome
from idlgen.runtime.protocols.jsonrpc.streaming import StreamReader
from idlgen.runtime.sending import AsyncSending, Sending
from idlgen.runtime.transports.streaming import AsyncMessages, Messages

T = TypeVar("T")


class Items(Generic[T]):
    """The items that one open stream brings, as they are asked for.

    There are no `messages` where the stream has ended already. `sending` is what the
    client streams, where it does. `attempt` is what to leave behind the stream.
    """

    def __init__(
        self,
        reader: StreamReader[T],
        messages: Messages | None,
        sending: Sending | None = None,
        attempt: Attempt | None = None,
    ) -> None:
        self.reader = reader
        self._messages = messages
        self._sending = sending
        self._attempt = attempt
        self._error: Exception | None = None
        self._batch: Iterator[T] = iter(())
        self._is_over = False

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        try:
            while True:
                for item in self._batch:
                    return item
                if self._is_over or self.reader.has_ended or self._messages is None:
                    raise StopIteration
                self._batch = self.reader.read(self._messages.receive())
        except RpcError as error:
            self._is_over = True
            self._error = received(error)
            if self._sending is not None and self._sending.error is not None:
                self._error = self._sending.error
                raise self._error from None
            raise

    def close(self) -> None:
        """End the stream."""
        self._is_over = True
        try:
            if self._messages is not None:
                self._messages.close(is_whole=self.reader.has_ended)
        finally:
            if self._attempt is not None:
                error, self._error = _ending(self._error, self.reader), None
                with outcome:
                    at_once(self._attempt.leave(error))


class AsyncItems(Generic[T]):
    """The same for an event loop; one task at a time may ask."""

    def __init__(
        self,
        reader: StreamReader[T],
        messages: AsyncMessages | None,
        sending: AsyncSending | None = None,
        attempt: Attempt | None = None,
    ) -> None:
        self.reader = reader
        self._messages = messages
        self._sending = sending
        self._attempt = attempt
        self._error: Exception | None = None
        self._batch: Iterator[T] = iter(())
        self._is_over = False

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        try:
            while True:
                for item in self._batch:
                    return item
                if self._is_over or self.reader.has_ended or self._messages is None:
                    raise StopAsyncIteration
                self._batch = self.reader.read(await self._messages.receive())
        except RpcError as error:
            self._is_over = True
            self._error = received(error)
            if self._sending is not None and self._sending.error is not None:
                self._error = self._sending.error
                raise self._error from None
            raise

    async def aclose(self) -> None:
        """End the stream."""
        self._is_over = True
        try:
            try:
                if self._sending is not None:
                    await self._sending.aclose()
            finally:
                # Who is cancelled here too has to give up the call all the same.
                if self._messages is not None:
                    await self._messages.aclose(is_whole=self.reader.has_ended)
        finally:
            if self._attempt is not None:
                error, self._error = _ending(self._error, self.reader), None
                with outcome:
                    await self._attempt.leave(error)


def _ending(error: Exception | None, reader: StreamReader[T]) -> Exception | None:
    """Return what a stream ended with, for whoever stands around it."""
    if error is None and not reader.has_ended:
        return Cancelled("the stream was left before its end")
    return error
