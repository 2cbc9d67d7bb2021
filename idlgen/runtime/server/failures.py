"""What a call fails with on the server, and what its caller is told of that."""

from __future__ import annotations

import logging
from typing import Any

from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import (
    DeadlineExceeded,
    Internal,
    Problem,
    RpcError,
    is_for_caller,
)
from idlgen.runtime.protocols.jsonrpc.failures import (
    INTERNAL_ERROR,
    ErrorObject,
    reserved_error,
    rpc_error,
    status_error,
    told,
)
from idlgen.runtime.refusals import Refused
from idlgen.runtime.server.interception import InterceptorFailed
from idlgen.runtime.server.invocation import HandlerFailed, TimeIsUp

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


FAILURES = (
    NotAdmitted,
    TimeIsUp,
    DeadlineExceeded,
    HandlerFailed,
    InterceptorFailed,
    Refused,
)
"""What the answer to a call is made of where it was not refused and has no result."""


def answered(method: Method[Any], failure: Exception) -> ErrorObject:
    """Return the answer to a call that ended with one of `FAILURES`.

    What its caller may not know is logged: call it where the failure was caught.
    """
    match failure:
        case NotAdmitted():
            return status_error(failure.error)
        case TimeIsUp():
            return status_error(DeadlineExceeded(f"{method.name} did not end in time"))
        case DeadlineExceeded():
            return status_error(failure)
        case HandlerFailed() | InterceptorFailed():
            return _raised(method, failure.error)
        case Refused():
            what = told(f"{method.name}: wrong answer", failure.problems)
            logger.error("%s", what, exc_info=failure)
    return reserved_error(INTERNAL_ERROR)


def seen(error: BaseException) -> BaseException:
    """Return what interceptors see of an error: what the handler raised, or its like."""
    match error:
        case NotAdmitted() | HandlerFailed():
            return error.error
        case Refusal():
            return rpc_error(error.error, {})
        case Refused():
            return Internal("the answer does not fit its type")
    return error


def meant(method: Method[Any], error: BaseException) -> ErrorObject | None:
    """Return what a handler raised for its caller, if it did and that is JSON."""
    if not isinstance(error, RpcError) or not is_for_caller(error, method.errors):
        return None
    try:
        return status_error(error)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None


def _raised(method: Method[Any], error: BaseException) -> ErrorObject:
    """Return what the caller may know of what was raised; log the rest."""
    found = meant(method, error)
    if found is not None:
        return found
    if isinstance(error, RpcError) and is_for_caller(error, method.errors):
        logger.error("%s: the error's fields are no JSON", method.name)
    logger.error("%s: the handler raised", method.name, exc_info=error)
    return reserved_error(INTERNAL_ERROR)
