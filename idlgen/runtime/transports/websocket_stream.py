"""A stream of a client on a WebSocket that it shares with other calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct, UnsetType

from idlgen.runtime.protocols.jsonrpc.credit import CREDIT
from idlgen.runtime.protocols.jsonrpc.streaming import ITEM
from idlgen.runtime.streamflow import Inflow, Outflow
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.streaming import Patience
from idlgen.runtime.transports.websocket_socket import Socket


class _Params(Struct, frozen=True):
    id: int
    n: int = 0


class Notice(Struct, frozen=True):
    """A message of a stream; an answer has no method, so it is none."""

    method: str
    params: _Params | UnsetType = msgspec.UNSET


_NOTICES = msgspec.json.Decoder(Notice)


def read_notice(message: bytes) -> Notice | None:
    """Return the message if it is of a stream."""
    try:
        return _NOTICES.decode(message)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


class LinkedStream:
    """The messages of one call, which its link hands over as they come.

    To the link it is what waits for the call's answer, as a future is for other calls.
    """

    def __init__(
        self,
        call_id: int,
        url: str,
        patience: Patience,
        socket: Socket,
        give_up: Callable[[], None],
    ) -> None:
        """`give_up` tells the server that nobody waits any more."""
        self.call_id = call_id
        self._url = url
        self._patience = patience
        self._socket = socket
        self._give_up = give_up
        has_credit = socket.subprotocol is not None
        self._out = Outflow(socket.post, has_credit=has_credit)
        self._in = Inflow(socket.post, b"%d" % call_id, gives_credit=has_credit)
        self._error: Exception | None = None
        self._is_done = False

    async def receive(self) -> Sequence[bytes]:
        """Return the messages that have come; see `AsyncMessages.receive`."""
        messages = await self._in.take(self._patience.seconds)
        if messages or self._is_done:
            if not messages and self._error is not None:
                raise self._error
            return messages
        raise failures.late(self._url, self._patience.timeout)

    async def send(self, message: bytes) -> bool:
        """Send a message; see `AsyncTwoWayMessages.send`."""
        await self._socket.writable()
        await self._out.send(message)
        return not self._is_done

    async def aclose(self, *, is_whole: bool) -> None:
        """End the stream; where its answer has not come the server is told."""
        if not (self._is_done or is_whole):
            self._give_up()
        self._end(None)

    def take(self, notice: Notice, message: bytes) -> None:
        """Take what the server says of the stream.

        A server that knows no credit may send more than there is room for: that ends
        the call, for nothing else could stop it.
        """
        if notice.method == CREDIT and isinstance(notice.params, _Params):
            self._out.restore(notice.params.n)
        elif notice.method == ITEM and not self._is_done and not self._in.add(message):
            self._give_up()
            self.set_exception(failures.too_many_items(self._url))

    def done(self) -> bool:
        """Return whether the answer has come, or never will."""
        return self._is_done

    def set_result(self, answer: bytes) -> None:
        """Take the answer: the last of the messages."""
        self._end(answer)

    def set_exception(self, error: Exception) -> None:
        """Take that no answer will come; what has come is received before that."""
        self._error = error
        self._end(None)

    def _end(self, answer: bytes | None) -> None:
        if not self._is_done:
            self._is_done = True
            self._in.finish(answer)
            self._out.finish()
