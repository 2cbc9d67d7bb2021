"""A stream whose two ends are tasks of one event loop: no socket between them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from msgspec import Raw

from idlgen.runtime.outbox import Outbox
from idlgen.runtime.protocols.jsonrpc.streaming import SentItems
from idlgen.runtime.transports import failures
from idlgen.runtime.transports.streaming import Patience


class LocalPort:
    """The server's end, a `StreamPort`."""

    takes_items = True

    def __init__(self, to_client: Outbox, to_server: Outbox) -> None:
        self._to_client = to_client
        self._to_server = to_server
        self._sent = SentItems()

    def begin(self) -> None:
        """Hear that the call streams."""

    async def send(self, message: bytes) -> None:
        """Send a message; see `StreamPort.send`."""
        await self._to_client.put(message)

    async def receive(self) -> Sequence[Raw]:
        """Return the items that the client sent; see `StreamPort.receive`."""
        while not self._sent.have_ended:
            items = self._sent.read(await self._to_server.take())
            if items:
                return items
        return ()


class LocalStream:
    """The client's end, and the task in which the call is answered at the other."""

    def __init__(self, peer: str, patience: Patience) -> None:
        """`peer` is what messages call the other side."""
        self._peer = peer
        self._patience = patience
        self._to_client = Outbox()
        self._to_server = Outbox()
        self._serving: asyncio.Task[None] | None = None
        self.port = LocalPort(self._to_client, self._to_server)

    def start(self, answering: Coroutine[Any, Any, bytes | None]) -> None:
        """Have the call answered, which streams through `port`."""
        self._serving = asyncio.ensure_future(self._serve(answering))

    async def receive(self) -> Sequence[bytes]:
        """Return the messages of the server; see `AsyncMessages.receive`."""
        messages = await self._to_client.take(self._patience.seconds)
        if not messages and not self._to_client.is_finished:
            raise failures.late(self._peer, self._patience.timeout)
        return messages

    async def send(self, message: bytes) -> bool:
        """Send a message; see `AsyncTwoWayMessages.send`."""
        if self._to_server.is_finished:
            return False
        try:
            async with asyncio.timeout(self._patience.seconds):
                await self._to_server.put(message)
        except TimeoutError as error:
            raise failures.late(self._peer, self._patience.timeout) from error
        return True

    async def aclose(self, *, is_whole: bool) -> None:
        """End the call: its handler is cancelled, unless `is_whole`, and has ended."""
        self._to_client.finish()
        if self._serving is None:
            return
        if is_whole:
            self._to_server.finish()
        else:
            # To a handler in a thread a finish would look as if the client had ended.
            self._serving.cancel()
        await asyncio.wait([self._serving])

    async def _serve(self, answering: Coroutine[Any, Any, bytes | None]) -> None:
        answer = None
        try:
            answer = await answering
        finally:
            self._to_client.finish(answer)
            self._to_server.finish()
