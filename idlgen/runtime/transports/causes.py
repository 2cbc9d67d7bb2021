"""Why there was no connection or no answer, in the same words for every library."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

CLOSED = "it closed the connection without an answer"
CUT = "the connection ended in the middle of the answer"
NO_HTTP = "it does not answer in HTTP"

_BY_NAME = {
    "RemoteDisconnected": CLOSED,
    "ServerDisconnectedError": CLOSED,
    "IncompleteRead": CUT,
    "ClientPayloadError": CUT,
    "BadStatusLine": NO_HTTP,
}
"""Exceptions of `http.client`, urllib3 and aiohttp, none of which is imported for this."""
_PROXIES = {"ProxyError", "ClientProxyConnectionError"}
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


def described(error: BaseException, url: str) -> str:
    """Return what went wrong with the server at `url`; the library's text at worst."""
    return known(error, url) or str(error) or type(error).__name__


def known(error: BaseException, url: str) -> str | None:
    """Return what went wrong, or None where the error is not one of the usual."""
    errors = list(_chain(error))
    for each in errors:
        if (name := type(each).__name__) in _BY_NAME:
            return _BY_NAME[name]
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    if any(type(each).__name__ in _PROXIES for each in errors):
        host, where = "the proxy", "the proxy"
    else:
        where = f"[{host}]:{port}" if host and ":" in host else f"{host}:{port}"
    return _of_system(errors, f"the address of {host} is not known", where)


def _of_system(errors: list[BaseException], nameless: str, where: str) -> str | None:
    """Return what the system said, the innermost error first."""
    from socket import gaierror  # loaded by then, where names are looked up

    for each in reversed(errors):
        match each:
            case gaierror():
                return nameless
            case ConnectionRefusedError():
                return f"{where} refuses connections"
            case ConnectionResetError() | BrokenPipeError():
                return "the connection was reset"
            case OSError() if isinstance(why := getattr(each, "reason", None), str):
                if untrusted := getattr(each, "verify_message", ""):
                    return f"its certificate is not trusted: {untrusted}"
                return f"TLS failed: {why.replace('_', ' ').lower()}"
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it says was its cause, outermost first.

    What it happened to be raised beside, its context, may have nothing to do with it.
    """
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        told = (each.__cause__, getattr(each, "original_error", None), *each.args)
        waiting += [inner for inner in told if isinstance(inner, BaseException)]
