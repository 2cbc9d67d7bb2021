"""JSON Schemas of OpenRPC documents, validated as ECMAScript's tools would do it exactly.

python-jsonschema leaves formats alone, reads patterns as Python's and divides floats in
binary; here formats are RFC 3339's, patterns ECMAScript's, and multiples exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from jsonschema import Draft7Validator, FormatChecker, ValidationError, validators

from idlgen.syntax.patterns import parse_pattern

Document = dict[str, Any]

_FORMATS = {
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:?\d\d)",
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
}


def schema_validator(document: Document, schema: Document) -> Draft7Validator:
    """Return the validator of `schema`, which may refer to components of `document`."""
    validator: Draft7Validator = _Validator(
        {"components": document["components"], "allOf": [schema]},
        format_checker=_CHECKER,
    )
    return validator


def leaves(errors: Iterator[ValidationError]) -> Iterator[ValidationError]:
    """Yield the errors at the bottom: those of branches instead of all branches'."""
    for error in errors:
        if error.context:
            yield from leaves(iter(error.context))
        else:
            yield error


def _check(name: str) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        text = _FORMATS[name]
        return not isinstance(value, str) or bool(re.fullmatch(text, value, re.ASCII))

    return check


_CHECKER = FormatChecker(())
for _name in _FORMATS:
    _CHECKER.checks(_name)(_check(_name))


def _pattern(
    _validator: object, pattern: str, value: object, _schema: object
) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re.search(parse_pattern(pattern).python, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _multiple(
    _validator: object, of: float, value: object, _schema: object
) -> Iterator[ValidationError]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if value in (float("inf"), float("-inf")) or Fraction(str(value)) % Fraction(
        str(of)
    ):
        yield ValidationError(f"{value!r} is no multiple of {of}")


# It has no types.
_extended: Callable[..., Any] = validators.extend
_Validator = _extended(Draft7Validator, {"pattern": _pattern, "multipleOf": _multiple})
