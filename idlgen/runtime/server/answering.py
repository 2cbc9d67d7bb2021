"""One call on the server: from its request to the JSON of its result, or its error."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from idlgen.runtime import metadata
from idlgen.runtime.call import CallContext
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import (
    DeadlineExceeded,
    Internal,
    Problem,
    RpcError,
    declared_name,
    was_received,
)
from idlgen.runtime.leniency import Leniency
from idlgen.runtime.method_codec import MethodCodec, method_codec
from idlgen.runtime.protocols.jsonrpc.failures import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    ErrorObject,
    reserved_error,
    rpc_error,
    status_error,
    told,
)
from idlgen.runtime.protocols.jsonrpc.requests import Request
from idlgen.runtime.protocols.jsonrpc.streaming import item_message
from idlgen.runtime.refusals import Refused
from idlgen.runtime.server.access import Gate
from idlgen.runtime.server.discovery import METHOD as DISCOVER, Discovery, NoDocument
from idlgen.runtime.server.idempotency.once import KeyedCall, Once
from idlgen.runtime.server.interception import (
    InterceptorFailed,
    ServerInterceptor,
    intercepted,
)
from idlgen.runtime.server.invocation import HandlerFailed, Invoker, TimeIsUp
from idlgen.runtime.server.registry import Bound, MethodNotFound, Registry
from idlgen.runtime.server.streams import ParamStream, StreamPort
from idlgen.runtime.validation.members import scan

logger = logging.getLogger("idlgen.runtime")


class Refusal(Exception):
    """A call that is answered with an error before its handler runs."""

    def __init__(self, code: int, *problems: Problem) -> None:
        self.error = reserved_error(code, problems)
        super().__init__(self.error.message)


class NotAdmitted(Exception):
    """A call that its caller may not make, for `error`."""

    def __init__(self, error: RpcError) -> None:
        self.error = error
        super().__init__(str(error))


class Answering:
    """How one server answers a call: finds its method, reads its params, runs it."""

    def __init__(
        self,
        registry: Registry,
        leniency: Leniency,
        invoker: Invoker,
        discovery: Discovery | None,
        gate: Gate,
        interceptors: Sequence[ServerInterceptor],
        once: Once,
        *,
        debug: bool,
    ) -> None:
        self._registry = registry
        self._leniency = leniency
        self._invoker = invoker
        self._discovery = discovery
        self._gate = gate
        self._interceptors = interceptors
        self._once = once
        self._debug = debug

    async def outcome(
        self,
        request: Request,
        headers: Mapping[str, str],
        arrived: float,
        port: StreamPort | None = None,
    ) -> bytes | ErrorObject:
        """Return the JSON of the result, or the error.

        `headers` are those beside the message, names in lower case; the request's own
        win. `arrived` is when it came, on `time.monotonic()`'s clock, from which its
        timeout counts. `port` carries streams, where there is a way for them.
        """
        try:
            if request.method == DISCOVER and self._discovery is not None:
                return _discovered(self._discovery, request)
            bound = self._registry.named(request.method) or self._find(request)
            if request.headers:
                headers = {**headers, **request.headers}
            context = _context(bound, headers, arrived)
        except Refusal as refusal:
            return refusal.error
        refused: RpcError | None = None
        if bound.method.auth:
            admitted = self._gate.admit(bound.method, context)
            if admitted is None or isinstance(admitted, RpcError):
                refused = admitted
            else:
                refused = await admitted
        if refused is not None and not self._interceptors:
            return status_error(refused)
        name = bound.method.name
        try:
            if not self._interceptors:
                return await self._result(bound, request, context, port)

            async def work() -> bytes:
                if refused is not None:
                    raise NotAdmitted(refused)
                return await self._result(bound, request, context, port)

            return await intercepted(self._interceptors, context, work, _seen)
        except NotAdmitted as error:
            return status_error(error.error)
        except Refusal as refusal:
            return refusal.error
        except TimeIsUp:
            return status_error(DeadlineExceeded(f"{name} did not end in time"))
        except DeadlineExceeded as error:
            return status_error(error)
        except (HandlerFailed, InterceptorFailed) as failure:
            return _failure(name, method_codec(bound.method), failure.error)
        except Refused as error:
            logger.exception("%s", told(f"{name}: wrong answer", error.problems))
            return reserved_error(INTERNAL_ERROR)

    async def _result(
        self,
        bound: Bound,
        request: Request,
        context: CallContext,
        port: StreamPort | None,
    ) -> bytes:
        """Return the JSON of the result of a call that may be made."""
        codec = method_codec(bound.method)
        keywords = _read_params(request, codec)
        call_id = _streaming_id(bound.method, request, port)
        if port is not None and call_id is not None:
            return await self._stream(bound, keywords, context, call_id, port)
        if metadata.IDEMPOTENCY_KEY in context.headers and not bound.method.readonly:
            return await self._result_once(bound, keywords, context)
        result = await self._invoker.invoke(bound, keywords, context)
        return codec.encode_result(result, check=self._debug)

    async def _result_once(
        self, bound: Bound, keywords: dict[str, object], context: CallContext
    ) -> bytes:
        """Return the JSON of the result of a call with an idempotency key."""
        codec = method_codec(bound.method)

        async def run() -> bytes:
            result = await self._invoker.invoke(bound, keywords, context)
            return codec.encode_result(result, check=self._debug)

        return await self._once.result(
            KeyedCall(
                method=bound.method,
                keywords=keywords,
                context=context,
                run=run,
                told=partial(_told, codec),
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
        codec = method_codec(bound.method)
        param = bound.method.stream_param
        if param is not None:
            keywords[param.name] = ParamStream(port, codec.decode_sent_item)
        port.begin()
        if not bound.method.stream_result:
            result = await self._invoker.invoke(bound, keywords, context)
            return codec.encode_result(result, check=self._debug)

        async def deliver(item: object) -> None:
            encoded = codec.encode_result(item, check=self._debug)
            await port.send(item_message(call_id, encoded))

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


def _streaming_id(
    method: Method[Any], request: Request, port: StreamPort | None
) -> bytes | None:
    """Return the id by which the messages of the call's streams name it, if it streams."""
    if not method.streams:
        return None
    if port is None:
        why = f"{method.short_name} streams: {_HOW_TO_STREAM}"
        raise Refusal(INVALID_REQUEST, Problem("$", why))
    if method.stream_param is not None and not port.takes_items:
        why = f"{method.short_name} takes a stream: call it over a WebSocket"
        raise Refusal(INVALID_REQUEST, Problem("$", why))
    call_id = b"null" if request.address is None else request.address.id
    if not _STREAMING_ID.fullmatch(call_id):
        why = f"{method.short_name} streams: the id must be a string or an integer"
        raise Refusal(INVALID_REQUEST, Problem("$.id", why))
    return call_id


