"""The JSON Schema keywords that know our scalars.

`scalar` stands for what JSON Schema has no word for: texts that are numbers, bytes,
times and the like, with what binds them; `number` for names of members that are
integers. They are written after the language's manual and share nothing with the
runtime.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from idlgen.model import Scalar
from tests.property.limits import FLOATS
from tests.property.scalar_values import RANGES

Schema = dict[str, Any]

_BY_TEXT = (Scalar.INT64, Scalar.UINT64, Scalar.DECIMAL, Scalar.FLOAT, Scalar.FLOAT32)
_TEXTS = {
    Scalar.INT64: r"-?(0|[1-9][0-9]*)",
    Scalar.UINT64: r"-?(0|[1-9][0-9]*)",
    Scalar.DECIMAL: r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?",
    Scalar.BYTES: r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    Scalar.DATETIME: r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:?\d\d)",
    Scalar.DATE: r"\d{4}-\d\d-\d\d",
    Scalar.TIME: r"\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:?\d\d)?",
    # Only what comes last may have a fraction; JSON's durations have no weeks.
    Scalar.DURATION: r"[-+]?P(?!.*\.\d+[A-Z].)(\d+(\.\d+)?D)?"
    r"(T(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?",
    Scalar.UUID: r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}(\1[0-9a-fA-F]{4}){2}\1[0-9a-fA-F]{12}",
}


def _check_scalar(
    _validator: object, keyword: Schema, value: object, _schema: object
) -> Iterator[ValidationError]:
    scalar = keyword["scalar"]
    is_text = isinstance(value, str)
    if value is None or isinstance(value, bool | list | dict):
        return
    if scalar not in RANGES and is_text == (scalar in FLOATS):
        # `type` tells of it.
        return
    text = _TEXTS.get(scalar)
    flags = re.ASCII | re.IGNORECASE  # as in the grammars of RFC 3339
    if isinstance(value, str) and text and not re.fullmatch(text, value, flags):
        yield ValidationError(f"{value!r} is no {scalar}")
        return
    try:
        measured = _PARSERS.get(scalar, Fraction)(value)
    except (ValueError, OverflowError, Base64Error) as error:
        yield ValidationError(f"{value!r} is no {scalar}: {error}")
        return
    if scalar in RANGES:
        low, high = RANGES[scalar]
        if not low <= measured <= high:
            yield ValidationError(f"{value!r} is out of range")
    for name, test in _TESTS.items():
        if name in keyword and not test(measured, keyword[name]):
            yield ValidationError(f"{value!r} does not keep {name} {keyword[name]}")


def _exact(value: Any) -> Fraction:
    # A float counts by the digits that people and JSON write.
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _duration(text: str) -> timedelta:
    parts = re.findall(r"([\d.]+)([DHMS])", text, re.IGNORECASE)
    if not parts or text.upper().endswith("T"):
        raise ValueError("nothing stands after a letter")
    amounts = {unit.upper(): float(amount) for amount, unit in parts}
    return timedelta(
        days=amounts.get("D", 0),
        hours=amounts.get("H", 0),
        minutes=amounts.get("M", 0),
        seconds=amounts.get("S", 0),
    )


_PARSERS: Mapping[Scalar, Callable[[Any], Any]] = {
    **dict.fromkeys(_BY_TEXT, _exact),
    Scalar.BYTES: b64decode,
    Scalar.DATETIME: lambda text: datetime.fromisoformat(text.upper()),
    Scalar.DATE: date.fromisoformat,
    Scalar.TIME: lambda text: time.fromisoformat(text.upper()),
    Scalar.DURATION: _duration,
    Scalar.UUID: str,
}
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "min": lambda value, bound: value >= _exact(bound),
    "max": lambda value, bound: value <= _exact(bound),
    "exclusive_min": lambda value, bound: value > _exact(bound),
    "exclusive_max": lambda value, bound: value < _exact(bound),
    "multiple_of": lambda value, bound: value % _exact(bound) == 0,
    "min_length": lambda value, count: len(value) >= count,
    "max_length": lambda value, count: len(value) <= count,
}


def _check_number(
    validator: Any, schema: Schema, value: object, _schema: object
) -> Iterator[ValidationError]:
    """Check the name of a member that is an integer."""
    text = str(value)
    if not re.fullmatch(r"-?(0|[1-9][0-9]*)", text, re.ASCII):
        yield ValidationError(f"{text!r} is no integer")
    else:
        yield from validator.descend(int(text), schema)


# It has no types.
_extended: Callable[..., Any] = validators.extend
SchemaValidator = _extended(
    Draft202012Validator, {"scalar": _check_scalar, "number": _check_number}
)
