"""The interceptors around one attempt of one call, from entering to leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
)
from typing import Generic, TypeVar

from idlgen.runtime.interceptors.calls import Manager

C = TypeVar("C")
T = TypeVar("T")


class Chain(Generic[C]):
    """Enters interceptors, the first outermost, and leaves them in reverse.

    Where `may_wait` is false nothing in it ever waits.
    """

    __slots__ = ("_interceptors", "_may_wait", "_stack")

    def __init__(
        self, interceptors: Iterable[Callable[[C], Manager]], *, may_wait: bool
    ) -> None:
        self._interceptors = interceptors
        self._may_wait = may_wait
        self._stack = AsyncExitStack()

    async def enter(self, call: C) -> None:
        """Enter all.

        Raises:
            TypeError: one is no interceptor, or waits where that cannot be; and whatever
                they raise. Those that were entered before are left then.
        """
        try:
            for interceptor in self._interceptors:
                await self._enter(interceptor, call)
        except BaseException as error:
            await self.leave(error)
            raise

    async def leave(self, error: BaseException | None) -> None:
        """Leave all; they see the error, which stays its caller's to raise.

        Raises:
            BaseException: what an interceptor raises in its place.
        """
        if error is None:
            await self._stack.__aexit__(None, None, None)
        else:
            await self._stack.__aexit__(type(error), error, error.__traceback__)

    async def _enter(self, interceptor: Callable[[C], Manager], call: C) -> None:
        manager = interceptor(call)
        if self._may_wait and isinstance(manager, AbstractAsyncContextManager):
            await self._stack.enter_async_context(manager)
        elif isinstance(manager, AbstractContextManager):
            self._stack.enter_context(manager)
        else:
            raise _unfit(interceptor, manager)


def checked(interceptors: Iterable[T]) -> tuple[T, ...]:
    """Return the interceptors, in their order.

    Raises:
        TypeError: one cannot be called, or it is not a list of them.
    """
    if callable(interceptors):
        name = getattr(interceptors, "__name__", "it")
        raise TypeError(
            f"`interceptors` is a list of functions, not a function: give [{name}]"
        )
    found = tuple(interceptors)
    for interceptor in found:
        if not callable(interceptor):
            kind = type(interceptor).__qualname__
            raise TypeError(f"an interceptor is a function of a call, not {kind}")
    return found


def _unfit(interceptor: object, manager: object) -> TypeError:
    name = getattr(interceptor, "__qualname__", type(interceptor).__qualname__)
    if isinstance(manager, AbstractAsyncContextManager):
        return TypeError(
            f"the interceptor `{name}` waits, and a sync client cannot: make it with "
            "`contextmanager`, not `asynccontextmanager`"
        )
    kind = type(manager).__qualname__
    return TypeError(
        f"the interceptor `{name}` gave {kind}, which is no context manager"
    )
