"""What is the same for sync and async calls: all but the waiting for the transport."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from types import TracebackType
from typing import Literal, TypeVar, Unpack

import msgspec
from msgspec import Raw, Struct

from idlgen.runtime.attempts import Attempts
from idlgen.runtime.auth_tokens import API_KEY
from idlgen.runtime.call import time_left
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import DeadlineExceeded, RpcError, received
from idlgen.runtime.event_stream import CONTENT_TYPE as EVENTS
from idlgen.runtime.leniency import leniency
from idlgen.runtime.metadata import (
    AUTHORIZATION,
    IDEMPOTENCY_KEY,
    TIMEOUT,
    timeout_text,
)
from idlgen.runtime.options import (
    DEFAULT_TIMEOUT,
    AsyncViewOptions,
    CallOptions,
    Defaults,
    check_headers,
)
from idlgen.runtime.positional import encode_by_position
from idlgen.runtime.protocols.jsonrpc.batches import encode_batch, read_batch
from idlgen.runtime.protocols.jsonrpc.caller import (
    CONTENT_TYPE,
    decode_answer,
    decode_untyped_answer,
    encode_call,
    encode_untyped_call,
)
from idlgen.runtime.protocols.jsonrpc.meta import with_meta
from idlgen.runtime.protocols.jsonrpc.streaming import ANY_STREAM, StreamReader
from idlgen.runtime.retries import Retrier
from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.transports.reply import Reply, refusal
from idlgen.runtime.transports.request import Request

T = TypeVar("T")

STREAMED = f"{EVENTS}, {CONTENT_TYPE}"
"""What a client accepts where it asks for a stream: a server may answer at once."""

Params = Sequence[JsonValue] | Mapping[str, JsonValue]
"""Params by position or by name."""


class Outcome:
    """A block whose errors are marked as the outcome of a call: see `received`."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, RpcError):
            received(error)


outcome = Outcome()


