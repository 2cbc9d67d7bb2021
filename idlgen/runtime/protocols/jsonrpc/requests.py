"""The server's face, reading: a request, or the error that answers what is none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from idlgen.runtime.errors import Problem
from idlgen.runtime.leniency import Leniency
from idlgen.runtime.protocols.jsonrpc.failures import (
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorObject,
    reserved_error,
)
from idlgen.runtime.protocols.jsonrpc.meta import read_meta
from idlgen.runtime.validation.branches import member_path
from idlgen.runtime.validation.members import (
    SAFE_DIGITS,
    TOO_LARGE,
    TWICE,
    Members,
    is_out_of_range,
    read_shape,
)
from idlgen.runtime.validation.scalars import first_problem

VERSION = "2.0"
NO_PARAMS = Raw(b"{}")
NO_ID = b"null"
UNGIVEN_ID = Raw(NO_ID)
NO_HEADERS: Mapping[str, str] = {}


class Address(Struct, frozen=True, gc=False):
    """Where an answer goes: the id as it was sent, and whether in the primer's shape."""

    id: bytes = b"null"
    plain: bool = False


class Request(Struct, frozen=True, gc=False):
    """One call, or a notification where `address` is None.

    `params` is JSON of an object or an array and `tree` the same as `members.scan`
    gives it; `fault` is what that found at a place that only the method's params tell.
    `headers` are those that the member `meta` stands for.
    """

    method: str
    params: Raw
    tree: object
    fault: str | None
    address: Address | None
    headers: Mapping[str, str]


class BadRequest(Exception):
    """What came is no request; `error` answers it at `address`."""

    def __init__(self, error: ErrorObject, address: Address | None = None) -> None:
        self.error = error
        self.address = address or Address()
        super().__init__(error.message)


class _Parts(Struct, frozen=True, gc=False):
    """What can be read of an object that is no request, too."""

    id: Raw = UNGIVEN_ID
    meta: Raw | UnsetType = UNSET


class _Envelope(_Parts, frozen=True, kw_only=True, gc=False):
    """A request whose params are yet to be read."""

    method: str
    jsonrpc: Literal["2.0"] | UnsetType = UNSET
    params: Raw = NO_PARAMS


_OBJECT_OR_ARRAY = (dict, list)
_decode_value = msgspec.json.Decoder().decode
_decode_parts = msgspec.json.Decoder(_Parts).decode
_decode_envelope = msgspec.json.Decoder(_Envelope).decode


def no_json() -> BadRequest:
    """Return the answer to what is no JSON."""
    return BadRequest(reserved_error(PARSE_ERROR))


def no_request(why: str) -> BadRequest:
    """Return the answer to JSON that cannot be a request."""
    return BadRequest(reserved_error(INVALID_REQUEST, [Problem("$", why)]))


def read_request(source: bytes, leniency: Leniency) -> Request:
    """Return the request whose JSON is `source`.

    msgspec reads it; what is wrong with it is looked for where that refuses it, or where
    a member may have been lost.

    Raises:
        BadRequest: it is no request of JSON-RPC 2.0 that `leniency` takes.
        msgspec.DecodeError, ValueError, RecursionError: it is no JSON.
    """
    try:
        envelope = _decode_envelope(source)
        meta = envelope.meta
        headers = NO_HEADERS if meta is UNSET else read_meta(meta)
    except msgspec.DecodeError:
        fault = _explain(source, leniency)
        if fault is None:
            raise
        # It stands in a member that repeats, of which the last is as it should be.
        raise no_request(fault) from None
    call_id = envelope.id
    id_text = bytes(call_id)
    plain = envelope.jsonrpc is UNSET
    tree, is_whole = _read_params(source, envelope)
    is_sound = (
        is_whole
        and _is_usual(id_text)
        and not (plain and not leniency.version_optional)
        and isinstance(tree, _OBJECT_OR_ARRAY)
    )
    return Request(
        envelope.method,
        envelope.params,
        tree,
        None if is_sound else _explain(source, leniency),
        None if call_id is UNGIVEN_ID and not plain else Address(id_text, plain),
        headers,
    )


