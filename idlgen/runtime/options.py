"""What a caller may set: for one call, for a client, for its connections."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from msgspec import Struct as Record, structs

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from urllib3 import PoolManager

    from idlgen.runtime.interceptors import ClientInterceptor
    from idlgen.runtime.transports import AsyncTransport, Transport

DEFAULT_TIMEOUT = 60.0
"""Seconds for a call for which nobody said how long it may take."""

DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024


class CallOptions(Record, frozen=True, kw_only=True):
    """What holds for one call.

    `timeout` is in seconds for the whole call; ``math.inf`` is no limit. It wins over
    the client's, which wins over the schema's; see `Defaults.timeout_of`. In a handler a
    call ends with the one that it serves, whatever its timeout. `headers` are
    added to the client's and win over those of the same name. `idempotency_key` goes
    with the call, so that a server can know a repetition of it.

    Raises:
        ValueError: a timeout below zero, or a header that HTTP cannot carry.
    """

    timeout: float | None = None
    headers: Mapping[str, str] | None = None
    idempotency_key: str | None = None

    def __post_init__(self) -> None:
        check_timeout(self.timeout)
        check_headers(self.headers or {})
        if self.idempotency_key is not None:
            check_headers({"idempotency-key": self.idempotency_key})


class Defaults(Record, frozen=True, kw_only=True):
    """What a client adds to each of its calls: `headers` have names in lower case."""

    timeout: float | None = None
    headers: Mapping[str, str] = {}
    lenient: bool = False
    interceptors: Sequence[ClientInterceptor] = ()

    def timeout_of(
        self, options: CallOptions | None, schema: float | None
    ) -> float | None:
        """Return the seconds that a call may take, None for no limit.

        The nearest to the call wins: its own option, the client's, the schema's, 60.
        """
        call = None if options is None else options.timeout
        for timeout in (call, self.timeout, schema):
            if timeout is not None:
                return None if timeout == math.inf else timeout
        return DEFAULT_TIMEOUT

    def replaced(
        self, timeout: float | None, headers: Mapping[str, str] | None
    ) -> Defaults:
        """Return these defaults with what is given in place of, or added to, theirs."""
        check_timeout(timeout)
        return structs.replace(
            self,
            timeout=self.timeout if timeout is None else timeout,
            headers={**self.headers, **check_headers(headers or {})},
        )


class ClientOptions(TypedDict, total=False):
    """The options that sync and async clients share; all may be left out."""

    timeout: float | None
    """Seconds for each call, ``math.inf`` for no limit; wins over the schema's."""
    headers: Mapping[str, str] | None
    interceptors: Sequence[ClientInterceptor]
    """What stands around each call, the first outermost."""
    """Sent with each call."""
    lenient: bool
    """Speak with servers that know only the core of JSON-RPC."""
    proxy: str | None
    """URL of an HTTP proxy; by default HTTP_PROXY, HTTPS_PROXY and NO_PROXY decide."""
    trust_env: bool
    """Whether these variables are read (true)."""
    user_agent: str | None
    """Replaces ``idlgen/<version> python/<version>``."""
    max_response_bytes: int
    """The largest answer that is read (64 MiB)."""


class SyncClientOptions(ClientOptions, total=False):
    """The options of sync clients."""

    transport: Transport | None
    """Used in place of ours; then there is no URL, and it is closed with the client."""
    pool: PoolManager | None
    """For HTTP: a urllib3 pool of one's own, which `close` leaves open."""


class AsyncClientOptions(ClientOptions, total=False):
    """The options of async clients."""

    transport: AsyncTransport | None
    """Used in place of ours; then there is no URL, and it is closed with the client."""
    session: ClientSession | None
    """For HTTP: an aiohttp session of one's own, which `aclose` leaves open."""


_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_OURS = {"connection", "content-length", "content-type", "transfer-encoding"}


def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with names in lower case.

    Raises:
        ValueError: a name or value that is not plain ASCII text of RFC 9110, or a
            header that frames the request and is the client's to set.
    """
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


def check_timeout(timeout: float | None) -> None:
    """Refuse what is no duration.

    Raises:
        ValueError: the timeout is below zero or NaN.
    """
    if timeout is not None and not timeout >= 0:
        raise ValueError(f"a timeout is a number of seconds from 0, not {timeout!r}")
