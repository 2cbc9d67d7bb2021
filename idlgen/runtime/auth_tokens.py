"""Tokens in headers: which text can be one, and in which header each kind travels."""

from __future__ import annotations

import re
from collections.abc import Mapping

from idlgen.runtime.metadata import AUTHORIZATION

API_KEY = "x-api-key"

# A comma would be that between two headers of one name (RFC 9110, 5.3).
_TOKEN = re.compile(r"[\x21-\x2b\x2d-\x7e]+")


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


def bearer_header(token: str) -> str:
    """Return the value of the header `Authorization` (RFC 6750, 2.1)."""
    return f"Bearer {check_token(token)}"


def shown_token(scheme: str, headers: Mapping[str, str]) -> str | None:
    """Return what a caller shows of the scheme, None where that is nothing or no token.

    `headers` has names in lower case.
    """
    if scheme == "api_key":
        token = headers.get(API_KEY, "")
    else:
        kind, _, token = headers.get(AUTHORIZATION, "").partition(" ")
        if kind.lower() != "bearer":
            return None
    token = token.strip(" ")
    return token if _TOKEN.fullmatch(token) else None
