"""What either side accepts beyond JSON-RPC 2.0: all of it or nothing."""

from __future__ import annotations

from msgspec import Struct as Record


class Leniency(Record, frozen=True, kw_only=True):
    """The liberties that a peer may take.

    `version_optional`: a message without `"jsonrpc": "2.0"` counts; such a request is
    a call even without an id, and is answered in its own shape, see `plain_errors`.
    `bare_names`: `getUserById` is enough where one service alone has the method.
    `plain_errors`: an answer's `error` may be a text, which says nothing of a status.
    `result_optional`: an answer without `result` is null; that is how JavaScript writes
    what a function without `return` returns.
    """

    version_optional: bool
    bare_names: bool
    plain_errors: bool
    result_optional: bool


STRICT = Leniency(
    version_optional=False,
    bare_names=False,
    plain_errors=False,
    result_optional=False,
)
LENIENT = Leniency(
    version_optional=True,
    bare_names=True,
    plain_errors=True,
    result_optional=True,
)


def leniency(lenient: bool) -> Leniency:
    """Return what the switch `lenient` of clients and servers stands for."""
    return LENIENT if lenient else STRICT
