"""The client's face: a call to bytes, the answer's bytes to a result or an error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Internal, InvalidArgument, RpcError, UnknownError
from idlgen.runtime.leniency import Leniency
from idlgen.runtime.method_codec import method_codec
from idlgen.runtime.protocols.jsonrpc.failures import ErrorObject, rpc_error, told
from idlgen.runtime.refusals import TOO_DEEP, Refused
from idlgen.runtime.scalars import JsonValue, decode_scalar
from idlgen.runtime.unions import encode_unknown
from idlgen.runtime.validation.finite import non_finite_in_any

T = TypeVar("T")

OTHER_ID = "its `id` is not that of the call"


def encode_call(method: Method[object], params: Struct, call_id: int | None) -> bytes:
    """Return the request that calls `method`; without an id it is a notification.

    Raises:
        InvalidArgument: the params do not fit their types; nothing need be sent.
    """
    try:
        encoded = method_codec(method).encode_params(params)
    except Refused as error:
        raise _wrong_params(method.name, error) from error.__cause__
    return _request(method.name, encoded, call_id)


def encode_untyped_call(
    name: str,
    params: Sequence[JsonValue] | Mapping[str, JsonValue],
    call_id: int | None,
) -> bytes:
    """Return the request that calls the method `name` with what was given.

    Raises:
        InvalidArgument: the params hold what JSON has no text for.
    """
    encoded = b""
    try:
        problems = list(non_finite_in_any(params))
        if not problems:
            encoded = msgspec.json.encode(params, enc_hook=encode_unknown)
    except RecursionError:
        problems = [TOO_DEEP]
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidArgument(f"params of {name}: {error}") from error
    if problems:
        raise InvalidArgument(told(f"params of {name}", problems), problems=problems)
    return _request(name, encoded, call_id)


def decode_answer(
    method: Method[T], body: bytes, call_id: int, leniency: Leniency
) -> T:
    """Return the result of the call that `encode_call` wrote with `call_id`.

    Nearly all answers bring a result that fits. Such a one is read at once, and one of
    which that cannot be said part after part, to tell what is wrong.

    Raises:
        RpcError: the error that the server answered, of the class of its status or of
            the method's errors; `Internal` where the answer is no answer to the call.
    """
    decoder = _whole_decoder(method)
    if decoder is not None:
        try:
            answer = decoder.decode(body)
        except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
            pass
        else:
            if answer.id == call_id:
                result: T = answer.result
                return result
    return _decode_parts(method, body, call_id, leniency)


@cache
def _whole_decoder(method: Method[object]) -> msgspec.json.Decoder[Any] | None:
    """Return what reads an answer and the result in it, where nothing else is needed."""
    kind = method_codec(method).plain_result
    if kind is None:
        return None
    answer = msgspec.defstruct(
        "Answer",
        [
            ("jsonrpc", Literal["2.0"]),
            ("id", int),
            ("result", kind),
            ("error", None, None),
        ],
    )
    return msgspec.json.Decoder(answer, dec_hook=decode_scalar)


def _decode_parts(
    method: Method[T], body: bytes, call_id: int, leniency: Leniency
) -> T:
    codec = method_codec(method)
    result = read_result(body, call_id, leniency, codec.errors)
    try:
        return codec.decode_result(result)
    except Refused as error:
        message = told(f"the result of {method.name} does not fit", error.problems)
        raise Internal(message) from error.__cause__


def decode_untyped_answer(body: bytes, call_id: int, leniency: Leniency) -> JsonValue:
    """Return the result as plain JSON data.

    Raises:
        RpcError: as `decode_answer`; of the class of its status.
    """
    result = read_result(body, call_id, leniency, {})
    try:
        value: JsonValue = msgspec.json.decode(result)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Internal(f"the result cannot be read: {error}") from error
    return value


class _Answer(Struct, frozen=True):
    jsonrpc: Raw | UnsetType = UNSET
    result: Raw | UnsetType = UNSET
    error: Raw | UnsetType = UNSET
    id: Raw | UnsetType = UNSET


def _request(name: str, params: bytes, call_id: int | None) -> bytes:
    ending = b"}" if call_id is None else b',"id":%d}' % call_id
    return b"%b%b%b" % (_beginning(name), params, ending)


@cache
def _beginning(name: str) -> bytes:
    return f'{{"jsonrpc":"2.0","method":{json.dumps(name)},"params":'.encode()


class _ErrorAnswer(Struct, frozen=True):
    jsonrpc: Literal["2.0"]
    error: Raw


def is_error_answer(body: bytes) -> bool:
    """Return whether the body is an answer with an error, whatever came around it."""
    try:
        msgspec.json.decode(body, type=_ErrorAnswer)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False
    return True


def read_result(
    body: bytes,
    call_id: int,
    leniency: Leniency,
    declared: Mapping[str, type[RpcError]],
) -> Raw:
    """Return the JSON of the result that answers the call.

    Raises:
        RpcError: the answer's error, of one of the `declared` classes, by their full
            names, or of the class of its status; `Internal` for what is no answer.
    """
    answer = _read_answer(body)
    _check_version(answer, leniency)
    error = answer.error
    if not isinstance(error, UnsetType) and bytes(error) == b"null":
        error = UNSET
    call_id_text = b"%d" % call_id
    answered = b"" if isinstance(answer.id, UnsetType) else bytes(answer.id)
    if not isinstance(error, UnsetType):
        # Null is the id where the server could not read that of the call.
        if answered not in (call_id_text, b"null", b""):
            raise _no_answer(OTHER_ID)
        raise _read_error(error, leniency, declared)
    result = answer.result
    if isinstance(result, UnsetType):
        if not leniency.result_optional:
            raise _no_answer("it has neither `result` nor `error`")
        result = Raw(b"null")
    if answered != call_id_text:
        raise _no_answer(OTHER_ID)
    return result


def _read_answer(body: bytes) -> _Answer:
    try:
        return msgspec.json.decode(body, type=_Answer)
    except msgspec.ValidationError:
        raise _no_answer("it is no object") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise _no_answer(f"it is no JSON: {error}") from None
    except RecursionError:
        raise _no_answer("it is nested too deeply") from None


def _check_version(answer: _Answer, leniency: Leniency) -> None:
    version = answer.jsonrpc
    if isinstance(version, UnsetType):
        if not leniency.version_optional:
            raise _no_answer(
                'it lacks `"jsonrpc": "2.0"`; `lenient=True` accepts such servers'
            )
    elif bytes(version) != b'"2.0"':
        raise _no_answer('its `jsonrpc` is not "2.0"')


def _read_error(
    raw: Raw, leniency: Leniency, declared: Mapping[str, type[RpcError]]
) -> RpcError:
    if leniency.plain_errors and bytes(raw).startswith(b'"'):
        return UnknownError(msgspec.json.decode(raw, type=str))
    try:
        wire = msgspec.json.decode(raw, type=ErrorObject)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _no_answer("its `error` is no object with `code` and `message`")
    return rpc_error(wire, declared)


def _no_answer(why: str) -> Internal:
    return Internal(f"the server did not answer as JSON-RPC 2.0 says: {why}")


def _wrong_params(name: str, error: Refused) -> InvalidArgument:
    message = told(f"wrong params of {name}", error.problems)
    return InvalidArgument(message, problems=error.problems)
