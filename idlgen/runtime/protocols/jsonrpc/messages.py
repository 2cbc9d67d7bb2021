"""The server's face, reading: the bytes of a message to its one request or its batch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

import msgspec
from msgspec import Raw

from idlgen.runtime.leniency import Leniency
from idlgen.runtime.protocols.jsonrpc.requests import (
    BadRequest,
    Request,
    no_json,
    no_request,
    read_request,
)
from idlgen.runtime.validation.members import end_of_value

Entry: TypeAlias = Request | BadRequest
"""A request of a batch, or what answers an element that is none."""

SPACE = b" \t\n\r"
_SPACE = re.compile(r"[ \t\n\r]*")


def read_message(
    body: bytes, leniency: Leniency, max_batch: int
) -> Request | list[Entry]:
    """Return the request in `body`, or the entries of its batch in their order.

    Raises:
        BadRequest: `body` as a whole is answered with one error: it is no JSON, no
            request that `leniency` takes, or a batch that is empty or has more than
            `max_batch` entries.
    """
    try:
        if body[:1] != b"{" and body.lstrip(SPACE).startswith(b"["):
            msgspec.json.decode(body, type=Raw)
            return _read_batch(body.decode(), leniency, max_batch)
        return read_request(body, leniency)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise no_json() from None


def _read_batch(text: str, leniency: Leniency, max_batch: int) -> list[Entry]:
    entries: list[Entry] = []
    for source in _elements(text):
        if len(entries) == max_batch:
            raise no_request(f"A batch has at most {max_batch} requests")
        entries.append(_read_entry(source, leniency))
    if not entries:
        raise no_request("A batch has at least one request")
    return entries


def _read_entry(source: bytes, leniency: Leniency) -> Entry:
    try:
        return read_request(source, leniency)
    except BadRequest as bad:
        return bad


def _elements(text: str) -> Iterator[bytes]:
    """Yield each element of a JSON array, as its own bytes.

    One after the other: of a batch that is too long, the rest is never taken apart.
    """
    at = _after_space(text, text.index("[") + 1)
    while text[at] != "]":
        end = end_of_value(text, at)
        yield text[at:end].encode()
        at = _after_space(text, end)
        if text[at] == ",":
            at = _after_space(text, at + 1)


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return at if space is None else space.end()
