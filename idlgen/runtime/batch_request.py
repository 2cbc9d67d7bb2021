"""The request that makes several calls: what all of them say, and what each says alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from idlgen.runtime.auth_tokens import API_KEY
from idlgen.runtime.metadata import AUTHORIZATION, TIMEOUT
from idlgen.runtime.protocols.jsonrpc.batches import encode_batch
from idlgen.runtime.protocols.jsonrpc.meta import with_meta
from idlgen.runtime.terms import inherited, with_timeout
from idlgen.runtime.transports.request import Request


def batch_request(requests: Sequence[Request], headers: Mapping[str, str]) -> Request:
    """Return the request that makes all of these, which are of one client.

    `headers` are those of the client. It may take as long as the longest of them. What
    one says that the others do not, its own timeout for one, travels in its `meta`.

    Raises:
        DeadlineExceeded: the call that is served here has no more time.
    """
    timeout = inherited(longest([request.timeout for request in requests]))
    shared = with_timeout(headers, timeout) | _shared_credentials(requests)
    bodies = [
        with_meta(request.body, _own_headers(request, shared, timeout))
        for request in requests
    ]
    return Request(
        ids=tuple(call_id for request in requests for call_id in request.ids),
        body=encode_batch(bodies),
        headers=shared,
        timeout=timeout,
        inherits=all(request.inherits for request in requests),
    )


def longest(timeouts: Sequence[float | None]) -> float | None:
    """Return the longest of the timeouts, of which None has no limit."""
    finite = [timeout for timeout in timeouts if timeout is not None]
    return max(finite) if len(finite) == len(timeouts) else None


def _shared_credentials(requests: Sequence[Request]) -> dict[str, str]:
    """Return the credentials that all the requests show, to be said once."""
    first = requests[0].headers
    return {
        name: first[name]
        for name in (AUTHORIZATION, API_KEY)
        if name in first and all(r.headers.get(name) == first[name] for r in requests)
    }


def _own_headers(
    request: Request, shared: Mapping[str, str], timeout: float | None
) -> dict[str, str]:
    """Return what the headers of a call say that its batch, of this timeout, does not.

    Where the whole batch has less time than the call, that of the call says nothing.
    """
    own = {
        name: text for name, text in request.headers.items() if shared.get(name) != text
    }
    if timeout is not None and (request.timeout or 0) >= timeout:
        own.pop(TIMEOUT, None)
    return own
