"""What travels beside a call: as HTTP headers, or as the member `meta` of a request.

=====================  ===================  =============================================
header                 member of `meta`     meaning
=====================  ===================  =============================================
`Idlgen-Timeout-Ms`    `timeout_ms`         whole milliseconds that the caller still waits
`Idempotency-Key`      `idempotency_key`    equal for all tries of one call
`Traceparent`          `traceparent`        W3C Trace Context
`Authorization`        `authorization`      RFC 9110
any other              `headers`            the application's own
=====================  ===================  =============================================

Timeouts are relative, for clocks differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import ceil

TIMEOUT = "idlgen-timeout-ms"
IDEMPOTENCY_KEY = "idempotency-key"
TRACEPARENT = "traceparent"
AUTHORIZATION = "authorization"

MAX_TIMEOUT_DIGITS = 12
MAX_TIMEOUT = 10**MAX_TIMEOUT_DIGITS - 1
"""The longest timeout in milliseconds that can be told."""

NOT_A_CALLERS = frozenset(
    {
        "connection",
        "cookie",
        "forwarded",
        "host",
        "keep-alive",
        "origin",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-real-ip",
    }
)
NOT_A_CALLERS_PREFIXES = ("proxy-", "sec-", "x-forwarded-", "x-remote-")
"""Headers that a browser or a proxy sets, not the caller: a `meta` that could name them
would get past whoever checks or overwrites them on the way."""


def timeout_text(seconds: float) -> str:
    """Return the value of `Idlgen-Timeout-Ms`, at least 1, for a time in seconds."""
    return str(min(max(1, ceil(min(seconds, 1e9) * 1000)), MAX_TIMEOUT))


def is_a_callers(name: str) -> bool:
    """Return whether the member `headers` of `meta` may name this header.

    `name` is in lower case. `Authorization` may not be, for it has a member of its own.
    """
    if name in NOT_A_CALLERS or name.startswith(NOT_A_CALLERS_PREFIXES):
        return False
    return name != AUTHORIZATION


def read_timeout(headers: Mapping[str, str]) -> float | None:
    """Return the caller's timeout in seconds, or None where it set none.

    `headers` has names in lower case.

    Raises:
        ValueError: the header is no whole number of milliseconds.
    """
    text = headers.get(TIMEOUT)
    return None if text is None else _seconds(text)


@lru_cache(maxsize=256)
def _seconds(text: str) -> float:
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_TIMEOUT_DIGITS):
        raise ValueError(f"`{TIMEOUT}` must be whole milliseconds in at most 12 digits")
    return int(text) / 1000
