"""How a call ended, in one word: for logs, metrics and spans."""

from __future__ import annotations

from idlgen.runtime.call import CallContext
from idlgen.runtime.errors import RpcError, is_for_caller
from idlgen.runtime.interceptors.calls import Call, ClientCall
from idlgen.runtime.status import Status

OK = "ok"
UNTYPED = "(untyped)"


def status_of(call: Call, error: BaseException | None) -> str:
    """Return `ok` or the status that the call ended with.

    On a server that is what its caller is told: what a handler did not mean for it is
    `internal`.
    """
    if error is None:
        return OK
    if not isinstance(error, Exception):
        return Status.CANCELLED.value
    if not isinstance(error, RpcError):
        own = Status.INTERNAL if call.side == "server" else Status.UNKNOWN
        return own.value
    if isinstance(call, CallContext) and not is_for_caller(error, call.errors):
        return Status.INTERNAL.value
    return error.status.value


def is_declared(call: Call) -> bool:
    """Return whether a schema declares the method: else its name may be any text."""
    return not isinstance(call, ClientCall) or call.typed


def bounded_name(call: Call) -> str:
    """Return the method's name, of which there are as many as schemas declare."""
    return call.method if is_declared(call) else UNTYPED
