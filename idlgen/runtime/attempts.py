"""One sending of a request, with all that stands around it: `Attempt`.

Every kind of call is made in attempts, sync and async alike. What an attempt does before
and after is written once, as coroutines: in a sync client nothing in them waits.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Coroutine, Sequence
from inspect import isawaitable
from types import TracebackType
from typing import Any, TypeAlias, TypeVar

from msgspec import structs

from idlgen.runtime.auth_tokens import Asked, header_text
from idlgen.runtime.errors import DeadlineExceeded
from idlgen.runtime.interceptors.calls import ClientCall, ClientInterceptor
from idlgen.runtime.interceptors.chain import Chain
from idlgen.runtime.metadata import TIMEOUT, timeout_text
from idlgen.runtime.option_checks import check_headers
from idlgen.runtime.options import Defaults
from idlgen.runtime.retries import Try
from idlgen.runtime.transports.request import Request

T = TypeVar("T")

Tokens: TypeAlias = dict[Asked, str]
"""What was asked for a token, and what it gave."""

OURS = ("accept", "content-type", TIMEOUT)
"""Headers that are no interceptor's business."""


class Attempts:
    """What stands around the calls of one client, a view included.

    Where `are_plain` nothing does, and a request is sent as it is.
    """

    def __init__(self, defaults: Defaults, peer: str) -> None:
        self.interceptors: Sequence[ClientInterceptor] = defaults.interceptors
        self.asked = defaults.asked
        self.peer = peer
        self.are_plain = not (self.interceptors or self.asked)

    def attempt(
        self,
        request: Request,
        tried: Try | None = None,
        *,
        streams: bool = False,
        tokens: Tokens | None = None,
    ) -> Attempt:
        """Return an attempt to make the call, the first where `tried` does not say.

        `streams` says whether the call does. `tokens` remembers what was asked for,
        where attempts are made together: each call has its own deadline then.
        """
        number = 1 if tried is None else tried.number
        deadline = None if tried is None or tokens is not None else tried.deadline
        if deadline is None and request.timeout is not None:
            deadline = time.monotonic() + request.timeout
        return Attempt(self, request, number, deadline, tokens, streams=streams)


class Attempt:
    """A context manager, for `with` and `async with`, that gives what is to be sent.

    It is left when the answer was read: its interceptors see how that went.
    """

    __slots__ = (
        "_attempts",
        "_chain",
        "_deadline",
        "_number",
        "_request",
        "_streams",
        "_tokens",
    )

    def __init__(
        self,
        attempts: Attempts,
        request: Request,
        number: int,
        deadline: float | None,
        tokens: Tokens | None,
        *,
        streams: bool,
    ) -> None:
        self._attempts = attempts
        self._request = request
        self._number = number
        self._deadline = deadline
        self._streams = streams
        self._tokens = {} if tokens is None else tokens
        self._chain: Chain[ClientCall] | None = None

    def __enter__(self) -> Request:
        return at_once(self.enter(may_wait=False))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        at_once(self.leave(error))

    async def __aenter__(self) -> Request:
        return await self.enter(may_wait=True)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.leave(error)

    async def enter(self, *, may_wait: bool) -> Request:
        """Enter the interceptors, which can wait only where that is said."""
        if self._attempts.are_plain:
            return self._request
        call = self._call()
        chain = Chain(self._attempts.interceptors, may_wait=may_wait)
        await chain.enter(call)
        try:
            ready = await self._ready(call, may_wait=may_wait)
        except BaseException as error:
            await chain.leave(error)
            raise
        self._chain = chain
        return ready

    async def leave(self, error: BaseException | None) -> None:
        """Leave the interceptors; what one raises in place of `error` is raised."""
        chain, self._chain = self._chain, None
        if chain is not None:
            await chain.leave(error)

    def _call(self) -> ClientCall:
        request = self._request
        headers = {n: text for n, text in request.headers.items() if n not in OURS}
        return ClientCall(
            request.method,
            headers=headers,
            deadline=self._deadline,
            peer=self._attempts.peer,
            attempt=self._number,
            streams=self._streams,
            typed=request.typed,
        )

    async def _ready(self, call: ClientCall, *, may_wait: bool) -> Request:
        """Return the request with the call's headers and the time that is left.

        Raises:
            ValueError: an interceptor made a header that HTTP cannot carry, or a token
                is none.
            TypeError: a token must be waited for, where that cannot be.
            DeadlineExceeded: no time is left.
        """
        request = self._request
        headers = {name: text for name, text in request.headers.items() if name in OURS}
        headers |= check_headers(call.headers)
        for name, ask in self._attempts.asked.items():
            if name not in headers:
                headers[name] = header_text(
                    name, await self._token(ask, call, may_wait)
                )
        left = call.remaining
        if left is not None:
            if not left:
                raise DeadlineExceeded("no time was left for the call")
            headers[TIMEOUT] = timeout_text(left)
        return structs.replace(request, headers=headers, timeout=left)

    async def _token(self, ask: Asked, call: ClientCall, may_wait: bool) -> str:
        if ask in self._tokens:
            return self._tokens[ask]
        token = ask()
        if isawaitable(token):
            if not may_wait:
                if isinstance(token, Coroutine):
                    token.close()
                raise TypeError(
                    "a sync client cannot wait for a token: use an async one"
                )
            token = await _in_time(token, call)
        self._tokens[ask] = token
        return token


async def _in_time(asked: Awaitable[str], call: ClientCall) -> str:
    # Loaded by those alone who have an event loop.
    import asyncio

    try:
        async with asyncio.timeout(call.remaining):
            return await asked
    except TimeoutError:
        if call.remaining == 0:
            raise DeadlineExceeded("no time was left for the call") from None
        raise


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine returns, which waits for nothing.

    Raises:
        TypeError: it does wait.
    """
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise TypeError("a sync call cannot wait for what is async")
