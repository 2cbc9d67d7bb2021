"""The client's face: several calls as one batch, and its answers apart again."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from idlgen.runtime.errors import Internal, RpcError
from idlgen.runtime.protocols.jsonrpc.failures import ErrorObject, rpc_error


class _Refusal(Struct, frozen=True):
    error: ErrorObject


class _Answer(Struct, frozen=True):
    id: Raw | UnsetType = UNSET


def encode_batch(requests: Iterable[bytes]) -> bytes:
    """Return the message that makes all the requests."""
    return b"[%b]" % b",".join(requests)


def read_batch(body: bytes) -> dict[bytes, bytes]:
    """Return the answers in `body` by the JSON of their ids, in whatever order they came.

    Where two have one id, the first counts. What is no object answers nothing.

    Raises:
        RpcError: the server answered the batch as a whole with an error; `Internal`
            where it did not answer as JSON-RPC says.
    """
    try:
        elements = msgspec.json.decode(body, type=list[Raw])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise _refused(body) from None
    answers: dict[bytes, bytes] = {}
    for element in elements:
        try:
            call_id = msgspec.json.decode(element, type=_Answer).id
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
        if not isinstance(call_id, UnsetType):
            answers.setdefault(bytes(call_id), bytes(element))
    return answers


def _refused(body: bytes) -> RpcError:
    try:
        return rpc_error(msgspec.json.decode(body, type=_Refusal).error, {})
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Internal(
            "the server did not answer as JSON-RPC 2.0 says: "
            "it answered a batch neither with an array nor with an error"
        )
