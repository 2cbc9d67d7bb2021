"""The port of one call on a WebSocket that it shares with others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import msgspec
from msgspec import Raw

from idlgen.runtime.protocols.jsonrpc.credit import CREDIT, read_credit
from idlgen.runtime.protocols.jsonrpc.requests import Request
from idlgen.runtime.protocols.jsonrpc.streaming import END, ITEM, ItemParams
from idlgen.runtime.server.answers import Answers
from idlgen.runtime.streamflow import Inflow, Outflow


class Unread:
    """The bytes of items that wait to be taken, of all calls of one connection.

    Each call may have a MiB and more; that of many calls together is bounded too.
    """

    def __init__(self, most: int) -> None:
        self.size = 0
        self._most = most

    @property
    def has_room(self) -> bool:
        """Whether another item may wait."""
        return self.size < self._most


class SocketPort:
    """Sends within the client's credit, and gives credit for what the handler takes."""

    takes_items = True

    def __init__(
        self, answers: Answers, unread: Unread, call_id: bytes, *, has_credit: bool
    ) -> None:
        self._answers = answers
        self._unread = unread
        self._own_unread = 0
        self._call_id = call_id
        self._has_credit = has_credit
        self._has_ended = False

    # Most calls do not stream: each way is made when it is first used.
    @cached_property
    def _out(self) -> Outflow:
        return Outflow(self._answers.add, has_credit=self._has_credit)

    @cached_property
    def _in(self) -> Inflow:
        post = self._answers.add
        inflow = Inflow(post, self._call_id, gives_credit=self._has_credit)
        if self._has_ended:
            inflow.finish()
        return inflow

    def begin(self) -> None:
        """Hear that the call streams."""

    async def send(self, message: bytes) -> None:
        """Send an item; see `StreamPort.send`."""
        await self._answers.room()
        await self._out.send(message)

    async def receive(self) -> Sequence[Raw]:
        """Return the items that the client sent; see `StreamPort.receive`."""
        items = [Raw(item) for item in await self._in.take()]
        self._count_none()
        return items

    def end(self) -> None:
        """Hear that the call has ended: whoever reads on finds no more items."""
        self._has_ended = True
        self._count_none()
        if "_in" in vars(self):
            self._in.finish()

    def _count_none(self) -> None:
        self._unread.size -= self._own_unread
        self._own_unread = 0

    def take(self, message: Request) -> bool:
        """Take what the client says of the stream; false where there is no room for it."""
        if message.method == ITEM:
            item = _item(message.params)
            return item is None or self._keep(item)
        if message.method == END:
            self._in.finish()
        elif message.method == CREDIT:
            self._out.restore(read_credit(message.params))
        return True

    def _keep(self, item: bytes) -> bool:
        if not (self._unread.has_room and self._in.add(item)):
            return False
        self._own_unread += len(item)
        self._unread.size += len(item)
        return True


def _item(params: bytes) -> bytes | None:
    try:
        return bytes(msgspec.json.decode(params, type=ItemParams).item)
    except msgspec.MsgspecError:
        return None
