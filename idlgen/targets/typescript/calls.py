"""Which kinds of calls methods make."""

from __future__ import annotations

from idlgen.model import Method, StreamType


def is_unary(method: Method) -> bool:
    """Whether a call of it is one request and one answer."""
    return method.streamed_param is None and not isinstance(method.returns, StreamType)
