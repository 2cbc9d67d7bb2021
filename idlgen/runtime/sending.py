"""What a client streams: its items to messages, while the answer may already come."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from contextvars import copy_context
from typing import Generic, TypeVar

from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import InvalidArgument
from idlgen.runtime.method_codec import method_codec
from idlgen.runtime.protocols.jsonrpc.failures import told
from idlgen.runtime.protocols.jsonrpc.streaming import end_message, item_message
from idlgen.runtime.refusals import Refused
from idlgen.runtime.transports.streaming import AsyncTwoWayMessages, TwoWayMessages

T = TypeVar("T")


class Outgoing(Generic[T]):
    """Writes the messages of one call's stream to the server."""

    def __init__(self, method: Method[T], call_id: int) -> None:
        self._name = method.name
        self._codec = method_codec(method)
        self._id = b"%d" % call_id

    def item(self, item: object) -> bytes:
        """Return the message with the item.

        Raises:
            InvalidArgument: it does not fit its type.
        """
        try:
            return item_message(self._id, self._codec.encode_sent_item(item))
        except Refused as error:
            text = told(f"wrong item for {self._name}", error.problems)
            problems = error.problems
            raise InvalidArgument(text, problems=problems) from error.__cause__

    @property
    def end(self) -> bytes:
        """The message behind the last item."""
        return end_message(self._id)


class Sending:
    """Sends items; what hinders it ends the whole stream, and is the `error` then."""

    def __init__(
        self,
        outgoing: Outgoing[T],
        messages: TwoWayMessages,
        items: Iterable[object],
    ) -> None:
        self._outgoing = outgoing
        self._messages = messages
        self._items = items
        self.error: Exception | None = None

    def start(self) -> None:
        """Send in a thread, as this one waits for what comes back."""
        run = copy_context().run
        threading.Thread(
            target=run, args=(self.run,), name="idlgen-sending", daemon=True
        ).start()

    def run(self) -> None:
        """Send all items, unless the server has answered before it has them."""
        try:
            for item in self._items:
                if not self._messages.send(self._outgoing.item(item)):
                    return
            self._messages.send(self._outgoing.end)
        except Exception as error:
            self.error = error
            self._messages.close(is_whole=False)


class AsyncSending:
    """The same in a task of its own."""

    def __init__(
        self,
        outgoing: Outgoing[T],
        messages: AsyncTwoWayMessages,
        items: AsyncIterable[object] | Iterable[object],
    ) -> None:
        self._outgoing = outgoing
        self._messages = messages
        self._items = items
        self.error: Exception | None = None
        self._task = asyncio.ensure_future(self._run())

    async def aclose(self) -> None:
        """Send no more."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            async for item in _each(self._items):
                if not await self._messages.send(self._outgoing.item(item)):
                    return
            await self._messages.send(self._outgoing.end)
        except Exception as error:
            self.error = error
            await self._messages.aclose(is_whole=False)


async def _each(
    items: AsyncIterable[object] | Iterable[object],
) -> AsyncIterator[object]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
