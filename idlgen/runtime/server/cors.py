"""Pages of other origins: which may call, told as browsers ask (Fetch standard, CORS)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from idlgen.runtime.server.handshake import ANY
from idlgen.runtime.server.http import NO_CONTENT, Response, raw_headers
from idlgen.runtime.server.scope import Send

MAX_AGE = 600
"""Seconds for which a browser may remember what it was told."""

_ORIGIN = re.compile(r"https?://[a-z0-9.\-_\[\]:]+")
_NAMES = re.compile(r"[\x20-\x7e]*")


def checked_origins(origins: Iterable[str]) -> frozenset[str]:
    """Return the origins, each in the form in which browsers send it.

    Raises:
        ValueError: one is neither an origin nor `*`.
        TypeError: they are one text, whose characters would be taken for them.
    """
    if isinstance(origins, str):
        raise TypeError(f"`origins` is a list of texts, not a text: give {[origins]!r}")
    known = frozenset(origins)
    for origin in sorted(known):
        if origin != ANY and not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"{origin!r} is no origin: it has a scheme, a host in lower case, and "
                "a port unless it is the scheme's, as `https://app.example` has"
            )
    return known


class Cors:
    """Answers and marks what pages of some other origins ask for.

    An app that has none of them adds nothing, and a browser lets no other page call.
    Cookies are never asked for: credentials travel in headers.
    """

    def __init__(self, origins: frozenset[str]) -> None:
        self._origins = origins

    def preflight(self, headers: Mapping[str, str]) -> Response | None:
        """Return the response to a browser that asks whether a page may call, or None.

        `headers` are those of a request whose method is OPTIONS.
        """
        if (
            "access-control-request-method" not in headers
            or self._allowed(headers) is None
        ):
            return None
        told = {
            "access-control-allow-methods": "POST",
            "access-control-max-age": str(MAX_AGE),
        }
        names = headers.get("access-control-request-headers", "")
        if names and _NAMES.fullmatch(names):
            told["access-control-allow-headers"] = names
        return Response(NO_CONTENT, raw_headers(told))

    def marking(self, headers: Mapping[str, str], send: Send) -> Send:
        """Return a `send` that says of the response who may read it."""
        told: list[tuple[bytes, bytes]] = []
        if ANY not in self._origins:
            told.append((b"vary", b"origin"))
        if (allowed := self._allowed(headers)) is not None:
            told.append((b"access-control-allow-origin", allowed.encode()))

        async def marked(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *told]}
            await send(message)

        return marked

    def _allowed(self, headers: Mapping[str, str]) -> str | None:
        if ANY in self._origins:
            return ANY
        origin = headers.get("origin", "")
        return origin if origin in self._origins else None
