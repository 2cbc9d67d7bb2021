"""The server's face, writing: a result or an error to the bytes that answer a call."""

from __future__ import annotations

import json

import msgspec

from idlgen.runtime.errors import Problem
from idlgen.runtime.protocols.jsonrpc.failures import (
    PHRASES,
    ErrorData,
    ErrorObject,
    told,
)
from idlgen.runtime.protocols.jsonrpc.requests import Address


def answer_to(address: Address | None, outcome: bytes | ErrorObject) -> bytes | None:
    """Return the answer with the JSON of a result, or the error.

    To a notification, which has no address, there is none.
    """
    if address is None:
        return None
    if isinstance(outcome, bytes):
        return result_answer(address, outcome)
    return error_answer(address, outcome)


def result_answer(address: Address, result: bytes) -> bytes:
    """Return the answer whose `result` is the JSON given."""
    if address.plain:
        return b'{"result":%b,"id":%b}' % (result, address.id)
    return b'{"jsonrpc":"2.0","result":%b,"id":%b}' % (result, address.id)


def error_answer(address: Address, error: ErrorObject) -> bytes:
    """Return the answer with the error; in the primer's shape it is a text."""
    if address.plain:
        text = json.dumps(_text(error)).encode()
        return b'{"error":%b,"id":%b}' % (text, address.id)
    value = msgspec.json.encode(error)
    return b'{"jsonrpc":"2.0","error":%b,"id":%b}' % (value, address.id)


def _text(error: ErrorObject) -> str:
    if error.code not in PHRASES or not isinstance(error.data, msgspec.Raw):
        return error.message
    data = msgspec.json.decode(error.data, type=ErrorData)
    return told(error.message, [Problem(p.path, p.message) for p in data.problems])
