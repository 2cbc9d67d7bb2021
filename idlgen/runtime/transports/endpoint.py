"""The URL that a client calls: its rules, and the credentials kept out of messages."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from msgspec import Struct as Record, structs

SCHEMES = ("http", "https", "ws", "wss")
DEFAULT_PATH = "/rpc"


class Endpoint(Record, frozen=True, kw_only=True):
    """Where calls go.

    `url` is absolute and holds no user name or password; these are in `authorization`,
    the value of an Authorization header, so that no message and no log shows them.
    """

    url: str
    scheme: str
    host: str
    port: int | None
    authorization: str | None = None

    @property
    def is_websocket(self) -> bool:
        """Whether calls share a WebSocket."""
        return self.scheme in ("ws", "wss")

    def over_websocket(self) -> Endpoint:
        """Return the same endpoint, called over WebSocket."""
        if self.is_websocket:
            return self
        scheme = "wss" if self.scheme == "https" else "ws"
        url = scheme + self.url.removeprefix(self.scheme)
        return structs.replace(self, url=url, scheme=scheme)


def parse_endpoint(text: str) -> Endpoint:
    """Return the endpoint that `text` names.

    Without a scheme it is ``http://``; without a path it is ``/rpc``. A path that is
    written stands, ``/`` included: servers of others listen at their root.

    Raises:
        ValueError: `text` is no URL, or its scheme is not supported.
    """
    if not text.isprintable() or " " in text:
        raise ValueError(f"cannot call {text!r}: a URL holds no spaces or controls")
    parts = urlsplit(text if "://" in text else f"http://{text}")
    if parts.scheme not in SCHEMES:
        known = ", ".join(f"`{scheme}://`" for scheme in SCHEMES)
        raise ValueError(
            f"cannot call {_shown(parts)!r}: scheme `{parts.scheme}://` is not "
            f"supported; supported are {known}"
        )
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"cannot call {_shown(parts)!r}: {error}") from None
    if not host:
        raise ValueError(f"cannot call {_shown(parts)!r}: it names no host")
    _check_name(host, parts)
    return Endpoint(
        url=_shown(parts, parts.path or DEFAULT_PATH),
        scheme=parts.scheme,
        host=host,
        port=port,
        authorization=_authorization(parts),
    )


def _check_name(host: str, parts: SplitResult) -> None:
    """Refuse what cannot be looked up, for which libraries raise what they like."""
    try:
        host.encode("idna")
    except UnicodeError:
        raise ValueError(
            f"cannot call {_shown(parts)!r}: a part of its host's name is empty, longer "
            "than 63 characters, or not made of letters"
        ) from None


def _shown(parts: SplitResult, path: str | None = None) -> str:
    """Return the URL without user name, password and fragment."""
    netloc = parts.netloc.rpartition("@")[2]
    where = parts.path if path is None else path
    return urlunsplit((parts.scheme, netloc, where, parts.query, ""))


def _authorization(parts: SplitResult) -> str | None:
    """Return the Basic credentials of ``user:password@`` (RFC 7617), if given."""
    if parts.username is None:
        return None
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Basic {b64encode(pair.encode()).decode('ascii')}"
