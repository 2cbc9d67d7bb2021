"""HTTP's manners for JSON-RPC: what is refused before a request is read, and how."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from msgspec import Struct, structs

from idlgen.runtime.server.scope import RawHeaders

# In Python 3.11 a look at a member of an enum is a call.
OK = HTTPStatus.OK.value
NO_CONTENT = HTTPStatus.NO_CONTENT.value
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
IDENTITY = "identity"
GZIP = "gzip"

_JSON = (b"content-type", JSON.encode())


class Response(Struct, frozen=True):
    """A status, all headers as ASGI wants them, and a body.

    `awaits_rest` says whether the rest of the request's body, which may come soon, is
    read before the response ends.
    """

    status: int
    headers: RawHeaders
    body: bytes = b""
    awaits_rest: bool = False


def answered(answer: bytes | None) -> Response:
    """Return the response with a JSON-RPC answer, or the one that says there is none."""
    if answer is None:
        return Response(NO_CONTENT, [])
    length = (b"content-length", b"%d" % len(answer))
    return Response(OK, [_JSON, length], answer)


def response(
    status: int, body: bytes, content_type: str, headers: Mapping[str, str]
) -> Response:
    """Return a response with headers besides its type and length."""
    told = {"content-type": content_type, "content-length": str(len(body)), **headers}
    return Response(status, raw_headers(told), body)


def raw_headers(headers: Mapping[str, str]) -> RawHeaders:
    """Return headers as ASGI wants them."""
    return [(name.encode(), text.encode()) for name, text in headers.items()]


def refusal(status: HTTPStatus, why: str, **headers: str) -> Response:
    """Return the response that says in one line why there is no JSON-RPC answer."""
    return response(status.value, f"{why}\n".encode(), TEXT, headers)


def too_large(limit: int, *, is_read: bool = False) -> Response:
    """Return the refusal of a body of more than `limit` bytes.

    `is_read` says that it was read to its end; else the connection ends, for the rest
    would be taken for the next request.
    """
    why = f"a request has at most {limit} bytes"
    told = {} if is_read else {"connection": "close"}
    refused = refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why, **told)
    return structs.replace(refused, awaits_rest=not is_read)


def too_slow(seconds: float) -> Response:
    """Return the refusal of a body that has not come within so many seconds."""
    why = f"a request has {seconds:g} seconds to come"
    return refusal(HTTPStatus.REQUEST_TIMEOUT, why, connection="close")


def cut_off() -> Response:
    """Return what answers a call that the server does not wait for as it ends."""
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the server is shutting down")


def no_post(method: str) -> Response:
    """Return the refusal of a request that is no POST."""
    why = f"{method} is not served: send calls as POST"
    return refusal(HTTPStatus.METHOD_NOT_ALLOWED, why, allow="POST")


class Heads:
    """Refuses calls for what their headers say, before their bodies are read.

    Only JSON is taken: a browser lets any page send a form's types or plain text to any
    server, but asks first before it sends JSON (Fetch standard, CORS-safelisted).
    """

    def __init__(self, limit: int, *, takes_gzip: bool) -> None:
        """`limit` is how many bytes a body may have."""
        self._limit = limit
        self._digits = len(str(limit))
        self._encodings = (IDENTITY, GZIP) if takes_gzip else (IDENTITY,)

    def refusal(self, headers: Mapping[str, str]) -> Response | None:
        """Return the refusal of a POST with the headers, or None."""
        content_type = headers.get("content-type", "")
        if content_type != JSON and not _is_json(content_type):
            why = f"the request must have the content type {JSON}"
            return refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why, accept=JSON)
        if "content-encoding" in headers:
            taken = self._encodings
            if content_encoding(headers) not in taken:
                why = f"the request must have the content encoding {' or '.join(taken)}"
                told = {"accept-encoding": ", ".join(taken)}
                return refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why, **told)
        length = headers.get("content-length", "")
        if len(length) >= self._digits and self._is_beyond(length):
            return too_large(self._limit)
        return None

    def _is_beyond(self, length: str) -> bool:
        return length.isascii() and length.isdigit() and int(length[:20]) > self._limit


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
