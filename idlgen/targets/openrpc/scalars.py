"""JSON Schemas of the built-in types.

They say what idlgen writes and what its runtime reads, but for spellings that nobody
writes: lower-case durations, UUIDs without hyphens. `format` stands only where JSON
Schema's own formats mean the same and older validators know them: others end with an
error on a format that is new to them. What has a text form without such a format has a
`pattern`. `x-idl-type` names the type where JSON's does not tell it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from idlgen.model import Scalar

Json: TypeAlias = dict[str, object]
"""A JSON object."""

RANGES: Mapping[Scalar, tuple[int, int]] = {
    Scalar.INT: (-(2**53) + 1, 2**53 - 1),
    Scalar.INT32: (-(2**31), 2**31 - 1),
    Scalar.UINT32: (0, 2**32 - 1),
    Scalar.INT64: (-(2**63), 2**63 - 1),
    Scalar.UINT64: (0, 2**64 - 1),
}
_FLOAT32_MAX = 3.4028234663852886e38

_INTEGER = "-?(?:0|[1-9][0-9]*)"
_UNSIGNED = "(?:0|[1-9][0-9]*)"
_DECIMAL = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,9})?"
_BASE64 = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_TIME = (
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    "(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?"
)
_AMOUNT = r"[0-9]+(?:\.[0-9]+)?"
# Only what comes last may have a fraction; weeks nobody reads.
_DURATION = (
    r"[+-]?P(?=[0-9T])(?!.*\.[0-9]+[A-Z].)"
    f"(?:{_AMOUNT}D)?(?:T(?=[0-9])(?:{_AMOUNT}H)?(?:{_AMOUNT}M)?(?:{_AMOUNT}S)?)?"
)


def _whole(pattern: str) -> str:
    return f"^{pattern}$"


def _integer(scalar: Scalar) -> Json:
    low, high = RANGES[scalar]
    return {"type": "integer", "minimum": low, "maximum": high}


def _integer64(scalar: Scalar) -> Json:
    """Return the schema of a number or its text, for readers that round large numbers."""
    low, high = RANGES[scalar]
    text = _UNSIGNED if low == 0 else _INTEGER
    return {
        "type": ["integer", "string"],
        "minimum": low,
        "maximum": high,
        "pattern": _whole(text),
        "x-idl-type": scalar.value,
    }


def _text(scalar: Scalar, **keywords: str) -> Json:
    return {"type": "string", **keywords, "x-idl-type": scalar.value}


_SCHEMAS: Mapping[Scalar, Json] = {
    Scalar.BOOL: {"type": "boolean"},
    Scalar.INT: _integer(Scalar.INT),
    Scalar.INT32: _integer(Scalar.INT32),
    Scalar.UINT32: _integer(Scalar.UINT32),
    Scalar.INT64: _integer64(Scalar.INT64),
    Scalar.UINT64: _integer64(Scalar.UINT64),
    Scalar.FLOAT: {"type": "number"},
    Scalar.FLOAT32: {
        "type": "number",
        "minimum": -_FLOAT32_MAX,
        "maximum": _FLOAT32_MAX,
        "x-idl-type": "float32",
    },
    Scalar.DECIMAL: _text(Scalar.DECIMAL, pattern=_whole(_DECIMAL)),
    Scalar.STRING: {"type": "string"},
    Scalar.BYTES: _text(
        Scalar.BYTES, contentEncoding="base64", pattern=_whole(_BASE64)
    ),
    Scalar.DATETIME: {"type": "string", "format": "date-time"},
    Scalar.DATE: {"type": "string", "format": "date"},
    Scalar.TIME: _text(Scalar.TIME, pattern=_whole(_TIME)),
    Scalar.DURATION: _text(Scalar.DURATION, pattern=_whole(_DURATION)),
    Scalar.UUID: {"type": "string", "format": "uuid"},
    Scalar.ANY: {},
}


def scalar_schema(scalar: Scalar) -> Json:
    """Return the schema of a built-in type."""
    return dict(_SCHEMAS[scalar])


def key_schema(scalar: Scalar) -> Json | None:
    """Return what binds the names of a map's members, None where any will do.

    Integers are written as text there.
    """
    if scalar is Scalar.STRING:
        return None
    if scalar not in RANGES:
        return scalar_schema(scalar)
    return {"pattern": _whole(_UNSIGNED if RANGES[scalar][0] == 0 else _INTEGER)}
