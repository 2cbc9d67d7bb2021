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
_BEARER = re.compile(rf"bearer +({_TOKEN.pattern}) *", re.IGNORECASE | re.ASCII)


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


def shown_token(scheme: str, headers: Mapping[str, str]) -> str | None:
    """Return what a caller shows of the scheme, None where that is nothing or no token.

    `headers` has names in lower case.
    """
    if scheme == "api_key":
        found = _KEY.fullmatch(headers.get(API_KEY, ""))
    else:
        found = _BEARER.fullmatch(headers.get(AUTHORIZATION, ""))
    return None if found is None else found[1]
