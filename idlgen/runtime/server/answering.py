"""One call on the server: from its request to its answer."""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from idlgen.runtime import metadata
from idlgen.runtime.call import CallContext
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Problem, RpcError
from idlgen.runtime.leniency import Leniency
from idlgen.runtime.protocols.jsonrpc.answers import answer_to
from idlgen.runtime.protocols.jsonrpc.failures import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    ErrorObject,
    reserved_error,
)
from idlgen.runtime.protocols.jsonrpc.requests import Request
from idlgen.runtime.protocols.jsonrpc.streaming import item_message
from idlgen.runtime.server.access import Gate
from idlgen.runtime.server.discovery import METHOD as DISCOVER, Discovery, NoDocument
from idlgen.runtime.server.failures import (
    FAILURES,
    NotAdmitted,
    Refusal,
    answered,
    meant,
    seen,
)
from idlgen.runtime.server.idempotency.once import KeyedCall, Once
from idlgen.runtime.server.interception import ServerInterceptor, intercepted
from idlgen.runtime.server.invocation import Invoker
from idlgen.runtime.server.load import Load
from idlgen.runtime.server.params import read_params
from idlgen.runtime.server.registry import Bound, MethodNotFound, Registry
from idlgen.runtime.server.streaming import port_of, streaming_id
from idlgen.runtime.server.streams import ParamStream, StreamPort

logger = logging.getLogger("idlgen.runtime")


class Answering:
    """How one server answers a call: finds its method, reads its params, runs it."""

    def __init__(
        self,
        registry: Registry,
        leniency: Leniency,
        invoker: Invoker,
        discovery: Discovery | None,
        gates: Mapping[str, Gate],
        interceptors: Sequence[ServerInterceptor],
        once: Once,
        load: Load,
    ) -> None:
        self._registry = registry
        self._leniency = leniency
        self._invoker = invoker
        self._discovery = discovery
        self._gates = gates
        self._interceptors = interceptors
        self._once = once
        self._load = load

    async def answer(
        self,
        request: Request,
        headers: Mapping[str, str],
        arrived: float,
        port: StreamPort | None = None,
        limit: int | None = None,
    ) -> bytes | None:
        """Return the answer to a request, whatever happens; None to a notification.

        `headers` are those beside the message, names in lower case; the request's own
        win. `arrived` is when it came, on `time.monotonic()`'s clock, from which its
        timeout counts. `port` carries streams, where there is a way for them. Where
        `limit` calls are at work already, by default that of the load, it is refused.
        """
        load = self._load
        limit = load.limit if limit is None else limit
        if load.calls >= limit:
            return answer_to(request.address, load.refusal(limit))
        outcome: bytes | ErrorObject
        load.calls += 1
        try:
            outcome = await self._result(request, headers, arrived, port)
        except Refusal as refusal:
            outcome = refusal.error
        except FAILURES as failure:
            outcome = answered(self._find(request).method, failure)
        except Exception:
            # The last line of defence, for the others of a batch too.
            logger.exception("a request could not be answered")
            outcome = reserved_error(INTERNAL_ERROR)
        finally:
            load.calls -= 1
            if load.limit == 0:
                load.ended()
        return answer_to(request.address, outcome)

    def _result(
        self,
        request: Request,
        headers: Mapping[str, str],
        arrived: float,
        port: StreamPort | None,
    ) -> Coroutine[Any, Any, bytes]:
        """Return the JSON of the result of a call, if it may be made."""
        if request.method == DISCOVER and self._discovery is not None:
            return _discovered(self._discovery, request)
        bound = self._registry.named(request.method) or self._find(request)
        method = bound.method
        if request.headers:
            headers = {**headers, **request.headers}
        context = _context(method, headers, arrived)
        refused = self._gates[method.name].admit(context) if method.auth else None
        # An empty chain around each call would cost every call its coroutines.
        if refused is not None or self._interceptors:
            return self._guarded(bound, request, context, port, refused)
        return self._work(bound, request, context, port)

    async def _guarded(
        self,
        bound: Bound,
        request: Request,
        context: CallContext,
        port: StreamPort | None,
        refused: RpcError | Coroutine[Any, Any, RpcError | None] | None,
    ) -> bytes:
        """Return the JSON of the result; interceptors see why a call may not be made."""
        if refused is not None and not isinstance(refused, RpcError):
            refused = await refused

        async def work() -> bytes:
            if refused is not None:
                raise NotAdmitted(refused)
            return await self._work(bound, request, context, port)

        if not self._interceptors:
            return await work()
        return await intercepted(self._interceptors, context, work, seen)

    def _work(
        self,
        bound: Bound,
        request: Request,
        context: CallContext,
        port: StreamPort | None,
    ) -> Coroutine[Any, Any, bytes]:
        """Return the JSON of the result of a call that may be made."""
        method = bound.method
        keywords = read_params(request, bound.codec)
        if method.streams:
            carrier = port_of(method, port)
            call_id = streaming_id(method, request)
            return self._stream(bound, keywords, context, call_id, carrier)
        if metadata.IDEMPOTENCY_KEY in context.headers and not method.readonly:
            return self._run_once(bound, keywords, context)
        return self._invoker.invoke(bound, keywords, context)

    async def _run_once(
        self, bound: Bound, keywords: Mapping[str, object], context: CallContext
    ) -> bytes:
        """Return the JSON of the result of a call with an idempotency key."""
        return await self._once.result(
            KeyedCall(
                method=bound.method,
                keywords=keywords,
                context=context,
                run=partial(self._invoker.invoke, bound, keywords, context),
                told=partial(meant, bound.method),
            )
        )

    async def _stream(
        self,
        bound: Bound,
        keywords: dict[str, object],
        context: CallContext,
        call_id: bytes,
        port: StreamPort,
    ) -> bytes:
        """Carry the streams of a call through `port`; return the JSON of its result."""
        param = bound.method.stream_param
        if param is not None:
            keywords[param.name] = ParamStream(port, bound.codec.decode_sent_item)
        port.begin()
        if not bound.method.stream_result:
            return await self._invoker.invoke(bound, keywords, context)

        async def deliver(item: bytes) -> None:
            await port.send(item_message(call_id, item))

        await self._invoker.stream(bound, keywords, context, deliver)
        return b"null"

    def _find(self, request: Request) -> Bound:
        try:
            return self._registry.find(request.method, self._leniency)
        except MethodNotFound as error:
            if request.fault is not None:
                problem = Problem("$", request.fault)
                raise Refusal(INVALID_REQUEST, problem) from None
            problem = Problem("$.method", str(error))
            raise Refusal(METHOD_NOT_FOUND, problem) from None


async def _discovered(discovery: Discovery, request: Request) -> bytes:
    if request.tree:
        raise Refusal(INVALID_PARAMS, Problem("$", f"{DISCOVER} has no params"))
    try:
        return discovery.document
    except NoDocument as error:
        raise Refusal(METHOD_NOT_FOUND, Problem("$.method", str(error))) from None
    except (ValueError, OSError, msgspec.MsgspecError):
        logger.exception("%s: the documents are of no use", DISCOVER)
        raise Refusal(INTERNAL_ERROR) from None


def _context(
    method: Method[Any], headers: Mapping[str, str], arrived: float
) -> CallContext:
    try:
        timeout = metadata.read_timeout(headers)
    except ValueError as error:
        problem = Problem("$.meta.timeout_ms", str(error))
        raise Refusal(INVALID_REQUEST, problem) from None
    if timeout is None:
        timeout = method.timeout
    deadline = None if timeout is None else arrived + timeout
    return CallContext(method.name, headers, deadline, method.streams, method.errors)
