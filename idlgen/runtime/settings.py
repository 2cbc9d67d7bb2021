"""The options that sync and async clients share, checked together.

They say what a client adds to its calls, and by which way it reaches its server.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct as Record, structs

from idlgen._version import __version__
from idlgen.runtime.auth_tokens import AsyncToken
from idlgen.runtime.interceptors.chain import checked
from idlgen.runtime.metadata import AUTHORIZATION
from idlgen.runtime.option_checks import check_headers, check_text, check_whole
from idlgen.runtime.options import (
    DEFAULT_MAX_RESPONSE_BYTES,
    Defaults,
)
from idlgen.runtime.transports.endpoint import Endpoint, parse_endpoint
from idlgen.runtime.transports.proxies import choose_proxy

if TYPE_CHECKING:
    from ssl import SSLContext

    from idlgen.runtime.interceptors import ClientInterceptor

USER_AGENT = "idlgen/{} python/{}.{}.{}".format(__version__, *sys.version_info[:3])


class Way(Record, frozen=True, kw_only=True):
    """How a client reaches its server, and what it says there.

    `proxy` is the URL of a proxy, None for none; `ssl` is for connections over TLS.
    """

    endpoint: Endpoint
    defaults: Defaults
    max_response_bytes: int
    proxy: str | None
    ssl: SSLContext | None

    @property
    def by_websocket(self) -> Way:
        """The way to the same server over WebSocket."""
        return structs.replace(self, endpoint=self.endpoint.over_websocket())


class Settings:
    """The options of a client; those of `ClientOptions` and a token or key to show."""

    def __init__(
        self,
        *,
        proxy: str | None = None,
        ssl: SSLContext | None = None,
        trust_env: bool = True,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
        lenient: bool = False,
        user_agent: str | None = None,
        interceptors: Sequence[ClientInterceptor] = (),
        retries: int | None = None,
        token: AsyncToken | None = None,
        api_key: AsyncToken | None = None,
    ) -> None:
        """Check what can be checked without the URL.

        Raises:
            ValueError, TypeError: an option is wrong.
        """
        check_text("`user_agent`", user_agent)
        check_text("`proxy`", proxy)
        if ssl is not None:
            _check_context(ssl)
        check_whole("max_response_bytes", max_response_bytes)
        own = {"user-agent": USER_AGENT if user_agent is None else user_agent}
        self.defaults = Defaults(
            headers=check_headers(own),
            lenient=lenient,
            interceptors=checked(interceptors),
        ).replaced(timeout, headers, retries, token, api_key)
        self._proxy = proxy
        self._ssl = ssl
        self._trust_env = trust_env
        self._max_response_bytes = max_response_bytes

    def check_transport(self, transport: object, **given: object) -> None:
        """Refuse what is no transport, and what one of the caller's has no use for.

        Raises:
            TypeError: it is none, or there is something of it.
        """
        if not hasattr(transport, "exchange"):
            kind = type(transport).__qualname__
            raise TypeError(
                f"a transport has the method `exchange`, which {kind} lacks; the URL of "
                "a server is the first argument"
            )
        for name, value in {**given, "proxy": self._proxy, "ssl": self._ssl}.items():
            if value is not None:
                raise TypeError(f"`{name}` and `transport` exclude each other")

    def way(self, url: str | None, **own: object) -> Way:
        """Return the way to the server at `url`.

        `own` is the pool or the session of the caller's, which has its own proxy and
        TLS, or None.

        Raises:
            TypeError: there is no URL, or two options exclude each other.
            ValueError: the URL or an option is wrong.
        """
        if url is None:
            raise TypeError("a client needs the `url` of a server, or a `transport`")
        check_text("the `url` of a server", url)
        endpoint = parse_endpoint(url)
        self._check_ssl(endpoint, own)
        proxy = self._chosen_proxy(endpoint, own)
        if endpoint.is_websocket:
            _refuse_beside_websocket(own)
        return Way(
            endpoint=endpoint,
            defaults=_with_credentials(self.defaults, endpoint),
            max_response_bytes=self._max_response_bytes,
            proxy=proxy,
            ssl=self._ssl,
        )

    def _chosen_proxy(
        self, endpoint: Endpoint, own: Mapping[str, object]
    ) -> str | None:
        """Return the proxy to use, which is none of ours beside a pool or session."""
        for name, value in own.items():
            if value is None:
                continue
            if self._proxy is not None:
                raise TypeError(
                    f"`proxy` and `{name}` exclude each other: it has its own"
                )
            return None
        return choose_proxy(endpoint, self._proxy, trust_env=self._trust_env)

    def _check_ssl(self, endpoint: Endpoint, own: Mapping[str, object]) -> None:
        """Refuse a context that nothing would look at."""
        if self._ssl is None:
            return
        for name, value in own.items():
            if value is not None:
                raise TypeError(
                    f"`ssl` and `{name}` exclude each other: it has its own"
                )
        if endpoint.scheme in ("http", "ws"):
            raise ValueError(
                f"`ssl` is for https:// and wss://, not {endpoint.scheme}://"
            )


def _check_context(ssl: object) -> None:
    from ssl import SSLContext

    if not isinstance(ssl, SSLContext):
        raise TypeError(
            f"`ssl` is an SSLContext, not {ssl!r}: `ssl.create_default_context(cafile="
            "...)` makes one that trusts certificates of your own"
        )


def _refuse_beside_websocket(given: Mapping[str, object]) -> None:
    for name, value in given.items():
        if value is not None:
            raise TypeError(f"`{name}` is for calls over HTTP, not over WebSocket")


def _with_credentials(defaults: Defaults, endpoint: Endpoint) -> Defaults:
    """Add the URL's user and password, unless there is a token already."""
    known = defaults.sent.keys() | defaults.asked.keys()
    if endpoint.authorization is None or AUTHORIZATION in known:
        return defaults
    credentials = {**defaults.credentials, AUTHORIZATION: endpoint.authorization}
    return structs.replace(defaults, credentials=credentials)
