"""The interceptors of a server around one call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from idlgen.runtime.call import CallContext
from idlgen.runtime.interceptors.calls import Manager
from idlgen.runtime.interceptors.chain import Chain
from idlgen.runtime.server.interruption import interruptible
from idlgen.runtime.server.invocation import TimeIsUp, TimeLimit

T = TypeVar("T")

ServerInterceptor = Callable[[CallContext], Manager]


class InterceptorFailed(Exception):
    """An interceptor raised, on the way in or in place of the call's own error."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__(str(error))


async def intercepted(
    interceptors: Sequence[ServerInterceptor],
    context: CallContext,
    work: Callable[[], Awaitable[T]],
    seen: Callable[[BaseException], BaseException],
) -> T:
    """Return what `work` returns, done within the interceptors.

    They see what `seen` makes of its errors.

    Raises:
        InterceptorFailed: one of them raised.
        TimeIsUp: the call's deadline passed before all were entered.
        BaseException: what `work` raises.
    """
    chain = Chain(interceptors, may_wait=True)
    try:
        await interruptible(chain.enter(context), TimeLimit, context)
    except TimeIsUp:
        raise
    except Exception as error:
        raise InterceptorFailed(error) from error
    try:
        result = await work()
    except BaseException as error:
        await _left(chain, seen(error))
        raise
    await _left(chain, None)
    return result


async def _left(chain: Chain[CallContext], error: BaseException | None) -> None:
    try:
        await chain.leave(error)
    except Exception as other:
        raise InterceptorFailed(other) from other
