"""What a call that streams needs: a port for its items, and an id to name it by."""

from __future__ import annotations

import re
from typing import Any

from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Problem
from idlgen.runtime.protocols.jsonrpc.failures import INVALID_REQUEST
from idlgen.runtime.protocols.jsonrpc.requests import Request
from idlgen.runtime.server.failures import Refusal
from idlgen.runtime.server.streams import StreamPort

_HOW_TO_STREAM = (
    "call it alone, and accept `text/event-stream` where it is called by POST"
)
_STREAMING_ID = re.compile(rb'".*"|-?[0-9]+')


def port_of(method: Method[Any], port: StreamPort | None) -> StreamPort:
    """Return the port, if it can carry the streams of the method.

    Raises:
        Refusal: it cannot, or there is none.
    """
    if port is None:
        why = f"{method.short_name} streams: {_HOW_TO_STREAM}"
        raise Refusal(INVALID_REQUEST, Problem("$", why))
    if method.stream_param is not None and not port.takes_items:
        why = f"{method.short_name} takes a stream: call it over a WebSocket"
        raise Refusal(INVALID_REQUEST, Problem("$", why))
    return port


def streaming_id(method: Method[Any], request: Request) -> bytes:
    """Return the id of a call that streams, as JSON.

    Raises:
        Refusal: it is none that could name a call.
    """
    call_id = b"null" if request.address is None else request.address.id
    if not _STREAMING_ID.fullmatch(call_id):
        why = f"{method.short_name} streams: the id must be a string or an integer"
        raise Refusal(INVALID_REQUEST, Problem("$.id", why))
    return call_id
