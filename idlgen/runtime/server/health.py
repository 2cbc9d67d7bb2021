"""What a server tells those who watch it: that it lives, and whether to send it calls.

`/healthz` is 200 while the process answers at all: who restarts processes asks it.
`/readyz` is 503 while the app drains or its owner says no: who spreads calls over
several processes asks it. Neither tells more than one word, for anybody may ask.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeAlias

from idlgen.runtime.server.http import TEXT, Response, response
from idlgen.runtime.server.load import Load

logger = logging.getLogger("idlgen.runtime")

Ready: TypeAlias = Callable[[], bool | Awaitable[bool]]
"""Says whether calls may come; plain or async."""

LIVE = "/healthz"
READY = "/readyz"
PATIENCE = 5.0
"""Seconds that a hook has: those who ask wait no longer either."""

_FRESH = {"cache-control": "no-store"}


class Health:
    """Answers for one app at `/healthz` and `/readyz`."""

    def __init__(self, load: Load, ready: Ready | None) -> None:
        self._load = load
        self._ready = ready

    async def response(self, method: str, path: str) -> Response | None:
        """Return the response, or None where nothing of this is asked."""
        if path not in (LIVE, READY) or method not in ("GET", "HEAD"):
            return None
        if path == LIVE:
            return _told("ok")
        if self._load.is_draining:
            return _told("draining", HTTPStatus.SERVICE_UNAVAILABLE)
        if not await self._is_ready():
            return _told("not ready", HTTPStatus.SERVICE_UNAVAILABLE)
        return _told("ok")

    async def _is_ready(self) -> bool:
        """Return what the hook says; one that raises or takes too long says no."""
        if self._ready is None:
            return True
        try:
            async with asyncio.timeout(PATIENCE):
                said = self._ready()
                return bool(await said if inspect.isawaitable(said) else said)
        except Exception:
            logger.exception("the hook `ready` raised")
            return False


def _told(word: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return response(status.value, f"{word}\n".encode(), TEXT, _FRESH)
