"""Tokens in headers: which text can be one, and in which header each kind travels."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from idlgen.runtime.metadata import AUTHORIZATION

API_KEY = "x-api-key"

Token: TypeAlias = str | Callable[[], str]
"""What a client shows: a text, or what is asked for one before each attempt."""

AsyncToken: TypeAlias = str | Callable[[], str | Awaitable[str]]
"""The same for an async client, which may wait for it."""

Asked: TypeAlias = Callable[[], str | Awaitable[str]]

# A comma would be that between two headers of one name (RFC 9110, 5.3).
_TOKEN = re.compile(r"[\x21-\x2b\x2d-\x7e]+")
_KEY = re.compile(rf" *({_TOKEN.pattern}) *")
# Only the word is found in either case: a token is matched twice as fast as it stands.
_BEARER = re.compile(rf"(?i:bearer) +({_TOKEN.pattern}) *", re.ASCII)


def check_token(token: str) -> str:
    """Return the token.

    Raises:
        TypeError, ValueError: it is no text, or none that one header can carry; the
            message does not show it.
    """
    if not isinstance(token, str):
        raise TypeError(f"a token is a text, not {type(token).__qualname__}")
    if not _TOKEN.fullmatch(token):
        raise ValueError(
            "a token is printable ASCII without spaces and commas, and without the "
            "`Bearer ` that goes before it"
        )
    return token


def header_text(name: str, token: str) -> str:
    """Return the value of the header, `Authorization` by RFC 6750 (2.1) or `X-Api-Key`.

    Raises:
        TypeError, ValueError: as `check_token`.
    """
    prefix = "Bearer " if name == AUTHORIZATION else ""
    return prefix + check_token(token)


SHOWN: Mapping[str, tuple[str, Callable[[str], re.Match[str] | None]]] = {
    "bearer": (AUTHORIZATION, _BEARER.fullmatch),
    "api_key": (API_KEY, _KEY.fullmatch),
}
"""By scheme: the header in which callers show a token, and what finds it there.

It is group 1 of the match; no match means that there is nothing, or no token.
"""
