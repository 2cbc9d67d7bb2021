"""Answers on their way to one client that may read slowly, or not at all."""

from __future__ import annotations

import asyncio

from idlgen.runtime.server.scope import Send

MAX_UNSENT = 1024 * 1024
"""Bytes that may wait for a client before no more of its calls are taken."""


class Answers:
    """Texts that wait for the socket, one after the other, then the close.

    What others wait for is made when they do: most connections are idle, and an event
    of asyncio takes a kilobyte.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._texts: list[bytes] = []
        self._size = 0
        self._close_code: int | None = None
        self._is_full = False
        self._has_ended = False
        self._some: asyncio.Future[None] | None = None
        self._room: asyncio.Event | None = None
        self._end: asyncio.Event | None = None

    def add(self, text: bytes) -> None:
        """Send the text when those before it are sent; where nothing can be, forget it."""
        if self._has_ended:
            return
        self._texts.append(text)
        self._size += len(text)
        if self._size > MAX_UNSENT:
            self._is_full = True
        self._wake()

    def close(self, code: int) -> None:
        """End the connection with the code when all is sent."""
        self._close_code = code
        self._wake()

    def end(self) -> None:
        """Let nobody wait any more: nothing will be sent, whatever there is."""
        self._make_room()
        self._has_ended = True
        if self._end is not None:
            self._end.set()

    @property
    def have_room(self) -> bool:
        """Whether little is unsent, or nothing can be sent any more."""
        return not self._is_full

    async def room(self) -> None:
        """Wait until there is room, which those who waited before may have taken."""
        while self._is_full:
            if self._room is None:
                self._room = asyncio.Event()
            await self._room.wait()

    async def sent(self) -> None:
        """Wait until nothing more will be sent."""
        if self._has_ended:
            return
        if self._end is None:
            self._end = asyncio.Event()
        await self._end.wait()

    async def send_all(self) -> None:
        """Send what is added until the close, or until the client is gone."""
        try:
            while self._close_code is None or self._texts:
                if not self._texts:
                    self._some = asyncio.get_running_loop().create_future()
                    await self._some
                await self._send_texts()
            await self._send({"type": "websocket.close", "code": self._close_code})
        finally:
            self.end()

    async def _send_texts(self) -> None:
        texts, self._texts = self._texts[::-1], []
        while texts:
            text = texts.pop()
            await self._send({"type": "websocket.send", "text": text.decode()})
            self._size -= len(text)
            if self._size <= MAX_UNSENT // 2:
                self._make_room()

    def _wake(self) -> None:
        if self._some is not None and not self._some.done():
            self._some.set_result(None)

    def _make_room(self) -> None:
        self._is_full = False
        if self._room is not None:
            self._room.set()
            self._room = None
