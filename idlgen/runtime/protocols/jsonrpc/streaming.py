"""Streams on the wire: an item is a notification, the end is the ordinary answer.

Beside the call that opens it, with its params, the messages of a stream are::

    {"jsonrpc":"2.0","method":"$/item","params":{"id":7,"item":...}}    either way
    {"jsonrpc":"2.0","method":"$/end","params":{"id":7}}                from the client

`id` is the call's. What the result streams is followed by an answer whose result is
null, or by one with the error that ended it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Internal, Unavailable
from idlgen.runtime.leniency import Leniency
from idlgen.runtime.method_codec import method_codec
from idlgen.runtime.protocols.jsonrpc.caller import read_result
from idlgen.runtime.protocols.jsonrpc.failures import told
from idlgen.runtime.refusals import Refused
from idlgen.runtime.scalars import JsonValue

T = TypeVar("T")

ITEM = "$/item"
END = "$/end"


def item_message(call_id: bytes, item: bytes) -> bytes:
    """Return the message that carries one item of the call's stream, both as JSON."""
    return b'{"jsonrpc":"2.0","method":"$/item","params":{"id":%b,"item":%b}}' % (
        call_id,
        item,
    )


def end_message(call_id: bytes) -> bytes:
    """Return the message that ends the client's stream, not the call."""
    return b'{"jsonrpc":"2.0","method":"$/end","params":{"id":%b}}' % call_id


class ItemParams(Struct, frozen=True):
    """What `$/item` and `$/end` carry: the id of their call, and the item."""

    id: Raw
    item: Raw = Raw(b"null")


class StreamMessage(Struct, frozen=True):
    """A message of a stream, or the answer that ends it: then it has no method."""

    method: str | UnsetType = UNSET
    params: ItemParams | UnsetType = UNSET


class _Head(Struct, frozen=True):
    method: str | UnsetType = UNSET


class SentItems:
    """The server's face: what the client sends to one call. `have_ended` is of `$/end`."""

    def __init__(self) -> None:
        self.have_ended = False

    def read(self, messages: Sequence[bytes]) -> list[Raw]:
        """Return the items that the messages bring; no messages are an end too."""
        self.have_ended = not messages
        items: list[Raw] = []
        for message in messages:
            read = _MESSAGES.decode(message)
            if read.method == END:
                self.have_ended = True
            elif read.method == ITEM and not isinstance(read.params, UnsetType):
                items.append(read.params.item)
        return items


_MESSAGES = msgspec.json.Decoder(StreamMessage)


class _NoParams(Struct, frozen=True):
    pass


ANY_STREAM: Method[JsonValue] = Method(
    "any", handler="any", params=_NoParams, returns=JsonValue, stream_result=True
)
"""Stands for a method of which nothing is known but that it streams."""


class StreamReader(Generic[T]):
    """The client's face: the messages of one call's stream to its items.

    `has_ended` says that no more items will come; `answer` is what ended them.
    """

    def __init__(
        self,
        method: Method[T],
        call_id: int,
        leniency: Leniency,
        name: str | None = None,
    ) -> None:
        """Begin to read; `name` is what messages call the method, if not by its own."""
        self._codec = method_codec(method)
        self._name = method.name if name is None else name
        self.call_id = call_id
        self._id_text = b"%d" % call_id
        self._leniency = leniency
        self.has_ended = False
        self.answer: bytes | None = None

    def read(self, messages: Sequence[bytes]) -> Iterator[T]:
        """Yield the items that the messages bring; no messages are an end too early.

        Raises:
            RpcError: the error that ended the stream, as of an ordinary answer;
                `Unavailable` where it broke off, `Internal` for what does not fit.
        """
        if not messages:
            self.has_ended = True
            raise Unavailable(f"the stream of {self._name} broke off before its end")
        for message in messages:
            item = self._item(message)
            if item is not None:
                yield self._decoded(item)
            if self.has_ended:
                return

    def end(self, answer: bytes) -> None:
        """Read the answer that ends the stream.

        Raises:
            RpcError: its error.
        """
        self.has_ended = True
        self.answer = answer
        read_result(answer, self.call_id, self._leniency, self._codec.errors)

    def _item(self, message: bytes) -> Raw | None:
        try:
            read = _MESSAGES.decode(message)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            # Perhaps of a method that this client does not know.
            if _is_notification(message):
                return None
            read = StreamMessage()
        if isinstance(read.method, UnsetType):
            self.end(message)
            return None
        if read.method != ITEM or isinstance(read.params, UnsetType):
            return None
        return read.params.item if bytes(read.params.id) == self._id_text else None

    def _decoded(self, item: Raw) -> T:
        try:
            return self._codec.decode_result(item)
        except Refused as error:
            self.has_ended = True
            text = told(f"an item of {self._name} does not fit", error.problems)
            raise Internal(text) from error.__cause__


def _is_notification(message: bytes) -> bool:
    try:
        head = msgspec.json.decode(message, type=_Head)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False
    return head.method is not UNSET
