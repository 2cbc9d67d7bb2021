"""The interceptor that writes a line for each call."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from idlgen.runtime.interceptors.calls import Call, ClientCall, Interceptor
from idlgen.runtime.interceptors.outcomes import OK, status_of
from idlgen.runtime.status import Status

QUIET = (OK, Status.CANCELLED.value)


def logged(logger: logging.Logger | None = None) -> Interceptor:
    """Return an interceptor that logs each call when it has ended.

    ``server user.UserService.getUserById: not_found, 1.2 ms`` is written at INFO, or at
    WARNING where the call failed, to `logger`, by default ``idlgen.calls``. The record
    has `rpc_side`, `rpc_method`, `rpc_status`, `rpc_seconds` and `rpc_attempt`. Neither
    params, results and headers nor what an error says is in it.
    """
    log = logging.getLogger("idlgen.calls") if logger is None else logger

    @contextmanager
    def logging_calls(call: Call) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        except BaseException as error:
            _write(log, call, status_of(call, error), time.perf_counter() - begun)
            raise
        _write(log, call, OK, time.perf_counter() - begun)

    return logging_calls


def _write(log: logging.Logger, call: Call, status: str, seconds: float) -> None:
    level = logging.INFO if status in QUIET else logging.WARNING
    if not log.isEnabledFor(level):
        return
    attempt, method = 1, call.method
    if isinstance(call, ClientCall):
        attempt = call.attempt
        # What a caller made up could forge a line.
        method = method if call.typed else repr(method)
    again = f", attempt {attempt}" if attempt > 1 else ""
    told = (call.side, method, status, seconds * 1000, again)
    extra = {
        "rpc_side": call.side,
        "rpc_method": call.method,
        "rpc_status": status,
        "rpc_seconds": seconds,
        "rpc_attempt": attempt,
    }
    log.log(level, "%s %s: %s, %.1f ms%s", *told, extra=extra)
