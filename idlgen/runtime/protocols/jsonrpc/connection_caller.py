"""A client's side of one connection: the calls in flight, answered in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from idlgen.runtime import metadata
from idlgen.runtime.options import DEFAULT_TIMEOUT
from idlgen.runtime.protocols.jsonrpc.meta import (
    meta_member,
    own_headers,
    with_member,
    with_meta,
)
from idlgen.runtime.transports.request import Request

W = TypeVar("W")

NOT_TOLD = ("accept", "content-type")
"""Headers that say of an HTTP request what every message of a connection is."""
DEFAULT_TIMEOUT_TEXT = metadata.timeout_text(DEFAULT_TIMEOUT)

MAX_MEMBERS = 64
"""How many texts of `meta` are kept: calls of one method mostly say the same."""

_USUAL = (b'{"jsonrpc":"2.0","result":', b'{"jsonrpc":"2.0","error":')
_LAST_MEMBER = b',"id":'
_LONGEST_ID = 24


class NoAnswer(Exception):
    """The peer sent what cannot be a message of JSON-RPC; its text says why."""


class _Message(Struct, frozen=True):
    id: Raw | UnsetType = UNSET
    method: Raw | UnsetType = UNSET
    error: Raw | UnsetType = UNSET


class CallerConnection(Generic[W]):
    """Knows whose answer a message is; `W` is whatever waits for one.

    The headers of the handshake hold for all calls of the connection: a call's `meta`
    says only what they did not. A peer that did not agree to `idlgen.1` may know
    nothing of `meta`, so it is not told of a timeout that nobody chose.
    """

    def __init__(self, handshake: Mapping[str, str], *, is_idlgen: bool) -> None:
        self._told = set(handshake.items())
        self._is_idlgen = is_idlgen
        if not is_idlgen:
            self._told.add((metadata.TIMEOUT, DEFAULT_TIMEOUT_TEXT))
        self._members: dict[tuple[object, ...], bytes] = {}
        self._waiting: dict[int, tuple[Request, W]] = {}

    def __len__(self) -> int:
        """Return the number of calls in flight, each entry of a batch counted."""
        return len(self._waiting)

    def text(self, request: Request) -> bytes:
        """Return the message that makes the request."""
        if _is_batch(request.body):
            headers = self._untold(request)
            return _batch_with_meta(request.body, headers) if headers else request.body
        said = (request.inherits, *request.headers.items())
        member = self._members.get(said)
        if member is None:
            if len(self._members) == MAX_MEMBERS:
                self._members.clear()
            member = self._members[said] = meta_member(self._untold(request))
        return with_member(request.body, member)

    def _untold(self, request: Request) -> dict[str, str]:
        """Return the headers that the peer does not know of yet."""
        headers = {
            name: value
            for name, value in request.headers.items() - self._told
            if name not in NOT_TOLD
        }
        if request.inherits and not self._is_idlgen:
            headers.pop(metadata.TIMEOUT, None)
        return headers

    def begin(self, request: Request, waiting: W) -> None:
        """Remember what waits for the answer; ids are not those of calls in flight."""
        for call_id in request.ids:
            self._waiting[call_id] = (request, waiting)

    def end(self, request: Request) -> None:
        """Forget the request: its answer will be ignored."""
        for call_id in request.ids:
            self._waiting.pop(call_id, None)

    def end_all(self) -> list[tuple[Request, W]]:
        """Forget and return all that wait: no answer will come any more."""
        waiting = list(
            {request.ids: (request, w) for request, w in self._all()}.values()
        )
        self._waiting.clear()
        return waiting

    def _all(self) -> Iterable[tuple[Request, W]]:
        return self._waiting.values()

    def receive(self, message: bytes) -> W | None:
        """Return what waited for the message; None where nobody does.

        Late answers, and notifications and requests of the peer, are nobody's.

        Raises:
            NoAnswer: the message is no JSON-RPC, so nothing can be known of the rest.
        """
        found = self._waiting.get(_id_at_end(message))
        if found is None or _is_batch(found[0].body):
            found = self._find(message)
            if found is None:
                return None
        request, waiting = found
        self.end(request)
        return waiting

    def _find(self, message: bytes) -> tuple[Request, W] | None:
        is_batch = _is_batch(message.lstrip())
        try:
            heads = (
                msgspec.json.decode(message, type=list[_Message])
                if is_batch
                else [msgspec.json.decode(message, type=_Message)]
            )
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise NoAnswer(f"it is no message: {error}") from None
        for head in heads:
            if not isinstance(head.method, UnsetType):
                continue
            found = self._waiting.get(_number(head.id))
            if found is not None and _is_batch(found[0].body) == is_batch:
                return found
        if heads and all(_is_of_nobody(head) for head in heads):
            return self._only_candidate()
        return None

    def _only_candidate(self) -> tuple[Request, W] | None:
        """Return the request that an error without an id must be about, if one must.

        A server answers so what it could not read, or a batch that it refuses whole.
        """
        batches = {r.ids: (r, w) for r, w in self._all() if _is_batch(r.body)}
        candidates = list(batches.values()) or list(self._all())
        return candidates[0] if len(candidates) == 1 else None


def cancel_text(call_id: int) -> bytes:
    """Return the message that tells the peer that nobody waits for the call."""
    return b'{"jsonrpc":"2.0","method":"$/cancel","params":{"id":%d}}' % call_id


def _is_batch(text: bytes) -> bool:
    return text.startswith(b"[")


def _id_at_end(message: bytes) -> int:
    """Return the id of an answer that is written in the usual way, id last; else -1.

    Nothing is decoded: in JSON, what stands last behind a comma is a member of the
    outermost object. What is no JSON is found out when the answer is read.
    """
    at = message.rfind(_LAST_MEMBER, -_LONGEST_ID)
    digits = message[at + len(_LAST_MEMBER) : -1]
    if at < 0 or not digits.isdigit():
        return -1
    is_answer = message.startswith(_USUAL) and message.endswith(b"}")
    return int(digits) if is_answer else -1


def _is_of_nobody(head: _Message) -> bool:
    """Return whether the message is an error that does not say of which call."""
    is_error = head.method is UNSET and head.error is not UNSET
    return is_error and bytes(head.id or b"null") == b"null"


def _number(raw: Raw | UnsetType) -> int:
    if isinstance(raw, UnsetType):
        return -1
    text = bytes(raw)
    return int(text) if text.isdigit() and len(text) < _LONGEST_ID else -1


def _batch_with_meta(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return the batch, each entry with a `meta` for the headers; its own wins."""
    entries = msgspec.json.decode(body, type=list[dict[str, Raw]])
    texts: list[bytes] = []
    for members in entries:
        own = members.pop("meta", None)
        full = dict(headers) if own is None else {**headers, **own_headers(own)}
        texts.append(with_meta(msgspec.json.encode(members), full))
    return b"[%b]" % b",".join(texts)
