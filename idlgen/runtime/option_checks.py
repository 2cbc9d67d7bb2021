"""Checks of what a caller may set; each raises where its option is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

MAX_KEY = 255
"""The most characters of an idempotency key."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_NUMBERS = (int, float)
_OURS = {"connection", "content-length", "content-type", "transfer-encoding"}


def check_names(owner: str, given: Collection[str], known: Collection[str]) -> None:
    """Refuse options that `owner` does not have.

    Raises:
        TypeError: there is one.
    """
    for name in given:
        if name not in known:
            from idlgen.runtime.suggest import suggestion

            meant = suggestion(name, sorted(known))
            raise TypeError(f"{owner} has no option `{name}`{meant}")


def check_text(name: str, value: object) -> None:
    """Refuse what is no text for an option that is one.

    Raises:
        TypeError: it is another thing than a text or None.
    """
    if not isinstance(value, str | None):
        raise TypeError(f"{name} is a text, not {value!r}")


def check_whole(name: str, value: object) -> None:
    """Refuse what is no whole number.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, int):
        raise TypeError(f"`{name}` is a whole number, not {value!r}")


def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with names in lower case.

    Raises:
        TypeError: they are no mapping of texts.
        ValueError: a name or value that is not plain ASCII text of RFC 9110, or a
            header that frames the request and is the client's to set.
    """
    try:
        return _checked(headers)
    except (AttributeError, TypeError):
        # Looked at once it failed, for a call may have headers of its own.
        text = "`headers` maps names to texts: give {'x-name': 'text'}"
        raise TypeError(text) from None


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a header")
        if name.lower() in _OURS:
            raise ValueError(f"header `{name}` is set by the client itself")
        if not _VALUE.fullmatch(value):
            # The value is not shown: it may be a credential.
            raise ValueError(
                f"the value of header `{name}` holds more than printable ASCII; "
                "percent-encode or base64 it"
            )
    return {name.lower(): value for name, value in headers.items()}


def check_key(key: str) -> None:
    """Refuse what is no idempotency key.

    Raises:
        ValueError: it is empty, too long, or HTTP cannot carry it.
        TypeError: it is no text.
    """
    check_text("an idempotency key", key)
    if not 1 <= len(key) <= MAX_KEY:
        raise ValueError(f"an idempotency key has 1 to {MAX_KEY} characters")
    check_headers({"idempotency-key": key})


def check_retries(retries: int | None) -> None:
    """Refuse what is no number of retries.

    Raises:
        ValueError: it is below zero.
        TypeError: it is no number.
    """
    if retries is None:
        return
    if not isinstance(retries, _NUMBERS):
        raise TypeError(f"`retries` is a number from 0, not {retries!r}")
    if not retries >= 0:
        raise ValueError(f"`retries` is a number from 0, not {retries!r}")


def check_timeout(timeout: float | None) -> None:
    """Refuse what is no duration.

    Raises:
        ValueError: the timeout is below zero or NaN.
        TypeError: it is no number.
    """
    if timeout is None:
        return
    if not isinstance(timeout, _NUMBERS):
        raise TypeError(f"a timeout is a number of seconds, not {timeout!r}")
    if not timeout >= 0:
        raise ValueError(f"a timeout is a number of seconds from 0, not {timeout!r}")
