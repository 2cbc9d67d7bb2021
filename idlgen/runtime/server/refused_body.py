"""What is left of a request's body that was refused: read and dropped, within limits."""

from __future__ import annotations

import asyncio

from idlgen.runtime.server.scope import Receive

TIMES = 16
"""As many times the largest body that is taken are dropped, and no more."""
SILENCE = 5.0
"""Seconds without a word of it after which the connection ends."""
PATIENCE = 30.0
"""Seconds after which it ends however much comes."""


async def drop_rest(receive: Receive, limit: int) -> None:
    """Read the body to its end, where that comes soon; `limit` is the largest taken.

    Many clients read an answer only when all is sent. One whose connection ended before
    would know of no answer: the operating system drops what it has not read yet.
    """
    left = TIMES * limit
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while left > 0:
        try:
            async with asyncio.timeout_at(min(loop.time() + SILENCE, end)):
                message = await receive()
        except TimeoutError:
            return
        if not message.get("more_body", False):
            return
        left -= len(message.get("body", b""))
