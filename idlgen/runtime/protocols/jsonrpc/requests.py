"""The server's face, reading: bytes to a request, or to the error that answers them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from idlgen.runtime import metadata
from idlgen.runtime.errors import Problem
from idlgen.runtime.leniency import Leniency
from idlgen.runtime.protocols.jsonrpc.failures import (
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorObject,
    reserved_error,
)
from idlgen.runtime.validation.branches import member_path
from idlgen.runtime.validation.members import Members, Scan, read_tree, scan
from idlgen.runtime.validation.scalars import first_problem

VERSION = "2.0"


class Address(Struct, frozen=True):
    """Where an answer goes: the id as it was sent, and whether in the primer's shape."""

    id: bytes = b"null"
    plain: bool = False


class Request(Struct, frozen=True, kw_only=True):
    """One call, or a notification where `address` is None.

    `params` is JSON of an object or an array and `tree` the same as `members.scan`
    gives it; `duplicate` is the name of a member that repeats somewhere in them.
    `headers` are those that the member `meta` stands for.
    """

    method: str
    params: bytes
    tree: object
    duplicate: str | None
    address: Address | None
    headers: Mapping[str, str]


class BadRequest(Exception):
    """The bytes are no request; `error` answers them at `address`."""

    def __init__(self, error: ErrorObject, address: Address | None = None) -> None:
        self.error = error
        self.address = address or Address()
        super().__init__(error.message)


class _Envelope(Struct, frozen=True):
    jsonrpc: Raw | UnsetType = UNSET
    method: Raw | UnsetType = UNSET
    params: Raw = Raw(b"{}")
    id: Raw | UnsetType = UNSET
    meta: Raw | UnsetType = UNSET


class _Meta(Struct, frozen=True):
    timeout_ms: int | None = None
    idempotency_key: str | None = None
    traceparent: str | None = None
    authorization: str | None = None
    headers: dict[str, str] = {}


def read_request(body: bytes, leniency: Leniency) -> Request:
    """Return the request in `body`.

    Raises:
        BadRequest: it is no JSON, or no request of JSON-RPC 2.0 that `leniency` takes.
    """
    envelope, scanned = _parse(body)
    tree = scanned.tree
    assert isinstance(tree, dict)
    plain = "jsonrpc" not in tree and leniency.version_optional
    address = Address(_valid_id(envelope.id) or b"null", plain)
    problems = list(_problems(envelope, tree, plain=plain))
    duplicate = scanned.duplicate
    if duplicate is not None and _repeats_at_top(body, duplicate):
        problems.append(Problem(member_path("$", duplicate), "Member is written twice"))
    headers = _meta_headers(envelope.meta, problems)
    if problems:
        raise BadRequest(reserved_error(INVALID_REQUEST, problems), address)
    is_notification = "id" not in tree and not plain
    return Request(
        method=str(tree["method"]),
        params=bytes(envelope.params),
        tree=tree.get("params", {}),
        duplicate=duplicate,
        address=None if is_notification else address,
        headers=headers,
    )


def _parse(body: bytes) -> tuple[_Envelope, Scan]:
    try:
        text = body.decode()
        envelope = msgspec.json.decode(body, type=_Envelope)
        return envelope, scan(text)
    except msgspec.ValidationError:
        raise BadRequest(_refused_shape(body)) from None
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise BadRequest(reserved_error(PARSE_ERROR)) from None


def _refused_shape(body: bytes) -> ErrorObject:
    """Return the error for JSON that is no object, or for what is no JSON after all."""
    try:
        msgspec.json.decode(body, type=Raw)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return reserved_error(PARSE_ERROR)
    if body.lstrip().startswith(b"["):
        problem = Problem("$", "Batches are not supported: send one call a request")
    else:
        problem = Problem("$", "A request is an object")
    return reserved_error(INVALID_REQUEST, [problem])


def _problems(
    envelope: _Envelope, tree: Mapping[str, object], *, plain: bool
) -> list[Problem]:
    found: list[Problem] = []
    if not plain and tree.get("jsonrpc") != VERSION:
        found.append(Problem("$.jsonrpc", f'Must be "{VERSION}"'))
    if "method" not in tree:
        found.append(Problem("$.method", "Missing"))
    elif not isinstance(tree["method"], str):
        found.append(Problem("$.method", "Must be a string"))
    if not isinstance(tree.get("params", {}), dict | list):
        found.append(Problem("$.params", "Must be an object or an array"))
    if not isinstance(envelope.id, UnsetType) and _valid_id(envelope.id) is None:
        found.append(Problem("$.id", "Must be a string, a number or null"))
    return found


def _valid_id(raw: Raw | UnsetType) -> bytes | None:
    """Return the id as it was sent, or None where there is none or it cannot be one."""
    if isinstance(raw, UnsetType):
        return None
    text = bytes(raw).strip()
    return text if text[:1] in b'"-0123456789n' else None


def _repeats_at_top(body: bytes, name: str) -> bool:
    members = read_tree(body.decode())
    return isinstance(members, Members) and [key for key, _ in members].count(name) > 1


def _meta_headers(raw: Raw | UnsetType, problems: list[Problem]) -> dict[str, str]:
    """Return what `meta` says, as the headers that say the same; add what is wrong."""
    if isinstance(raw, UnsetType):
        return {}
    try:
        meta = msgspec.json.decode(raw, type=_Meta)
    except msgspec.ValidationError as error:
        path, message = first_problem(error)
        problems.append(Problem(f"$.meta{path.removeprefix('$')}", message))
        return {}
    headers = {name.lower(): value for name, value in meta.headers.items()}
    own = {
        metadata.TIMEOUT: None if meta.timeout_ms is None else str(meta.timeout_ms),
        metadata.IDEMPOTENCY_KEY: meta.idempotency_key,
        metadata.TRACEPARENT: meta.traceparent,
        metadata.AUTHORIZATION: meta.authorization,
    }
    headers.update({name: value for name, value in own.items() if value is not None})
    return headers
