"""HTTP's manners for JSON-RPC: what is refused before a request is read, and how."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from msgspec import Struct

# In Python 3.11 a look at a member of an enum is a call.
OK = HTTPStatus.OK.value
NO_CONTENT = HTTPStatus.NO_CONTENT.value
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
IDENTITY = "identity"
GZIP = "gzip"


class Response(Struct, frozen=True):
    """A status, a body and headers besides its length and type.

    `awaits_rest` says whether the rest of the request's body, which may come soon, is
    read before the response ends.
    """

    status: int
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = {}
    awaits_rest: bool = False

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """Return all headers as ASGI wants them."""
        headers: list[tuple[bytes, bytes]] = []
        if self.content_type:
            headers.append((b"content-type", self.content_type.encode()))
        if self.status != NO_CONTENT:
            headers.append((b"content-length", b"%d" % len(self.body)))
        for name, text in self.headers.items():
            headers.append((name.encode(), text.encode()))
        return headers


def refusal(status: HTTPStatus, why: str, **headers: str) -> Response:
    """Return the response that says in one line why there is no JSON-RPC answer."""
    return Response(status, f"{why}\n".encode(), TEXT, headers)


def too_large(limit: int, *, is_read: bool = False) -> Response:
    """Return the refusal of a body of more than `limit` bytes.

    `is_read` says that it was read to its end; else the connection ends, for the rest
    would be taken for the next request.
    """
    why = f"a request has at most {limit} bytes\n".encode()
    told = {} if is_read else {"connection": "close"}
    return Response(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why, TEXT, told, awaits_rest=not is_read
    )


def too_slow(seconds: float) -> Response:
    """Return the refusal of a body that has not come within so many seconds."""
    why = f"a request has {seconds:g} seconds to come"
    return refusal(HTTPStatus.REQUEST_TIMEOUT, why, connection="close")


def cut_off() -> Response:
    """Return what answers a call that the server does not wait for as it ends."""
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the server is shutting down")


def refused_head(
    method: str, headers: Mapping[str, str], limit: int, *, takes_gzip: bool
) -> Response | None:
    """Return the refusal of a request for what its method and headers say, or None.

    Only JSON is taken: a browser lets any page send a form's types or plain text to any
    server, but asks first before it sends JSON (Fetch standard, CORS-safelisted).
    """
    if method != "POST":
        why = f"{method} is not served: send calls as POST"
        return refusal(HTTPStatus.METHOD_NOT_ALLOWED, why, allow="POST")
    content_type = headers.get("content-type", "")
    if content_type != JSON and not _is_json(content_type):
        why = f"the request must have the content type {JSON}"
        return refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why, accept=JSON)
    if "content-encoding" in headers:
        taken = (IDENTITY, GZIP) if takes_gzip else (IDENTITY,)
        if content_encoding(headers) not in taken:
            why = f"the request must have the content encoding {' or '.join(taken)}"
            told = {"accept-encoding": ", ".join(taken)}
            return refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why, **told)
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > limit:
        return too_large(limit)
    return None


def content_encoding(headers: Mapping[str, str]) -> str:
    """Return how the request's body is packed, in lower case."""
    return headers.get("content-encoding", IDENTITY).strip().lower()


def _is_json(content_type: str) -> bool:
    kind, _, parameters = content_type.lower().partition(";")
    kind = kind.strip()
    charset = [
        value.strip(' "')
        for name, _, value in (p.partition("=") for p in parameters.split(";"))
        if name.strip() == "charset"
    ]
    if any(value not in ("utf-8", "utf8") for value in charset):
        return False
    return kind == JSON or (kind.startswith("application/") and kind.endswith("+json"))
