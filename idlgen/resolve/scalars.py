"""Which texts and numbers are values of each scalar, and their JSON."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from uuid import UUID

from idlgen.model import Scalar
from idlgen.syntax.durations import iso_duration, parse_duration
from idlgen.syntax.yaml_tree import (
    ScalarNode,
    as_bool,
    as_float,
    as_int,
    plain_value,
)

_BOUNDS = {
    Scalar.INT: (-(2**53) + 1, 2**53 - 1),
    Scalar.INT32: (-(2**31), 2**31 - 1),
    Scalar.UINT32: (0, 2**32 - 1),
    Scalar.INT64: (-(2**63), 2**63 - 1),
    Scalar.UINT64: (0, 2**64 - 1),
}
# Of a decimal written without an exponent: bounds are divided by each other.
MAX_DIGITS = 400
_FLOAT32_MAX = 3.4028234663852886e38
_DECIMAL = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[-+]\d\d:\d\d)"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d{1,6})?")


class Misfit(Exception):
    """A node is no value of a scalar; the text says what was expected."""


def scalar_value(node: ScalarNode, scalar: Scalar) -> object:
    """Return the JSON value of `node` as a `scalar`.

    64-bit integers stay numbers; decimals, times and the like are their canonical text.

    Raises:
        Misfit: the node is not a value of that scalar.
    """
    return _READERS[scalar](node)


def _bool(node: ScalarNode) -> bool:
    value = as_bool(node)
    if value is None:
        raise Misfit("`true` or `false`")
    return value


def _integer(scalar: Scalar) -> Callable[[ScalarNode], int]:
    low, high = _BOUNDS[scalar]

    def read(node: ScalarNode) -> int:
        value = as_int(node)
        if value is None:
            raise Misfit("an integer")
        if not low <= value <= high:
            raise Misfit(f"an integer from {low} to {high}")
        return value

    return read


def _float(node: ScalarNode) -> float:
    value = as_float(node)
    if value is None:
        raise Misfit("a finite number")
    return value


def _float32(node: ScalarNode) -> float:
    value = _float(node)
    if abs(value) > _FLOAT32_MAX:
        raise Misfit("a number that fits 32 bits")
    return value


def _decimal(node: ScalarNode) -> str:
    if not _DECIMAL.fullmatch(node.text):
        raise Misfit("a decimal number")
    try:
        value = Decimal(node.text)
    except InvalidOperation:
        value = Decimal("Infinity")
    digits, exponent = value.as_tuple()[1:]
    if not isinstance(exponent, int) or len(digits) + abs(exponent) > MAX_DIGITS:
        raise Misfit(f"a decimal number of at most {MAX_DIGITS} digits written out")
    return str(value)


def _bytes(node: ScalarNode) -> str:
    try:
        return b64encode(b64decode(node.text, validate=True)).decode()
    except (Base64Error, ValueError):
        raise Misfit("bytes in base64") from None


def _datetime(node: ScalarNode) -> str:
    text = node.text.upper().replace(" ", "T")
    if _DATETIME.fullmatch(text) and _parses(datetime.fromisoformat, text):
        return text
    raise Misfit("an RFC 3339 time with an offset, such as `2026-01-01T00:00:00Z`")


def _date(node: ScalarNode) -> str:
    if _DATE.fullmatch(node.text) and _parses(date.fromisoformat, node.text):
        return node.text
    raise Misfit("a date such as `2026-01-31`")


def _time(node: ScalarNode) -> str:
    if _TIME.fullmatch(node.text) and _parses(time.fromisoformat, node.text):
        return node.text
    raise Misfit("a time such as `12:30:00`")


def _duration(node: ScalarNode) -> str:
    value = parse_duration(node.text)
    if value is None:
        raise Misfit("a duration such as `2s`, `1h30m` or `PT2S`")
    return iso_duration(value)


def _uuid(node: ScalarNode) -> str:
    try:
        return str(UUID(node.text))
    except ValueError:
        raise Misfit("a UUID") from None


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


_READERS: Mapping[Scalar, Callable[[ScalarNode], object]] = {
    **{scalar: _integer(scalar) for scalar in _BOUNDS},
    Scalar.BOOL: _bool,
    Scalar.FLOAT: _float,
    Scalar.FLOAT32: _float32,
    Scalar.DECIMAL: _decimal,
    Scalar.STRING: lambda node: node.text,
    Scalar.BYTES: _bytes,
    Scalar.DATETIME: _datetime,
    Scalar.DATE: _date,
    Scalar.TIME: _time,
    Scalar.DURATION: _duration,
    Scalar.UUID: _uuid,
    Scalar.ANY: plain_value,
}
