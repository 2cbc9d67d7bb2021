"""What an ASGI server hands to an app, and how it is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
RawHeaders: TypeAlias = list[tuple[bytes, bytes]]


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers, repeated ones joined (RFC 9110, 5.3).

    Their names are in lower case as they come, by ASGI's specification.
    """
    raw = scope["headers"]
    headers = {name.decode("latin-1"): text.decode("latin-1") for name, text in raw}
    if len(headers) == len(raw):
        return headers
    joined: dict[str, str] = {}
    for raw_name, raw_text in raw:
        name, text = raw_name.decode("latin-1"), raw_text.decode("latin-1")
        joined[name] = f"{joined[name]}, {text}" if name in joined else text
    return joined


def path_of(scope: Scope) -> str:
    """Return the part of the path that is this app's."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path.removeprefix(root) if root else path
