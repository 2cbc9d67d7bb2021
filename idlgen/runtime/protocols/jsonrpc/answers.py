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


def result_answer(address: Address, result: bytes) -> bytes:
    """Return the answer whose `result` is the JSON given."""
    return b"{%b%b%b}" % (_beginning(address, b"result"), result, _ending(address))


def error_answer(address: Address, error: ErrorObject) -> bytes:
    """Return the answer with the error; in the primer's shape it is a text."""
    if address.plain:
        value = json.dumps(_text(error)).encode()
    else:
        value = msgspec.json.encode(error)
    return b"{%b%b%b}" % (_beginning(address, b"error"), value, _ending(address))


def _beginning(address: Address, member: bytes) -> bytes:
    version = b"" if address.plain else b'"jsonrpc":"2.0",'
    return b'%b"%b":' % (version, member)


def _ending(address: Address) -> bytes:
    return b',"id":%b' % address.id


def _text(error: ErrorObject) -> str:
    if error.code not in PHRASES or not isinstance(error.data, msgspec.Raw):
        return error.message
    data = msgspec.json.decode(error.data, type=ErrorData)
    return told(error.message, [Problem(p.path, p.message) for p in data.problems])
