"""Errors on the wire: an RPC status as a code, a declared error as `data`.

`error.data` is `{error, status, fields, problems}`, each where there is something to
say: the full name of a declared error, the status, the error's fields, and every place
that is wrong. The places of -32602 begin at the params, others at the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from idlgen.runtime.codec import Codec
from idlgen.runtime.errors import (
    InvalidArgument,
    Problem,
    RpcError,
    declared_fields,
    error_class,
)
from idlgen.runtime.refusals import Refused
from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.status import Status
from idlgen.runtime.unions import encode_unknown
from idlgen.runtime.validation.finite import non_finite_in_any

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

PHRASES: Mapping[int, str] = {
    PARSE_ERROR: "Parse error",
    INVALID_REQUEST: "Invalid Request",
    METHOD_NOT_FOUND: "Method not found",
    INVALID_PARAMS: "Invalid params",
    INTERNAL_ERROR: "Internal error",
}
RESERVED: Mapping[int, Status] = {
    PARSE_ERROR: Status.INVALID_ARGUMENT,
    INVALID_REQUEST: Status.INVALID_ARGUMENT,
    METHOD_NOT_FOUND: Status.UNIMPLEMENTED,
    INVALID_PARAMS: Status.INVALID_ARGUMENT,
    INTERNAL_ERROR: Status.INTERNAL,
}
STATUS_CODES = -32000
"""A status is this code less its gRPC number."""

MAX_TOLD = 3


class WireProblem(Struct, frozen=True):
    """A `Problem` as an object."""

    path: str
    message: str


class ErrorData(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The member `data` of an error."""

    error: str = ""
    status: str = ""
    fields: Raw | UnsetType = UNSET
    problems: tuple[WireProblem, ...] = ()


class ErrorObject(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The member `error` of an answer."""

    code: int
    message: str
    data: Raw | UnsetType = UNSET


def reserved_error(code: int, problems: Sequence[Problem] = ()) -> ErrorObject:
    """Return one of the specification's own errors, in its words.

    The parse error and the internal error say no more than that.
    """
    data: Raw | UnsetType = UNSET
    if problems:
        data = _encoded(
            ErrorData(status=RESERVED[code], problems=_wire_problems(problems))
        )
    return ErrorObject(code=code, message=PHRASES[code], data=data)


def status_error(error: RpcError) -> ErrorObject:
    """Return what a handler raised as an error object.

    Raises:
        TypeError, ValueError: the error's details are no JSON.
    """
    for wrong in non_finite_in_any(error.details):
        raise ValueError(f"{wrong.path}: {wrong.message}")
    problems = error.problems if isinstance(error, InvalidArgument) else ()
    has_fields = bool(error.error_name or error.details)
    data = ErrorData(
        error=error.error_name,
        status=error.status,
        fields=_encoded(error.details) if has_fields else UNSET,
        problems=_wire_problems(problems),
    )
    return ErrorObject(
        code=STATUS_CODES - error.status.number,
        message=error.message,
        data=_encoded(data),
    )


def told(phrase: str, problems: Sequence[Problem]) -> str:
    """Return the phrase with the first problems behind it, for people."""
    texts = [
        message if path in ("", "$") else f"`{path}`: {message}"
        for path, message in problems[:MAX_TOLD]
    ]
    if len(problems) > MAX_TOLD:
        texts.append(f"and {len(problems) - MAX_TOLD} more")
    return f"{phrase}: {'; '.join(texts)}" if texts else phrase


def rpc_error(wire: ErrorObject, declared: Mapping[str, type[RpcError]]) -> RpcError:
    """Return the exception for the error object of an answer.

    `declared` are the errors that the method can raise, by their full names. An error
    that is not among them becomes the class of its status, its fields `details`.
    """
    data, details = _read_data(wire.data)
    kind = declared.get(data.error)
    if kind is not None:
        error = _declared_error(kind, data.fields)
        if error is not None:
            return _with_message(error, wire.message)
    status = _status(wire.code, data.status)
    problems = [Problem(problem.path, problem.message) for problem in data.problems]
    message = wire.message
    if wire.code in PHRASES:
        message = told(message, problems)
    if status is Status.INVALID_ARGUMENT:
        return InvalidArgument(message, problems=problems, details=details)
    return error_class(status)(message, details=details)


def _status(code: int, name: str) -> Status:
    if code in RESERVED:
        return RESERVED[code]
    if (status := Status.from_number(STATUS_CODES - code)) is not None:
        return status
    try:
        return Status(name)
    except ValueError:
        return Status.UNKNOWN


def _read_data(
    raw: Raw | UnsetType,
) -> tuple[ErrorData, dict[str, JsonValue]]:
    """Return what `data` says in our shape, and the details: its fields or all of it."""
    if isinstance(raw, UnsetType):
        return ErrorData(), {}
    try:
        data = msgspec.json.decode(raw, type=ErrorData)
        plain = raw if isinstance(data.fields, UnsetType) else data.fields
        details: JsonValue = msgspec.json.decode(plain)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ErrorData(), _foreign_details(raw)
    if isinstance(data.fields, UnsetType) and (data.status or data.problems):
        return data, {}
    return data, _as_details(details)


def _foreign_details(raw: Raw) -> dict[str, JsonValue]:
    try:
        return _as_details(msgspec.json.decode(raw))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}


def _as_details(value: JsonValue) -> dict[str, JsonValue]:
    return dict(value) if isinstance(value, Mapping) else {"data": value}


def _declared_error(kind: type[RpcError], raw: Raw | UnsetType) -> RpcError | None:
    """Return the declared error with its fields, or None where they do not fit."""
    make: Callable[..., RpcError] = kind
    fields = declared_fields(kind)
    if fields is None:
        return make()
    source = Raw(b"{}") if isinstance(raw, UnsetType) else raw
    try:
        values = _fields_codec(fields).decode(source)
    except Refused:
        return None
    return make(**{name: getattr(values, name) for name in fields.__struct_fields__})


@cache
def _fields_codec(fields: type[Struct]) -> Codec[Struct]:
    return Codec(fields)


def _with_message(error: RpcError, message: str) -> RpcError:
    error.message = message
    error.args = (message,)
    return error


def _wire_problems(problems: Sequence[Problem]) -> tuple[WireProblem, ...]:
    return tuple(WireProblem(path, message) for path, message in problems)


def _encoded(value: object) -> Raw:
    return Raw(msgspec.json.encode(value, enc_hook=encode_unknown))
