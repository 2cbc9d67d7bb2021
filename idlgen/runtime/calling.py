"""What is the same for sync and async calls: all but the waiting for the transport."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, TypeVar, Unpack

from msgspec import Struct

from idlgen.runtime.attempts import Attempts
from idlgen.runtime.batch_request import batch_request
from idlgen.runtime.descriptors import Method
from idlgen.runtime.event_stream import CONTENT_TYPE as EVENTS
from idlgen.runtime.leniency import leniency
from idlgen.runtime.options import AsyncViewOptions, CallOptions, Defaults
from idlgen.runtime.positional import encode_by_position
from idlgen.runtime.protocols.jsonrpc.batches import read_batch
from idlgen.runtime.protocols.jsonrpc.caller import (
    decode_answer,
    decode_untyped_answer,
    encode_call,
    encode_untyped_call,
    is_error_answer,
)
from idlgen.runtime.protocols.jsonrpc.streaming import ANY_STREAM, StreamReader
from idlgen.runtime.retries import Retrier
from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.terms import CONTENT_TYPE, Terms, agreed, shared_headers
from idlgen.runtime.transports.reply import Reply, refusal
from idlgen.runtime.transports.request import Request

T = TypeVar("T")

STREAMED = f"{EVENTS}, {CONTENT_TYPE}"
"""What a client accepts where it asks for a stream: a server may answer at once."""

Params = Sequence[JsonValue] | Mapping[str, JsonValue]
"""Params by position or by name."""


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
        self._encode = encode_by_position if defaults.lenient else encode_call
        self._usual: dict[Method[Any], Terms] = {}
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
        body = self._encode(method, params, call_id)
        return self._terms(method, options).request((call_id,), body)

    def begin_stream(
        self, method: Method[object], params: Struct, options: CallOptions | None
    ) -> Request:
        """Return the request that opens the stream of `method`; raises as `begin`.

        A stream may last as long as it likes where nobody said how long.
        """
        call_id = next(self._ids)
        body = self._encode(method, params, call_id)
        repeatable = method.readonly or method.idempotent
        terms = agreed(
            self._defaults,
            options,
            method=method.name,
            timeout=math.inf if method.timeout is None else method.timeout,
            repeatable=repeatable and method.stream_param is None,
            accept=STREAMED,
        )
        return terms.request((call_id,), body)

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
        terms = agreed(self._defaults, method=name, typed=False)
        return terms.request((call_id,), body)

    def begin_untyped_stream(self, name: str, params: Params) -> Request:
        """Return the request that opens the stream of the method `name`; as `begin`."""
        call_id = next(self._ids)
        body = encode_untyped_call(name, params, call_id)
        terms = agreed(
            self._defaults,
            method=name,
            timeout=math.inf,
            accept=STREAMED,
            typed=False,
        )
        return terms.request((call_id,), body)

    def begin_notification(self, name: str, params: Params) -> Request:
        """Return the request without an id; raises as `begin`."""
        body = encode_untyped_call(name, params, None)
        terms = agreed(self._defaults, method=name, typed=False)
        return terms.request((), body)

    def begin_batch(self, requests: Sequence[Request]) -> Request:
        """Return the request that makes all of these, which are of this client.

        It may take as long as the longest of them. What one says that the others do
        not, its own timeout for one, travels in its `meta`.

        Raises:
            DeadlineExceeded: the call that is served here has no more time.
        """
        return batch_request(requests, shared_headers(self._defaults, CONTENT_TYPE))

    def result(self, method: Method[T], request: Request, reply: Reply) -> T:
        """Return the result that `reply` brought, or raise the error."""
        if reply.status != 200 or not reply.is_json:
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

    def _terms(self, method: Method[object], options: CallOptions | None) -> Terms:
        """Return the terms of a call, which without `options` are decided once."""
        terms = self._usual.get(method) if options is None else None
        if terms is None:
            terms = agreed(
                self._defaults,
                options,
                method=method.name,
                timeout=method.timeout,
                repeatable=method.readonly or method.idempotent,
            )
            if options is None:
                self._usual[method] = terms
        return terms

    def _check_answer(self, reply: Reply) -> None:
        """Refuse what is no JSON-RPC answer, with the meaning of its HTTP status.

        Some servers send errors with a status of their own; what is an answer by its
        content counts as one, for it says more than the status.
        """
        if reply.status == 200:
            if not (reply.is_json or self._defaults.lenient):
                raise refusal(reply, self._peer)
        elif not (reply.is_json and is_error_answer(reply.body)):
            raise refusal(reply, self._peer)
