"""What is sent in an exchange: one message, whatever calls it holds."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct as Record

from idlgen.runtime.sensitive import hides


@hides("headers", "body")
class Request(Record, frozen=True, kw_only=True):
    """A message that is ready to be sent, and how long its answer may take.

    `ids` are those of the calls in `body`: one for a call, several for a batch, none
    for a notification, which has no answer. `headers` travel beside the body, names in
    lower case. `timeout` is in seconds and bounds the whole exchange; None is no bound.
    `retries` is how often the client makes it again where it fails for want of a server,
    never where to carry it out twice is not what once is: no transport's business.
    `inherits` says that nobody chose the timeout: it is what is left of the call whose
    handler makes this one. `method` is the full name of the method, empty where there
    are several; it is `typed` where generated code makes the call, and else any text.
    """

    ids: tuple[int, ...]
    body: bytes
    headers: Mapping[str, str]
    timeout: float | None
    retries: int = 0
    inherits: bool = False
    method: str = ""
    typed: bool = True
