"""The member `meta` of a request: what HTTP carries as headers, see `metadata`."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Raw, Struct

from idlgen.runtime import metadata


class Meta(Struct, frozen=True, omit_defaults=True):
    """The members of `meta`; those that are unknown are ignored."""

    timeout_ms: int | None = None
    idempotency_key: str | None = None
    traceparent: str | None = None
    authorization: str | None = None
    headers: dict[str, str] = {}


_decode = msgspec.json.Decoder(Meta).decode


def read_meta(raw: Raw) -> dict[str, str]:
    """Return what a caller's `meta` says as the headers that say the same.

    Their names are in lower case.

    Raises:
        msgspec.ValidationError: a member is of another type, or `headers` names one that
            is not the caller's to set.
    """
    meta = _decode(raw)
    for name in meta.headers:
        if not metadata.is_a_callers(name.lower()):
            why = f"`{name.lower()}` is not for a caller to set here"
            raise msgspec.ValidationError(f"{why} - at `$.headers`")
    return _headers(meta)


def own_headers(raw: Raw) -> dict[str, str]:
    """Return the same of a `meta` that this side wrote."""
    return _headers(_decode(raw))


def _headers(meta: Meta) -> dict[str, str]:
    headers = {name.lower(): value for name, value in meta.headers.items()}
    own = {
        metadata.TIMEOUT: None if meta.timeout_ms is None else str(meta.timeout_ms),
        metadata.IDEMPOTENCY_KEY: meta.idempotency_key,
        metadata.TRACEPARENT: meta.traceparent,
        metadata.AUTHORIZATION: meta.authorization,
    }
    headers.update({name: value for name, value in own.items() if value is not None})
    return headers


def with_meta(request: bytes, headers: Mapping[str, str]) -> bytes:
    """Return the request with a `meta` that says what the headers say.

    `request` is an object without one; where there is nothing to say it stays so, for
    servers that know only the specification. `headers` has names in lower case.
    """
    return with_member(request, meta_member(headers))


def with_member(request: bytes, member: bytes) -> bytes:
    """Return the request with what `meta_member` returned as its last member."""
    return b"%b%b}" % (request[:-1], member) if member else request


def meta_member(headers: Mapping[str, str]) -> bytes:
    """Return the member, with a comma before it; nothing where no header says a thing."""
    if not headers:
        return b""
    rest = dict(headers)
    timeout = rest.pop(metadata.TIMEOUT, None)
    meta = Meta(
        timeout_ms=None if timeout is None else int(timeout),
        idempotency_key=rest.pop(metadata.IDEMPOTENCY_KEY, None),
        traceparent=rest.pop(metadata.TRACEPARENT, None),
        authorization=rest.pop(metadata.AUTHORIZATION, None),
        headers=rest,
    )
    return b',"meta":%b' % msgspec.json.encode(meta)
