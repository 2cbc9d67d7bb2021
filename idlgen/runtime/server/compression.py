"""Bodies packed by gzip: taken without trusting them, made for those who ask."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from http import HTTPStatus

from idlgen.runtime.server.http import (
    GZIP,
    IDENTITY,
    JSON,
    OK,
    Response,
    content_encoding,
    refusal,
    response,
    too_large,
)

LEAST = 1024
"""Bytes below which packing an answer saves nothing worth its time."""

_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 1
"""The quickest: it leaves a tenth to a quarter of JSON, the slowest not much less."""


def unpacked(body: bytes, headers: Mapping[str, str], limit: int) -> bytes | Response:
    """Return the request's body as it was before it was packed, or its refusal.

    No more than `limit` bytes are ever unpacked, whatever a few may stand for.
    """
    if content_encoding(headers) == IDENTITY:
        return body
    unpacking = zlib.decompressobj(_GZIP)
    try:
        content = unpacking.decompress(body, limit + 1)
    except zlib.error:
        return refusal(HTTPStatus.BAD_REQUEST, "the request's body is no gzip")
    if len(content) > limit:
        return too_large(limit, is_read=True)
    if not unpacking.eof or unpacking.unused_data:
        return refusal(HTTPStatus.BAD_REQUEST, "the request's body is not one gzip")
    return content


def packed(answer: bytes, headers: Mapping[str, str]) -> Response:
    """Return the response to a request with the headers, packed if that is wanted."""
    told = {"vary": "accept-encoding"}
    if len(answer) >= LEAST and takes_gzip(headers.get("accept-encoding", "")):
        packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        answer = packing.compress(answer) + packing.flush()
        told["content-encoding"] = GZIP
    return response(OK, answer, JSON, told)


def takes_gzip(accept_encoding: str) -> bool:
    """Return whether the header `Accept-Encoding` admits gzip (RFC 9110, 12.5.3)."""
    weights: dict[str, bool] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.partition(";")
        quality = weight.strip().removeprefix("q=").strip()
        weights[coding.strip()] = quality.strip("0.") != "" or not quality
    return weights.get("gzip", weights.get("*", False))