def _read_params(source: bytes, envelope: _Envelope) -> tuple[object, bool]:
    """Return the value of the params, and whether the request has all of its members.

    That is no where one is unknown, or there twice. Each has one colon outside of texts;
    one inside a text is looked for only within the params.
    """
    members = 4 - (envelope.jsonrpc is UNSET) - (envelope.id is UNGIVEN_ID)
    members -= envelope.params is NO_PARAMS
    if len(source) <= SAFE_DIGITS:
        try:
            tree = _decode_value(envelope.params)
            if isinstance(tree, dict) and source.count(b":") == members + len(tree):
                return tree, True
        except msgspec.DecodeError:
            pass
    params = read_shape(bytes(envelope.params))
    colons = source.count(b":") - params.colons
    fault = params.fault
    if not isinstance(envelope.meta, UnsetType):
        meta = read_shape(bytes(envelope.meta))
        colons -= 1 + meta.colons
        fault = fault or meta.fault
    return params.tree, fault is None and colons == members


def _is_usual(id_text: bytes) -> bool:
    """Return whether it is surely an id: none that two readers could read apart."""
    if id_text.isdigit():
        return len(id_text) <= SAFE_DIGITS
    return id_text == NO_ID or (id_text[:1] == b'"' and id_text.isascii())


def _explain(source: bytes, leniency: Leniency) -> str | None:
    """Return the fault in a request that only the types of its params can place.

    Raises:
        BadRequest: there is something wrong with the request itself.
        msgspec.DecodeError, ValueError, RecursionError: it is no JSON.
    """
    scanned = read_shape(source)
    tree = scanned.tree
    if isinstance(tree, list):
        raise no_request("A batch holds requests, no other batch")
    if not isinstance(tree, dict):
        raise no_request("A request is an object")
    parts = _decode_parts(source)
    plain = "jsonrpc" not in tree and leniency.version_optional
    problems = _problems(tree, plain=plain)
    given = parts.id
    id_text = (
        NO_ID if given is UNGIVEN_ID else _valid_id(given, scanned.fault, problems)
    )
    if scanned.fault == TWICE:
        repeated = _repeated_members(source)
        problems += [Problem(member_path("$", name), TWICE) for name in repeated]
        id_text = NO_ID if "id" in repeated else id_text
    if parts.meta is not UNSET:
        problems += _meta_problems(parts.meta)
    if problems:
        error = reserved_error(INVALID_REQUEST, problems)
        raise BadRequest(error, Address(id_text, plain))
    return scanned.fault


def _problems(tree: Mapping[str, object], *, plain: bool) -> list[Problem]:
    found: list[Problem] = []
    if not plain and tree.get("jsonrpc") != VERSION:
        found.append(Problem("$.jsonrpc", f'Must be "{VERSION}"'))
    if not isinstance(tree.get("method"), str):
        why = "Must be a string" if "method" in tree else "Missing"
        found.append(Problem("$.method", why))
    if not isinstance(tree.get("params", {}), _OBJECT_OR_ARRAY):
        found.append(Problem("$.params", "Must be an object or an array"))
    return found


def _valid_id(raw: Raw, fault: str | None, problems: list[Problem]) -> bytes:
    """Return the id as it was sent, or null; add what is wrong with it.

    A number that no double holds is refused: the client could not read its own id. It
    is a `fault` of the request as a whole.
    """
    text = bytes(raw).strip()
    if text[:1] not in b'"n-0123456789':
        problems.append(Problem("$.id", "Must be a string, a number or null"))
    elif fault is not None and text[:1] not in b'"n' and is_out_of_range(text):
        problems.append(Problem("$.id", TOO_LARGE))
    else:
        return text
    return NO_ID


def _repeated_members(source: bytes) -> list[str]:
    """Return the names of members that the request itself has more than once."""
    members = json.loads(
        source, object_pairs_hook=Members, parse_int=bool, parse_float=bool
    )
    times = Counter(name for name, _ in members)
    return [name for name, number in times.items() if number > 1]


def _meta_problems(raw: Raw) -> Iterator[Problem]:
    try:
        read_meta(raw)
    except msgspec.ValidationError as error:
        path, message = first_problem(error)
        yield Problem(f"$.meta{path.removeprefix('$')}", message)
