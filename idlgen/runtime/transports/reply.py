"""What came back from an exchange, and the error that an HTTP refusal means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus

from msgspec import Struct as Record

from idlgen.runtime import errors

EXCERPT = 200
"""How many bytes of a refused answer's body are shown in the error's note."""

MAX_SECONDS_DIGITS = 9
"""Of the header Retry-After; what is longer, or a date, tells nothing."""


class Reply(Record, frozen=True, kw_only=True):
    """An answer as it came: its HTTP status, its headers (names in lower case), its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters, or ``""``."""
        return media_type(self.headers.get("content-type", ""))

    @property
    def is_json(self) -> bool:
        """Whether the answer says that it is JSON (RFC 6839 suffixes included)."""
        try:
            return is_json(self.headers["content-type"])
        except KeyError:
            return False


def media_type(content_type: str) -> str:
    """Return the type of a header Content-Type, in lower case and without parameters."""
    return content_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=16)
def is_json(content_type: str) -> bool:
    """Return whether a header Content-Type tells of JSON; all answers have the same."""
    return media_type(content_type).endswith(("/json", "+json"))


STATUSES: Mapping[int, type[errors.RpcError]] = {
    400: errors.InvalidArgument,
    401: errors.Unauthenticated,
    403: errors.PermissionDenied,
    404: errors.Unimplemented,
    405: errors.Unimplemented,
    407: errors.Unauthenticated,
    408: errors.DeadlineExceeded,
    409: errors.Aborted,
    411: errors.InvalidArgument,
    413: errors.ResourceExhausted,
    414: errors.InvalidArgument,
    415: errors.InvalidArgument,
    422: errors.InvalidArgument,
    429: errors.ResourceExhausted,
    431: errors.ResourceExhausted,
    500: errors.Internal,
    501: errors.Unimplemented,
    502: errors.Unavailable,
    503: errors.Unavailable,
    504: errors.Unavailable,
}
"""What an HTTP status other than 200 means to a caller, where no JSON-RPC answer says more."""


def refusal(
    reply: Reply, url: str, kind: type[errors.RpcError] | None = None
) -> errors.RpcError:
    """Return the error for `reply`, which is no JSON-RPC answer; its note shows the body.

    It is of that `kind`, or of the one that the status means.
    """
    error = (kind or _kind(reply.status))(f"{url} answered {_described(reply)}")
    if reply.body:
        text = reply.body[:EXCERPT].decode("utf-8", "replace")
        error.add_note(f"the answer began with {text!r}")
    seconds = reply.headers.get("retry-after", "").strip()
    if seconds.isascii() and seconds.isdigit() and len(seconds) <= MAX_SECONDS_DIGITS:
        errors.with_retry_after(error, int(seconds))
    return error


def _kind(status: int) -> type[errors.RpcError]:
    if 300 <= status < 400:
        return errors.FailedPrecondition
    if 200 <= status < 300:
        return errors.Internal
    return STATUSES.get(status, errors.UnknownError)


def _described(reply: Reply) -> str:
    phrase = _phrase(reply.status)
    if 300 <= reply.status < 400:
        where = reply.headers.get("location", "elsewhere")
        return f"{phrase} to {where!r}: redirects are not followed, call that URL"
    kind = f"`{reply.content_type}`" if reply.content_type else "no content type"
    return f"{phrase} with {kind} instead of a JSON-RPC answer"


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