_HOW_TO_STREAM = (
    "call it alone, and accept `text/event-stream` where it is called by POST"
)
_STREAMING_ID = re.compile(rb'".*"|-?[0-9]+')


def _discovered(discovery: Discovery, request: Request) -> bytes:
    if request.tree:
        raise Refusal(INVALID_PARAMS, Problem("$", f"{DISCOVER} has no params"))
    try:
        return discovery.document
    except NoDocument as error:
        raise Refusal(METHOD_NOT_FOUND, Problem("$.method", str(error))) from None
    except (ValueError, OSError, msgspec.MsgspecError):
        logger.exception("%s: the documents are of no use", DISCOVER)
        raise Refusal(INTERNAL_ERROR) from None


def _read_params(request: Request, codec: MethodCodec[Any]) -> dict[str, object]:
    """Return the keyword arguments, of params by name or by position."""
    source, tree = request.params, request.tree
    try:
        if isinstance(tree, list):
            source, tree = _named(source, tree, codec.positions)
        if request.fault is not None:
            raise Refusal(INVALID_REQUEST, *_faults(request.fault, source, codec))
        keywords = codec.decode_params(source, tree)
    except Refused as error:
        raise Refusal(INVALID_PARAMS, *error.problems) from None
    return keywords


def _faults(fault: str, source: bytes, codec: MethodCodec[Any]) -> Iterator[Problem]:
    """Yield what is wrong with a request with the fault, whose params are `source`."""
    somewhere = Problem("$", fault)
    if scan(source.decode()).fault is None:
        yield somewhere
        return
    for problem in codec.explain_params(source, somewhere):
        if problem is somewhere:
            yield problem
        else:
            path = problem.path.removeprefix("$")
            yield Problem(f"$.params{path}", problem.message)


def _named(
    source: bytes, tree: list[object], positions: list[bytes]
) -> tuple[bytes, dict[str, object]]:
    """Return params by position as the object of the same params by name."""
    if len(tree) > len(positions):
        problem = f"Expected at most {len(positions)} params, got {len(tree)}"
        raise Refusal(INVALID_PARAMS, Problem("$", problem))
    items = msgspec.json.decode(source, type=list[msgspec.Raw])
    pairs = zip(positions, items, strict=False)
    members = b",".join(b"%b:%b" % (name, bytes(item)) for name, item in pairs)
    names = (msgspec.json.decode(name, type=str) for name in positions)
    return b"{%b}" % members, dict(zip(names, tree, strict=False))


def _context(bound: Bound, headers: Mapping[str, str], arrived: float) -> CallContext:
    try:
        timeout = metadata.read_timeout(headers)
    except ValueError as error:
        problem = Problem("$.meta.timeout_ms", str(error))
        raise Refusal(INVALID_REQUEST, problem) from None
    if timeout is None:
        timeout = bound.method.timeout
    deadline = None if timeout is None else arrived + timeout
    return CallContext(
        bound.method.name,
        headers=headers,
        deadline=deadline,
        streams=bound.method.streams,
    )


def _seen(error: BaseException) -> BaseException:
    """Return what interceptors see of an error: what the handler raised, or its like."""
    match error:
        case NotAdmitted() | HandlerFailed():
            return error.error
        case Refusal():
            return rpc_error(error.error, {})
        case Refused():
            return Internal("the answer does not fit its type")
    return error


def _failure(name: str, codec: MethodCodec[Any], error: BaseException) -> ErrorObject:
    """Return what the caller may know of what a handler raised; log the rest."""
    told = _told(codec, error)
    if told is not None:
        return told
    if isinstance(error, RpcError) and _is_meant(error, codec):
        logger.error("%s: the error's fields are no JSON", name)
    logger.error("%s: the handler raised", name, exc_info=error)
    return reserved_error(INTERNAL_ERROR)


def _told(codec: MethodCodec[Any], error: BaseException) -> ErrorObject | None:
    """Return what a handler raised for its caller, if it did and that is JSON."""
    if not isinstance(error, RpcError) or not _is_meant(error, codec):
        return None
    try:
        return status_error(error)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None


def _is_meant(error: RpcError, codec: MethodCodec[Any]) -> bool:
    """Return whether a handler raised the error for its caller.

    That is a declared error, or a status of its own that no schema names; not another
    service's answer that nobody caught.
    """
    name = declared_name(type(error))
    return name in codec.errors if name else not was_received(error)
