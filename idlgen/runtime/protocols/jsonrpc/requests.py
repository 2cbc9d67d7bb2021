"""The server's face, reading: a request, or the error that answers what is none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

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
    TOO_LARGE,
    TWICE,
    Members,
    Scan,
    is_out_of_range,
)
from idlgen.runtime.validation.scalars import first_problem

VERSION = "2.0"
NO_PARAMS = Raw(b"{}")
NO_HEADERS: Mapping[str, str] = {}


class Address(Struct, frozen=True):
    """Where an answer goes: the id as it was sent, and whether in the primer's shape."""

    id: bytes = b"null"
    plain: bool = False


class Request(Struct, frozen=True, kw_only=True):
    """One call, or a notification where `address` is None.

    `params` is JSON of an object or an array and `tree` the same as `members.scan`
    gives it; `fault` is what that found at a place that only the method's params tell.
    `headers` are those that the member `meta` stands for.
    """

    method: str
    params: bytes
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


class _Envelope(Struct, frozen=True):
    params: Raw = NO_PARAMS
    id: Raw | UnsetType = UNSET
    meta: Raw | UnsetType = UNSET


_OBJECT_OR_ARRAY = (dict, list)
_decode_envelope = msgspec.json.Decoder(_Envelope).decode


def no_json() -> BadRequest:
    """Return the answer to what is no JSON."""
    return BadRequest(reserved_error(PARSE_ERROR))


def no_request(why: str) -> BadRequest:
    """Return the answer to JSON that cannot be a request."""
    return BadRequest(reserved_error(INVALID_REQUEST, [Problem("$", why)]))


def read_request(source: bytes, scanned: Scan, leniency: Leniency) -> Request:
    """Return the request whose JSON is `source`, of which `scanned` is the scan.

    Raises:
        BadRequest: it is no request of JSON-RPC 2.0 that `leniency` takes.
    """
    tree = scanned.tree
    if isinstance(tree, list):
        raise no_request("A batch holds requests, no other batch")
    if not isinstance(tree, dict):
        raise no_request("A request is an object")
    envelope = _decode_envelope(source)
    plain = "jsonrpc" not in tree and leniency.version_optional
    problems = _problems(tree, plain=plain)
    given = envelope.id
    id_text = b"null" if given is UNSET else _valid_id(given, scanned.fault, problems)
    if scanned.fault == TWICE:
        repeated = _repeated_members(source)
        problems += [Problem(member_path("$", name), TWICE) for name in repeated]
        id_text = b"null" if "id" in repeated else id_text
    address = Address(id_text, plain)
    meta = envelope.meta
    headers = NO_HEADERS if meta is UNSET else _meta_headers(meta, problems)
    if problems:
        raise BadRequest(reserved_error(INVALID_REQUEST, problems), address)
    is_notification = "id" not in tree and not plain
    return Request(
        method=str(tree["method"]),
        params=bytes(envelope.params),
        tree=tree.get("params", {}),
        fault=scanned.fault,
        address=None if is_notification else address,
        headers=headers,
    )


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
    return b"null"


def _repeated_members(source: bytes) -> list[str]:
    """Return the names of members that the request itself has more than once."""
    members = json.loads(
        source, object_pairs_hook=Members, parse_int=bool, parse_float=bool
    )
    times = Counter(name for name, _ in members)
    return [name for name, number in times.items() if number > 1]


def _meta_headers(raw: Raw, problems: list[Problem]) -> dict[str, str]:
    """Return the headers that `meta` stands for; add what is wrong with it."""
    try:
        return read_meta(raw)
    except msgspec.ValidationError as error:
        path, message = first_problem(error)
        problems.append(Problem(f"$.meta{path.removeprefix('$')}", message))
        return {}
