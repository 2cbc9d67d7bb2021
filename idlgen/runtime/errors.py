"""What a call can raise: one class for each of the 16 canonical RPC statuses.

The classes of errors that a schema declares derive from the class of their status::

    Exception
    └── RpcError                   status, message, details, retryable
        ├── Cancelled              the caller gave up
        ├── UnknownError           the peer did not say what it was
        ├── InvalidArgument        problems: every place that is wrong, with its path
        ├── DeadlineExceeded
        ├── NotFound
        │   └── UserNotFound       an error of a schema
        ├── AlreadyExists
        ├── PermissionDenied
        ├── ResourceExhausted
        ├── FailedPrecondition
        ├── Aborted
        ├── OutOfRange
        ├── Unimplemented
        ├── Internal
        ├── Unavailable            retryable
        ├── DataLoss
        └── Unauthenticated

A declared error's fields are attributes of it, so a field may not have the name of an
attribute of these classes: `args`, `details`, `error_name`, `message`, `problems`,
`retryable`, `status`, `with_traceback`, `add_note`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, NamedTuple, TypeVar

import msgspec

from idlgen.runtime.error_messages import fill_message, spelt_out
from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.status import Status
from idlgen.runtime.unions import plain_data


class Problem(NamedTuple):
    """One thing that is wrong with a value, and where: `$.userData.email`."""

    path: str
    message: str


class RpcError(Exception):
    """A call that failed.

    `details` are the error's fields as plain JSON data, those of an error that this
    side does not know included. `retryable` says whether the same call may succeed
    when it is made again at once; the status decides unless it is given.
    """

    status: ClassVar[Status] = Status.UNKNOWN
    _idl_name: ClassVar[str] = ""
    _idl_message: ClassVar[str] = ""

    def __init__(
        self,
        message: str | None = None,
        *,
        details: Mapping[str, JsonValue] | None = None,
        fields: msgspec.Struct | None = None,
        retryable: bool | None = None,
    ) -> None:
        if details is None:
            details = {} if fields is None else plain_data(fields)
        self.details: Mapping[str, JsonValue] = details
        if message is None:
            message = self._idl_default_message(fields)
        self.message = message
        self.retryable = (
            self.status is Status.UNAVAILABLE if retryable is None else retryable
        )
        super().__init__(message)

    @property
    def error_name(self) -> str:
        """The full name of a declared error, `user.UserNotFound`; else empty."""
        return self._idl_name

    def _idl_default_message(self, fields: msgspec.Struct | None) -> str:
        if self._idl_message:
            return fill_message(self._idl_message, fields, self.details)
        if self._idl_name:
            return spelt_out(self._idl_name.rpartition(".")[2])
        return self.status.replace("_", " ")

    def __str__(self) -> str:
        return self.message

    def __reduce__(
        self,
    ) -> tuple[Callable[..., RpcError], tuple[object, ...], dict[str, object]]:
        # The constructors of declared errors take their fields, which `args` is not.
        return _restore, (type(self), self.args), self.__dict__


class Cancelled(RpcError):
    """The caller gave up, or the server was told to stop."""

    status = Status.CANCELLED


class UnknownError(RpcError):
    """The peer reported an error without a status that this side knows."""

    status = Status.UNKNOWN


class InvalidArgument(RpcError):
    """The call or one of its arguments is wrong whatever the state of the server.

    `problems` names every wrong place of the arguments, where the peer told.
    """

    status = Status.INVALID_ARGUMENT

    def __init__(
        self,
        message: str | None = None,
        *,
        problems: Sequence[Problem] = (),
        details: Mapping[str, JsonValue] | None = None,
        fields: msgspec.Struct | None = None,
        retryable: bool | None = None,
    ) -> None:
        self.problems = tuple(problems)
        super().__init__(message, details=details, fields=fields, retryable=retryable)


class DeadlineExceeded(RpcError):
    """The time for the call ran out; it may still have had its effect."""

    status = Status.DEADLINE_EXCEEDED


class NotFound(RpcError):
    """What was asked for does not exist."""

    status = Status.NOT_FOUND


class AlreadyExists(RpcError):
    """What was to be made exists already."""

    status = Status.ALREADY_EXISTS


class PermissionDenied(RpcError):
    """The caller is known and may not do this."""

    status = Status.PERMISSION_DENIED


class ResourceExhausted(RpcError):
    """A quota or a limit is used up."""

    status = Status.RESOURCE_EXHAUSTED


class FailedPrecondition(RpcError):
    """The state of the system forbids the call until somebody changes it."""

    status = Status.FAILED_PRECONDITION


class Aborted(RpcError):
    """The call lost against another one; the whole transaction may be tried again."""

    status = Status.ABORTED


class OutOfRange(RpcError):
    """The call reaches past the end of what there is."""

    status = Status.OUT_OF_RANGE


class Unimplemented(RpcError):
    """The server does not have the method."""

    status = Status.UNIMPLEMENTED


class Internal(RpcError):
    """Something is broken on the other side."""

    status = Status.INTERNAL


class Unavailable(RpcError):
    """The server cannot be reached or does not take calls now."""

    status = Status.UNAVAILABLE


class DataLoss(RpcError):
    """Data is lost or corrupt beyond repair."""

    status = Status.DATA_LOSS


class Unauthenticated(RpcError):
    """The caller did not say who it is, or cannot prove it."""

    status = Status.UNAUTHENTICATED


_DECLARED_NAME = "_idl_name"
_RECEIVED = "_idl_received"
_RETRY_AFTER = "_idl_retry_after"

LONGEST = 10**9
"""Seconds, 31 years: what is longer no clock of an operating system takes."""

_CLASSES: dict[Status, type[RpcError]] = {
    kind.status: kind for kind in RpcError.__subclasses__()
}


def error_class(status: Status) -> type[RpcError]:
    """Return the class of the status."""
    return _CLASSES[status]


Error = TypeVar("Error", bound=RpcError)


def received(error: Error) -> Error:
    """Mark an error as the outcome of a call that this process made; return it.

    A handler that lets it escape has not answered its own caller with it: what another
    server said, and its address, are not that caller's business.
    """
    vars(error)[_RECEIVED] = True
    return error


def was_received(error: RpcError) -> bool:
    """Return whether the error is the outcome of a call, not of a handler."""
    return _RECEIVED in vars(error)


def with_retry_after(error: Error, seconds: float) -> Error:
    """Note when the call may be made again, in seconds from its failure; return it."""
    vars(error)[_RETRY_AFTER] = seconds
    return error


def retry_after(error: RpcError) -> float | None:
    """Return the seconds after which the call may be made again, where somebody said.

    That is the field `retry_after` of a declared error, a duration; of an error that
    this side does not know, as JSON has it or in seconds; or the header of HTTP's name.
    What is longer than `LONGEST` says nothing.
    """
    said: object = vars(error).get(_RETRY_AFTER)
    if said is None:
        said = getattr(error, "retry_after", None)
    if said is None:
        said = error.details.get("retry_after")
    if isinstance(said, str):
        try:
            said = msgspec.convert(said, timedelta)
        except msgspec.ValidationError:
            return None
    if isinstance(said, timedelta):
        said = said.total_seconds()
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    # JSON has integers that no float holds, and NaN is less than nothing.
    return float(said) if 0 <= said <= LONGEST else None


def declared_name(kind: type[RpcError]) -> str:
    """Return the full name of a declared error, `user.UserNotFound`; else `""`."""
    name: object = getattr(kind, _DECLARED_NAME)
    return str(name)


def is_for_caller(error: RpcError, declared: Iterable[type[RpcError]]) -> bool:
    """Return whether a handler raised the error for the caller of its method.

    That is one of those which the method has `declared`, or a status of its own that no
    schema names; not another service's answer that nobody caught.
    """
    name = declared_name(type(error))
    if not name:
        return not was_received(error)
    return any(declared_name(kind) == name for kind in declared)


def declared_fields(kind: type[RpcError]) -> type[msgspec.Struct] | None:
    """Return the struct of a declared error's fields, or None where it has none."""
    fields: object = getattr(kind, "Fields", None)
    if isinstance(fields, type) and issubclass(fields, msgspec.Struct):
        return fields
    return None


def _restore(kind: type[RpcError], args: tuple[object, ...]) -> RpcError:
    return kind.__new__(kind, *args)
