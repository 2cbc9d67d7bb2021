"""What a caller may set: for one call, for a client, for its connections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from msgspec import Struct as Record, structs

from idlgen.runtime.auth_tokens import (
    API_KEY,
    Asked,
    AsyncToken,
    Token,
    header_text,
)
from idlgen.runtime.errors import LONGEST
from idlgen.runtime.metadata import AUTHORIZATION
from idlgen.runtime.option_checks import (
    check_headers,
    check_key,
    check_retries,
    check_timeout,
)
from idlgen.runtime.sensitive import hides

if TYPE_CHECKING:
    from ssl import SSLContext

    from aiohttp import ClientSession
    from urllib3 import PoolManager

    from idlgen.runtime.interceptors import ClientInterceptor
    from idlgen.runtime.transports import AsyncTransport, Transport

DEFAULT_TIMEOUT = 60.0
"""Seconds for a call for which nobody said how long it may take."""

DEFAULT_RETRIES = 2

DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024


@hides("headers")
class CallOptions(Record, frozen=True, kw_only=True):
    """What holds for one call.

    `timeout` is in seconds for the whole call; ``math.inf`` is no limit. It wins over
    the client's, which wins over the schema's; see `Defaults.timeout_of`. In a handler a
    call ends with the one that it serves, whatever its timeout. `headers` are
    added to the client's and win over those of the same name. `idempotency_key` goes
    with the call, so that a server can know a repetition of it: the call may be made
    again then. `retries` is how often it is, at most, if it may; see `retries.Try`.

    Raises:
        ValueError: a timeout or `retries` below zero, a header that HTTP cannot carry,
            or a key that has no or more than 255 characters.
        TypeError: one of them is of another kind.
    """

    timeout: float | None = None
    headers: Mapping[str, str] | None = None
    idempotency_key: str | None = None
    retries: int | None = None

    def __post_init__(self) -> None:
        check_timeout(self.timeout)
        check_retries(self.retries)
        check_headers(self.headers or {})
        if self.idempotency_key is not None:
            check_key(self.idempotency_key)


@hides("headers", "credentials")
class Defaults(Record, frozen=True, kw_only=True):
    """What a client adds to each of its calls: `headers` have names in lower case.

    `credentials` are further headers, which those of the user win over; `asked` are
    those whose tokens are asked for before each attempt.
    """

    timeout: float | None = None
    headers: Mapping[str, str] = {}
    lenient: bool = False
    interceptors: Sequence[ClientInterceptor] = ()
    credentials: Mapping[str, str] = {}
    asked: Mapping[str, Asked] = {}
    retries: int = DEFAULT_RETRIES

    def timeout_of(
        self, options: CallOptions | None, schema: float | None
    ) -> float | None:
        """Return the seconds that a call may take, None for no limit.

        The nearest to the call wins: its own option, the client's, the schema's, 60.
        One that is longer than `LONGEST` is no limit: nothing waits so long.
        """
        call = None if options is None else options.timeout
        for timeout in (call, self.timeout, schema):
            if timeout is not None:
                return None if timeout > LONGEST else timeout
        return DEFAULT_TIMEOUT

    @property
    def sent(self) -> dict[str, str]:
        """The headers that need not be asked for."""
        return {**self.credentials, **self.headers}

    def retries_of(self, options: CallOptions | None) -> int:
        """Return how often a call that may be repeated is; the nearest to it wins."""
        if options is None or options.retries is None:
            return self.retries
        return options.retries

    def replaced(
        self,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
        retries: int | None = None,
        token: AsyncToken | None = None,
        api_key: AsyncToken | None = None,
    ) -> Defaults:
        """Return these defaults with what is given in place of, or added to, theirs."""
        check_timeout(timeout)
        check_retries(retries)
        credentials, asked = dict(self.credentials), dict(self.asked)
        for name, shown in ((AUTHORIZATION, token), (API_KEY, api_key)):
            if shown is None:
                continue
            credentials.pop(name, None)
            asked.pop(name, None)
            if callable(shown):
                asked[name] = shown
            else:
                credentials[name] = header_text(name, shown)
        return structs.replace(
            self,
            timeout=self.timeout if timeout is None else timeout,
            headers={**self.headers, **check_headers(headers or {})},
            retries=self.retries if retries is None else retries,
            credentials=credentials,
            asked=asked,
        )


class ViewOptions(TypedDict, total=False):
    """The options that a view of a client may have of its own; all may be left out."""

    timeout: float | None
    """Seconds for each call, ``math.inf`` for no limit; wins over the schema's."""
    headers: Mapping[str, str] | None
    """Sent with each call."""
    retries: int | None
    """How often a call that may be repeated is made again where it failed (2)."""


class SyncViewOptions(ViewOptions, total=False):
    """The options of views of sync clients."""

    token: Token | None
    """The bearer token to show; a function is asked for it before each attempt."""
    api_key: Token | None
    """The API key to show, likewise."""


class AsyncViewOptions(ViewOptions, total=False):
    """The options of views of async clients."""

    token: AsyncToken | None
    """The bearer token to show; a function, plain or async, is asked for it before each
    attempt."""
    api_key: AsyncToken | None
    """The API key to show, likewise."""


class ClientOptions(ViewOptions, total=False):
    """The options that sync and async clients share; all may be left out."""

    interceptors: Sequence[ClientInterceptor]
    """What stands around each call, the first outermost."""
    lenient: bool
    """Speak with servers that know only the core of JSON-RPC."""
    proxy: str | None
    """URL of an HTTP proxy; by default HTTP_PROXY, HTTPS_PROXY and NO_PROXY decide."""
    ssl: SSLContext | None
    """For https and wss: whom to trust and what to show; the system's trust by default."""
    trust_env: bool
    """Whether these variables are read (true)."""
    user_agent: str | None
    """Replaces ``idlgen/<version> python/<version>``."""
    max_response_bytes: int
    """The largest answer that is read (64 MiB)."""


class SyncOptions(ClientOptions, SyncViewOptions, total=False):
    """The options of sync clients that hold whatever carries their calls."""


class SyncClientOptions(SyncOptions, total=False):
    """The options of sync clients."""

    transport: Transport | None
    """Used in place of ours; then there is no URL, and it is closed with the client."""
    pool: PoolManager | None
    """For HTTP: a urllib3 pool of one's own, which `close` leaves open."""


class AsyncOptions(ClientOptions, AsyncViewOptions, total=False):
    """The options of async clients that hold whatever carries their calls."""


class AsyncClientOptions(AsyncOptions, total=False):
    """The options of async clients."""

    transport: AsyncTransport | None
    """Used in place of ours; then there is no URL, and it is closed with the client."""
    session: ClientSession | None
    """For HTTP: an aiohttp session of one's own, which `aclose` leaves open."""
