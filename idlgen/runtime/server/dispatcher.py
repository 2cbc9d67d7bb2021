"""A call from its bytes to the bytes of its answer, whatever moved them here."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from idlgen.runtime import leniency, metadata
from idlgen.runtime.call import CallContext
from idlgen.runtime.errors import (
    DeadlineExceeded,
    Problem,
    RpcError,
    declared_name,
    was_received,
)
from idlgen.runtime.method_codec import MethodCodec, method_codec
from idlgen.runtime.protocols.jsonrpc.answers import error_answer, result_answer
from idlgen.runtime.protocols.jsonrpc.failures import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    ErrorObject,
    reserved_error,
    status_error,
    told,
)
from idlgen.runtime.protocols.jsonrpc.requests import (
    Address,
    BadRequest,
    Request,
    read_request,
)
from idlgen.runtime.refusals import Refused
from idlgen.runtime.server.discovery import METHOD as DISCOVER, Discovery, NoDocument
from idlgen.runtime.server.invocation import HandlerFailed, Invoker
from idlgen.runtime.server.registry import Bound, MethodNotFound, Registry

logger = logging.getLogger("idlgen.runtime")

DEFAULT_THREADS = 32
NO_HEADERS: Mapping[str, str] = {}


class Refusal(Exception):
    """A call that is answered with an error before its handler runs."""

    def __init__(self, code: int, *problems: Problem) -> None:
        self.error = reserved_error(code, problems)
        super().__init__(self.error.message)


class Dispatcher:
    """Answers calls to implementations of services."""

    def __init__(
        self,
        *implementations: object,
        lenient: bool = False,
        debug: bool = False,
        threads: int = DEFAULT_THREADS,
        discover: bool = True,
    ) -> None:
        """Bind the implementations.

        `lenient` accepts what `Leniency` lists. `debug` decodes every answer again
        before it is sent, which finds values in it that do not fit their types.
        `threads` bounds how many handlers that are not `async def` run at once.
        `discover` answers `rpc.discover` with the OpenRPC documents beside the
        generated Python.

        Raises:
            TypeError, ValueError: as `Registry`.
        """
        self._registry = Registry(implementations)
        self._leniency = leniency.leniency(lenient)
        self._debug = debug
        self._invoker = Invoker(threads)
        methods = (bound.method.name for bound in self._registry)
        services = self._registry.services
        self._discovery = Discovery(services, methods) if discover else None

    def close(self) -> None:
        """Let the threads go when their handlers have ended."""
        self._invoker.close()

    async def dispatch(
        self, body: bytes, headers: Mapping[str, str] = NO_HEADERS
    ) -> bytes | None:
        """Return the answer to the request in `body`; None to a notification.

        `headers` has names in lower case. Whatever the request holds and the handler
        does, there is an answer; only a cancellation of this task is raised.
        """
        try:
            return await self._answer(body, headers)
        except BadRequest as bad:
            return error_answer(bad.address, bad.error)
        except Exception:
            # The last line of defence: a fault of ours, or memory that ran out.
            logger.exception("a request could not be answered")
            return error_answer(Address(), reserved_error(INTERNAL_ERROR))

    async def _answer(self, body: bytes, headers: Mapping[str, str]) -> bytes | None:
        request = read_request(body, self._leniency)
        outcome = await self._outcome(request, {**headers, **request.headers})
        if request.address is None:
            return None
        if isinstance(outcome, ErrorObject):
            return error_answer(request.address, outcome)
        return result_answer(request.address, outcome)

    async def _outcome(
        self, request: Request, headers: Mapping[str, str]
    ) -> bytes | ErrorObject:
        """Return the JSON of the result, or the error."""
        try:
            if request.method == DISCOVER and self._discovery is not None:
                return _discovered(self._discovery, request)
            bound = self._find(request.method)
            codec = method_codec(bound.method)
            keywords = _read_params(request, codec)
            context = _context(bound, headers)
        except Refusal as refusal:
            return refusal.error
        name = bound.method.name
        try:
            result = await self._invoker.invoke(bound, keywords, context)
            return codec.encode_result(result, check=self._debug)
        except DeadlineExceeded as error:
            return status_error(error)
        except HandlerFailed as failure:
            return _failure(name, codec, failure.error)
        except Refused as error:
            logger.exception("%s", told(f"{name}: wrong answer", error.problems))
            return reserved_error(INTERNAL_ERROR)

    def _find(self, name: str) -> Bound:
        try:
            return self._registry.find(name, self._leniency)
        except MethodNotFound as error:
            problem = Problem("$.method", str(error))
            raise Refusal(METHOD_NOT_FOUND, problem) from None


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
        keywords = codec.decode_params(source, tree)
    except Refused as error:
        raise Refusal(INVALID_PARAMS, *error.problems) from None
    if request.duplicate is not None:
        twice = Problem("$", f"Member `{request.duplicate}` is written twice")
        raise Refusal(INVALID_PARAMS, *codec.explain_params(source, twice))
    return keywords


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


def _context(bound: Bound, headers: Mapping[str, str]) -> CallContext:
    try:
        timeout = metadata.read_timeout(headers)
    except ValueError as error:
        problem = Problem("$.meta.timeout_ms", str(error))
        raise Refusal(INVALID_REQUEST, problem) from None
    if timeout is None:
        timeout = bound.method.timeout
    deadline = None if timeout is None else time.monotonic() + timeout
    return CallContext(bound.method.name, headers=headers, deadline=deadline)


def _failure(name: str, codec: MethodCodec[Any], error: BaseException) -> ErrorObject:
    """Return what the caller may know of what a handler raised; log the rest."""
    if isinstance(error, RpcError) and _is_meant(error, codec):
        try:
            return status_error(error)
        except (TypeError, ValueError, OverflowError, RecursionError):
            logger.exception("%s: the error's fields are no JSON", name)
    logger.error("%s: the handler raised", name, exc_info=error)
    return reserved_error(INTERNAL_ERROR)


def _is_meant(error: RpcError, codec: MethodCodec[Any]) -> bool:
    """Return whether a handler raised the error for its caller.

    That is a declared error, or a status of its own that no schema names; not another
    service's answer that nobody caught.
    """
    name = declared_name(type(error))
    return name in codec.errors if name else not was_received(error)
