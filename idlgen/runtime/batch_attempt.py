"""One sending of a batch: the attempts of its calls, entered and left together."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from idlgen.runtime.attempts import Attempt, Tokens, at_once
from idlgen.runtime.errors import RpcError, received
from idlgen.runtime.pending import Call
from idlgen.runtime.retries import Try
from idlgen.runtime.transports.request import Request


class BatchAttempt:
    """A context manager, for `with` and `async with`, that gives the requests to send.

    A call that is refused on the way in is not among them, and has failed. What the
    others ended with is told to their interceptors on the way out, each its own.
    """

    def __init__(self, calls: Sequence[Call[Any]], tried: Try) -> None:
        self._calls = calls
        self._tokens: Tokens = {}
        self._tried = tried
        self._entered: list[tuple[Call[Any], Attempt]] = []

    def __enter__(self) -> list[tuple[Call[Any], Request]]:
        return at_once(self._enter(may_wait=False))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        at_once(self._leave(error))

    async def __aenter__(self) -> list[tuple[Call[Any], Request]]:
        return await self._enter(may_wait=True)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._leave(error)

    async def _enter(self, *, may_wait: bool) -> list[tuple[Call[Any], Request]]:
        sent: list[tuple[Call[Any], Request]] = []
        try:
            for call in self._calls:
                attempt = call.calling.attempts.attempt(
                    self._tried.in_time(call.request),
                    self._tried,
                    tokens=self._tokens,
                )
                try:
                    ready = await attempt.enter(may_wait=may_wait)
                except Exception as error:
                    call.fail(_marked(error))
                else:
                    self._entered.append((call, attempt))
                    sent.append((call, ready))
        except BaseException as error:
            await self._leave(error)
            raise
        return sent

    async def _leave(self, error: BaseException | None) -> None:
        # The last first: what they keep in context variables is nested.
        for call, attempt in reversed(self._entered):
            try:
                await attempt.leave(call.error if error is None else error)
            except Exception as other:
                call.fail(_marked(other))


def _marked(error: Exception) -> Exception:
    return received(error) if isinstance(error, RpcError) else error
