"""By which function of the runtime a method is called."""

from __future__ import annotations

from idlgen.model import Method, StreamType

CALLS = "this.#calls"
"""What a client makes its calls by."""


def runtime_call(method: Method, runtime: str) -> tuple[str, list[str]]:
    """Return the function, and the arguments that go before all others.

    `runtime` is what the module calls the runtime. What streams is no method of the
    calls, so that programs without streams carry nothing of it.
    """
    if isinstance(method.returns, StreamType):
        return f"{runtime}.stream", [CALLS]
    if method.streamed_param is not None:
        return f"{runtime}.collect", [CALLS]
    return f"{CALLS}.unary", []
