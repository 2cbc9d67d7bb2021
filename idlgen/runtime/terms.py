"""What holds for a call: how long it may take, how often it is made, what goes along."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct as Record

from idlgen.runtime.call import time_left
from idlgen.runtime.errors import DeadlineExceeded
from idlgen.runtime.metadata import IDEMPOTENCY_KEY, TIMEOUT, timeout_text
from idlgen.runtime.option_checks import check_headers
from idlgen.runtime.options import (
    DEFAULT_TIMEOUT,
    CallOptions,
    Defaults,
)
from idlgen.runtime.sensitive import hides
from idlgen.runtime.transports.request import Request

CONTENT_TYPE = "application/json"


@hides("headers")
class Terms(Record, frozen=True, kw_only=True):
    """What holds for all calls of one method that one client makes alike.

    They are decided once; see `Request` for what its fields are.
    """

    headers: Mapping[str, str]
    timeout: float | None
    retries: int = 0
    method: str
    typed: bool = True

    def request(self, ids: tuple[int, ...], body: bytes) -> Request:
        """Return the request with the body, which makes the calls of the `ids`.

        Raises:
            DeadlineExceeded: it may take no time at all.
        """
        headers = self.headers
        timeout = inherited(self.timeout)
        inherits = timeout != self.timeout
        if inherits:
            headers = with_timeout(headers, timeout)
        return Request(
            ids=ids,
            body=body,
            headers=headers,
            timeout=timeout,
            retries=self.retries,
            inherits=inherits and self.timeout in (None, DEFAULT_TIMEOUT),
            method=self.method,
            typed=self.typed,
        )


def agreed(
    defaults: Defaults,
    options: CallOptions | None = None,
    *,
    method: str,
    timeout: float | None = None,
    repeatable: bool = False,
    accept: str = CONTENT_TYPE,
    typed: bool = True,
) -> Terms:
    """Return the terms of calls of `method` with these options by a client.

    `timeout` is that of the schema. `accept` tells whether the answer may be a stream.

    Raises:
        TypeError: the options are of another kind.
    """
    if options is not None:
        _check_kind(options)
    seconds = defaults.timeout_of(options, timeout)
    headers = with_timeout(shared_headers(defaults, accept), seconds)
    if options is not None:
        headers |= check_headers(options.headers or {})
        if options.idempotency_key is not None:
            headers[IDEMPOTENCY_KEY] = options.idempotency_key
            # Servers keep no keys of streams.
            repeatable = repeatable or accept == CONTENT_TYPE
    return Terms(
        headers=headers,
        timeout=seconds,
        retries=defaults.retries_of(options) if repeatable else 0,
        method=method,
        typed=typed,
    )


def _check_kind(options: object) -> None:
    if not isinstance(options, CallOptions):
        kind = type(options).__qualname__
        raise TypeError(f"`options` of a call are `CallOptions(...)`, not a {kind}")


def shared_headers(defaults: Defaults, accept: str) -> dict[str, str]:
    """Return the headers of all calls of a client that take such answers."""
    return {"accept": accept, "content-type": CONTENT_TYPE, **defaults.sent}


def with_timeout(headers: Mapping[str, str], timeout: float | None) -> dict[str, str]:
    """Return the headers with the one that tells the server how long it has."""
    if timeout is None:
        return dict(headers)
    return {**headers, TIMEOUT: timeout_text(timeout)}


def inherited(timeout: float | None) -> float | None:
    """Return the seconds for a call, no more than are left of the one served here.

    Raises:
        DeadlineExceeded: they are none.
    """
    limit = time_left()
    if limit is not None and (timeout is None or limit < timeout):
        timeout = limit
    if timeout == 0:
        raise DeadlineExceeded("no time was left for the call")
    return timeout
