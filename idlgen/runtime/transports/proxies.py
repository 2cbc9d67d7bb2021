"""Which proxy a request goes through: the caller's, or the environment's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from idlgen.runtime.transports.endpoint import Endpoint

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
PROXY_SCHEMES = ("http", "https")


def choose_proxy(
    endpoint: Endpoint, given: str | None, *, trust_env: bool
) -> str | None:
    """Return the URL of the proxy for `endpoint`, or None for a direct connection.

    `given` wins over the environment, which counts only when `trust_env` is true.

    Raises:
        ValueError: the proxy is not an ``http://`` or ``https://`` URL.
    """
    proxy = given or (environment_proxy(endpoint, os.environ) if trust_env else None)
    if not proxy:
        return None
    url = proxy if "://" in proxy else f"http://{proxy}"
    parts = urlsplit(url)
    if parts.scheme not in PROXY_SCHEMES or not parts.hostname:
        raise ValueError(
            f"proxy `{parts.scheme}://{parts.hostname or ''}` is not supported; "
            "supported are `http://host:port` and `https://host:port`"
        )
    return url


def environment_proxy(endpoint: Endpoint, environ: Mapping[str, str]) -> str | None:
    """Return what HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say of `endpoint`.

    A WebSocket begins as a request over HTTP, and goes through the same proxy.
    Lower-case names win, as in curl. Upper-case HTTP_PROXY is not read where
    REQUEST_METHOD is set: in a CGI program it comes from the request ("httpoxy").
    """
    if _bypassed(endpoint, environ.get("no_proxy", environ.get("NO_PROXY", ""))):
        return None
    scheme = {"ws": "http", "wss": "https"}.get(endpoint.scheme, endpoint.scheme)
    names = [f"{scheme}_proxy", f"{scheme}_proxy".upper()]
    if scheme == "http" and "REQUEST_METHOD" in environ:
        names.pop()
    for name in (*names, "all_proxy", "ALL_PROXY"):
        if name in environ:
            return environ[name].strip() or None
    return None


def _bypassed(endpoint: Endpoint, no_proxy: str) -> bool:
    """Return whether an entry of `no_proxy` covers the endpoint's host and port.

    An entry is a host, which covers its subdomains too, with or without a leading dot,
    and optionally a port; ``*`` covers everything.
    """
    port = endpoint.port or DEFAULT_PORTS[endpoint.scheme]
    for entry in no_proxy.lower().split(","):
        name = entry.strip()
        if name == "*":
            return True
        host, colon, digits = name.rpartition(":")
        if colon and digits.isdigit() and (":" not in host or host.endswith("]")):
            if int(digits) != port:
                continue
            name = host
        name = name.strip("[]").lstrip(".")
        if name and (endpoint.host == name or endpoint.host.endswith(f".{name}")):
            return True
    return False
