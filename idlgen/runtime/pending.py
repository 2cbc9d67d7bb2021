"""Calls whose outcome is asked for after they were made: of batches, and raw ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from idlgen.runtime.calling import Calling
from idlgen.runtime.errors import RpcError
from idlgen.runtime.outcome import outcome
from idlgen.runtime.transports.reply import Reply
from idlgen.runtime.transports.request import Request

T = TypeVar("T")

NOT_YET = (
    "this call was not made yet: ask for its result after the `with` block of its batch"
)


class Call(Generic[T]):
    """A call's request, and what came of it; `read` makes the result of an answer.

    `calling` is how the client calls whose method it is, or the view.
    """

    _result: T

    def __init__(
        self, calling: Calling, request: Request, read: Callable[[Request, Reply], T]
    ) -> None:
        self.calling = calling
        self.request = request
        self._read = read
        self._error: Exception | None = RuntimeError(NOT_YET)

    def answer(self, reply: Reply) -> None:
        """Take the answer: its result, or its error."""
        try:
            with outcome:
                self._result = self._read(self.request, reply)
        except RpcError as error:
            self._error = error
        else:
            self._error = None

    def fail(self, error: Exception) -> None:
        """Take the error that there is in place of an answer."""
        self._error = error

    @property
    def error(self) -> Exception | None:
        """What the call ended with in place of a result."""
        return self._error

    def result(self) -> T:
        """Return the result or raise the error; RuntimeError where there is neither."""
        if self._error is not None:
            raise self._error
        return self._result


class Pending(Generic[T]):
    """The outcome of a call of a batch, once the batch was answered."""

    def __init__(self, call: Call[T]) -> None:
        self._call = call

    def result(self) -> T:
        """Return the result of the call.

        Raises:
            RpcError: the call's own error, or the one that the whole batch ended with.
            RuntimeError: the batch was not sent, or not yet.
        """
        return self._call.result()


class RawAnswer(Generic[T]):
    """An answer with what came beside it; see `ServiceClient.raw`.

    `status` is HTTP's, `headers` are the answer's, names in lower case.
    """

    def __init__(self, call: Call[T], reply: Reply) -> None:
        self._call = call
        self.status: int = reply.status
        self.headers: Mapping[str, str] = reply.headers

    def result(self) -> T:
        """Return the result of the call, or raise its error."""
        return self._call.result()
