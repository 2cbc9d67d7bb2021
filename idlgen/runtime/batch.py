"""Batches of typed calls: many calls of one client in one message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeAlias, TypeVar

from idlgen.runtime.batch_attempt import BatchAttempt
from idlgen.runtime.batch_request import longest
from idlgen.runtime.client import AsyncServiceClient, ServiceClient
from idlgen.runtime.errors import Internal, received
from idlgen.runtime.outcome import outcome
from idlgen.runtime.pending import Call, Pending
from idlgen.runtime.recording import recorded
from idlgen.runtime.retries import Try
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request

P = ParamSpec("P")
T = TypeVar("T")

Sent: TypeAlias = tuple[Call[Any], Request]
"""A call and the request that makes it."""

UNSENT = "the batch was not sent, for its `with` block raised"
UNANSWERED = "the batch was given up before it was answered"
LENIENT = (
    "a client with `lenient=True` makes no batches: it is for servers that know only the "
    "core of JSON-RPC, to which they do not belong"
)


class _Calls:
    """What a batch has gathered, and whether it still may."""

    def __init__(self, client: ServiceClient | AsyncServiceClient) -> None:
        self._client = client
        self._calling = client._idl_channel.calling
        if self._calling.is_lenient:
            raise RuntimeError(LENIENT)
        self._calls: list[Call[Any]] = []
        self._is_open = False
        self._is_over = False

    def open(self) -> None:
        """Begin to gather, once."""
        if self._is_open or self._is_over:
            raise RuntimeError("a batch is for one `with` block")
        self._is_open = True

    def add(
        self,
        method: Callable[..., object],
        args: Sequence[object],
        kwargs: Mapping[str, object],
    ) -> Call[Any]:
        """Gather the call that `method` makes."""
        if not self._is_open:
            raise RuntimeError("calls are added to a batch inside its `with` block")
        call = recorded(self._client, method, args, kwargs)
        self._calls.append(call)
        return call

    def end(self, *, failed: bool) -> bool:
        """Return whether to send them: not where the block `failed` or is empty."""
        self._is_open, self._is_over = False, True
        for call in self._calls:
            call.fail(RuntimeError(UNSENT if failed else UNANSWERED))
        return bool(self._calls) and not failed

    def attempt(self, tried: Try) -> BatchAttempt:
        """Return an attempt to make them."""
        return BatchAttempt(self._calls, tried)

    @property
    def retries(self) -> int:
        """How often they may be made again together: no more often than each."""
        return min(call.request.retries for call in self._calls)

    @property
    def timeout(self) -> float | None:
        """How many seconds they may take together: as many as the longest."""
        return longest([call.request.timeout for call in self._calls])

    def request(self, sent: Sequence[Sent]) -> Request:
        """Return the request that makes the calls of `sent`.

        Raises:
            DeadlineExceeded: the call that is served here has no more time.
        """
        return self._calling.begin_batch([request for _, request in sent])

    def fail(self, error: Exception) -> None:
        """End all calls with the error."""
        for call in self._calls:
            call.fail(error)

    def answer(self, sent: Sequence[Sent], request: Request, reply: Reply) -> None:
        """Give each call of `sent` its answer."""
        answers = self._calling.answers(request, reply)
        for call, _ in sent:
            if not call.request.ids:
                call.answer(reply)
                continue
            body = answers.get(b"%d" % call.request.ids[0])
            if body is None:
                why = "the server left this call of the batch without an answer"
                call.fail(received(Internal(why)))
            else:
                call.answer(
                    Reply(status=reply.status, headers=reply.headers, body=body)
                )


class Batch:
    """Calls that travel together; see `ServiceClient.batch`."""

    def __init__(self, client: ServiceClient) -> None:
        self._calls = _Calls(client)
        self._transport = client._idl_channel.transport
        self._retrier = client._idl_channel.calling.retrier

    def add(
        self, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Pending[T]:
        """Add the call `method(*args, **kwargs)`, of a method of the batch's client.

        Raises:
            TypeError: it is a method of another client, or does not make one call.
            RpcError: as the method itself, where it refuses its arguments.
            RuntimeError: outside of the batch's `with` block.
        """
        return Pending(self._calls.add(method, args, kwargs))

    def __enter__(self) -> Self:
        self._calls.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        calls = self._calls
        if not calls.end(failed=error is not None):
            return
        try:
            with outcome:
                self._retrier.call(self._attempt, calls.retries, calls.timeout)
        except Exception as fault:
            calls.fail(fault)
            raise

    def _attempt(self, tried: Try) -> None:
        with self._calls.attempt(tried) as sent:
            if sent:
                request = self._calls.request(sent)
                self._calls.answer(sent, request, self._transport.exchange(request))


class AsyncBatch:
    """The same for an event loop; `add` needs no `await`."""

    def __init__(self, client: AsyncServiceClient) -> None:
        self._calls = _Calls(client)
        self._transport = client._idl_channel.transport
        self._retrier = client._idl_channel.calling.retrier

    def add(
        self, method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Pending[T]:
        """Add the call `await method(*args, **kwargs)`; raises as `Batch.add`."""
        return Pending(self._calls.add(method, args, kwargs))

    async def __aenter__(self) -> Self:
        self._calls.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        calls = self._calls
        if not calls.end(failed=error is not None):
            return
        try:
            with outcome:
                await self._retrier.call_async(
                    self._attempt, calls.retries, calls.timeout
                )
        except Exception as fault:
            calls.fail(fault)
            raise

    async def _attempt(self, tried: Try) -> None:
        async with self._calls.attempt(tried) as sent:
            if sent:
                request = self._calls.request(sent)
                reply = await self._transport.exchange(request)
                self._calls.answer(sent, request, reply)
