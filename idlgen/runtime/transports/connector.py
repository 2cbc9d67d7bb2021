"""The connections that aiohttp keeps: none is used again whose end waits at its socket."""

from __future__ import annotations

import asyncio
import select
from ssl import SSLContext
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

TURNS_TO_NOTICE_A_CLOSE = 2
"""Loop turns until an end of file that waits at a socket marks its connection closed:
asyncio runs this task before the socket's reader in the first, after it in the second."""
CAN_ASK = hasattr(select, "poll")
"""Whether the operating system tells of one socket, whatever its number."""


class WatchfulConnector(aiohttp.TCPConnector):
    """Asks the operating system for news before it hands out a connection again.

    Nothing comes on a connection over which nothing was asked, but its end. To have the
    event loop read it would take two turns of the loop, for each request.
    """

    def __init__(self, ssl: SSLContext | None, limit: int) -> None:
        super().__init__(ssl=True if ssl is None else ssl, limit=limit)
        self._news: WeakKeyDictionary[ResponseHandler, select.poll] = (
            WeakKeyDictionary()
        )

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,
    ) -> Connection:
        """Return a connection for the request, a new one or one that is open still."""
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol = connection.protocol
            if protocol is None or not CAN_ASK:
                return connection
            news = self._news.get(protocol)
            if news is None:
                self._news[protocol] = _news_of(connection)
                return connection
            if not news.poll(0):
                return connection
            connection.close()


async def notice_closes() -> None:
    """Let the loop mark closed connections, where no connector looks at each."""
    for _ in range(TURNS_TO_NOTICE_A_CLOSE):
        await asyncio.sleep(0)


def _news_of(connection: Connection) -> select.poll:
    """Return what tells, when it is asked, of what has come over a new connection."""
    news = select.poll()
    transport = connection.transport
    socket = None if transport is None else transport.get_extra_info("socket")
    if socket is not None:
        news.register(socket.fileno(), select.POLLIN)
    return news
