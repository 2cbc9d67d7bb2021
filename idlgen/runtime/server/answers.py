"""Answers on their way to one client that may read slowly, or not at all."""

from __future__ import annotations

import asyncio
from collections import deque

from idlgen.runtime.server.scope import Send

MAX_UNSENT = 1024 * 1024
"""Bytes that may wait for a client before no more of its calls are taken."""


class Answers:
    """Texts that wait for the socket, one after the other, then the close."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._texts: deque[bytes] = deque()
        self._size = 0
        self._close_code: int | None = None
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._end = asyncio.Event()

    def add(self, text: bytes) -> None:
        """Send the text when those before it are sent; where nothing can be, forget it."""
        if self._end.is_set():
            return
        self._texts.append(text)
        self._size += len(text)
        if self._size > MAX_UNSENT:
            self._room.clear()
        self._some.set()

    def close(self, code: int) -> None:
        """End the connection with the code when all is sent."""
        self._close_code = code
        self._some.set()

    def end(self) -> None:
        """Let nobody wait any more: nothing will be sent, whatever there is."""
        self._room.set()
        self._end.set()

    @property
    def have_room(self) -> bool:
        """Whether little is unsent, or nothing can be sent any more."""
        return self._room.is_set()

    async def room(self) -> None:
        """Wait until there is room, which those who waited before may have taken."""
        while not self._room.is_set():
            await self._room.wait()

    async def sent(self) -> None:
        """Wait until nothing more will be sent."""
        await self._end.wait()

    async def send_all(self) -> None:
        """Send what is added until the close, or until the client is gone."""
        try:
            while self._close_code is None or self._texts:
                await self._some.wait()
                self._some.clear()
                await self._send_texts()
            await self._send({"type": "websocket.close", "code": self._close_code})
        finally:
            self.end()

    async def _send_texts(self) -> None:
        while self._texts:
            text = self._texts.popleft()
            await self._send({"type": "websocket.send", "text": text.decode()})
            self._size -= len(text)
            if self._size <= MAX_UNSENT // 2:
                self._room.set()
