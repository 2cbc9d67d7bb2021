"""By which method of the runtime a method is called."""

from __future__ import annotations

from idlgen.model import Method, StreamType


def runtime_call(method: Method) -> str:
    """Return `unary`, `stream` for a streamed result, or `collect` for a streamed param."""
    if isinstance(method.returns, StreamType):
        return "stream"
    return "unary" if method.streamed_param is None else "collect"