class Calling:
    """How one client calls: its defaults, and the ids of its calls.

    `peer` is what messages call the other side: its URL.
    """

    def __init__(
        self,
        defaults: Defaults,
        peer: str = "the server",
        ids: Iterator[int] | None = None,
        retrier: Retrier | None = None,
    ) -> None:
        self.retrier = Retrier() if retrier is None else retrier
        self._defaults = defaults
        self._peer = peer
        self._ids = count(1) if ids is None else ids
        self._leniency = leniency(defaults.lenient)
        self._sent = defaults.sent
        self.attempts = Attempts(defaults, peer)

    def with_defaults(self, **changes: Unpack[AsyncViewOptions]) -> Calling:
        """Return the same with these added to the defaults, and ids that never meet."""
        defaults = self._defaults.replaced(**changes)
        return Calling(defaults, self._peer, self._ids, self.retrier)

    @property
    def is_lenient(self) -> bool:
        """Whether the other side may know only the core of JSON-RPC."""
        return self._defaults.lenient

    def begin(
        self, method: Method[object], params: Struct, options: CallOptions | None
    ) -> Request:
        """Return the request that calls `method`.

        Raises:
            InvalidArgument: the params do not fit their types.
            DeadlineExceeded: the call may take no time at all.
        """
        call_id = next(self._ids)
        encode = encode_by_position if self._defaults.lenient else encode_call
        body = encode(method, params, call_id)
        repeatable = method.readonly or method.idempotent
        return self._request(
            (call_id,), body, options, method.timeout, repeatable, method=method.name
        )

    def begin_stream(
        self, method: Method[object], params: Struct, options: CallOptions | None
    ) -> Request:
        """Return the request that opens the stream of `method`; raises as `begin`.

        A stream may last as long as it likes where nobody said how long.
        """
        call_id = next(self._ids)
        encode = encode_by_position if self._defaults.lenient else encode_call
        body = encode(method, params, call_id)
        timeout = math.inf if method.timeout is None else method.timeout
        repeatable = method.readonly or method.idempotent
        return self._request(
            (call_id,),
            body,
            options,
            timeout,
            repeatable and method.stream_param is None,
            accept=STREAMED,
            method=method.name,
        )

    def reader(self, method: Method[T], request: Request) -> StreamReader[T]:
        """Return what reads the messages that answer the request of `begin_stream`."""
        return StreamReader(method, request.ids[0], self._leniency)

    def untyped_reader(self, name: str, request: Request) -> StreamReader[JsonValue]:
        """Return the same for `begin_untyped_stream`."""
        return StreamReader(ANY_STREAM, request.ids[0], self._leniency, name)

    def read_whole(self, reader: StreamReader[T], reply: Reply) -> None:
        """Read the reply of a server that answered before the first item.

        Raises:
            RpcError: the answer's, or that of what is no answer.
        """
        self._check_answer(reply)
        reader.end(reply.body)

    def streamed_result(self, method: Method[T], reader: StreamReader[T]) -> T:
        """Return the result of a call that has ended, of which `reader` read the answer.

        Raises:
            RpcError: the result does not fit its type.
        """
        answer = b"" if reader.answer is None else reader.answer
        return decode_answer(method, answer, reader.call_id, self._leniency)

    def begin_untyped(self, name: str, params: Params) -> Request:
        """Return the request that calls the method `name`; raises as `begin`."""
        call_id = next(self._ids)
        body = encode_untyped_call(name, params, call_id)
        return self._request((call_id,), body, method=name, typed=False)

    def begin_untyped_stream(self, name: str, params: Params) -> Request:
        """Return the request that opens the stream of the method `name`; as `begin`."""
        call_id = next(self._ids)
        body = encode_untyped_call(name, params, call_id)
        return self._request(
            (call_id,),
            body,
            schema_timeout=math.inf,
            accept=STREAMED,
            method=name,
            typed=False,
        )

    def begin_notification(self, name: str, params: Params) -> Request:
        """Return the request without an id; raises as `begin`."""
        body = encode_untyped_call(name, params, None)
        return self._request((), body, method=name, typed=False)

    def begin_batch(self, requests: Sequence[Request]) -> Request:
        """Return the request that makes all of these, which are of this client.

        It may take as long as the longest of them. What one says that the others do
        not, its own timeout for one, travels in its `meta`.

        Raises:
            DeadlineExceeded: the call that is served here has no more time.
        """
        timeout = _inherited(longest([request.timeout for request in requests]))
        shared = self._headers(timeout, CONTENT_TYPE) | _shared_credentials(requests)
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

    def result(self, method: Method[T], request: Request, reply: Reply) -> T:
        """Return the result that `reply` brought, or raise the error."""
        self._check_answer(reply)
        return decode_answer(method, reply.body, request.ids[0], self._leniency)

    def untyped_result(self, request: Request, reply: Reply) -> JsonValue:
        """Return the result as plain data, or raise the error."""
        self._check_answer(reply)
        return decode_untyped_answer(reply.body, request.ids[0], self._leniency)

    def answers(self, request: Request, reply: Reply) -> dict[bytes, bytes]:
        """Return the answers to a batch by the JSON of their ids.

        Raises:
            RpcError: there is none, or one to the batch as a whole.
        """
        if not request.ids:
            self.taken(request, reply)
            return {}
        self._check_answer(reply)
        return read_batch(reply.body)

    def taken(self, _request: Request, reply: Reply) -> None:
        """Raise the error where the server did not take a notification."""
        if not 200 <= reply.status < 300:
            raise refusal(reply, self._peer)

    def _request(
        self,
        ids: tuple[int, ...],
        body: bytes,
        options: CallOptions | None = None,
        schema_timeout: float | None = None,
        repeatable: bool = False,
        accept: str = CONTENT_TYPE,
        *,
        method: str,
        typed: bool = True,
    ) -> Request:
        own = self._defaults.timeout_of(options, schema_timeout)
        timeout = _inherited(own)
        headers = self._headers(timeout, accept)
        if options is not None:
            headers |= check_headers(options.headers or {})
            if options.idempotency_key is not None:
                headers[IDEMPOTENCY_KEY] = options.idempotency_key
                # Servers keep no keys of streams.
                repeatable = repeatable or accept == CONTENT_TYPE
        return Request(
            ids=ids,
            body=body,
            headers=headers,
            timeout=timeout,
            retries=self._defaults.retries_of(options) if repeatable else 0,
            inherits=timeout != own and own in (None, DEFAULT_TIMEOUT),
            method=method,
            typed=typed,
        )

    def _headers(self, timeout: float | None, accept: str) -> dict[str, str]:
        """Return the headers of all calls of this client that may take so long."""
        headers = {
            "accept": accept,
            "content-type": CONTENT_TYPE,
            **self._sent,
        }
        if timeout is not None:
            headers[TIMEOUT] = timeout_text(timeout)
        return headers

    def _check_answer(self, reply: Reply) -> None:
        """Refuse what is no JSON-RPC answer, with the meaning of its HTTP status.

        Some servers send errors with a status of their own; what is an answer by its
        content counts as one, for it says more than the status.
        """
        if reply.status == 200:
            if not (reply.is_json or self._defaults.lenient):
                raise refusal(reply, self._peer)
        elif not (reply.is_json and _is_error_answer(reply.body)):
            raise refusal(reply, self._peer)


def longest(timeouts: Sequence[float | None]) -> float | None:
    """Return the longest of the timeouts, of which None has no limit."""
    finite = [timeout for timeout in timeouts if timeout is not None]
    return max(finite) if len(finite) == len(timeouts) else None


def _inherited(timeout: float | None) -> float | None:
    """Return the seconds for a call, no more than are left of the one served here.

    Raises:
        DeadlineExceeded: they are none.
    """
    limit = time_left()
    if limit is not None and (timeout is None or limit < timeout):
        timeout = limit
    if timeout == 0:
        raise DeadlineExceeded("no time was left for the call")
    return timeout


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


class _ErrorAnswer(Struct, frozen=True):
    jsonrpc: Literal["2.0"]
    error: Raw


def _is_error_answer(body: bytes) -> bool:
    try:
        msgspec.json.decode(body, type=_ErrorAnswer)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False
    return True
