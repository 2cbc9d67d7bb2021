"""The scalar types of the language that Python or msgspec has no name for.

Type checkers see `int`, `float`, `Decimal`; at run time each is what makes msgspec
refuse what the schema refuses. What msgspec cannot say with a constraint is a class
that only exists as an annotation: `isinstance` accepts the plain values it stands for,
and `decode_scalar` makes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from msgspec import Meta

Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
UInt32 = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Int53 = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]

FLOAT32_MAX = 3.4028234663852886e38
Float32 = Annotated[float, Meta(ge=-FLOAT32_MAX, le=FLOAT32_MAX)]

_INTEGER_TEXT = re.compile(r"-?(?:0|[1-9][0-9]{0,19})")
_DECIMAL_TEXT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,9})?")


class CheckedScalar(type):
    """The metaclass of annotations whose values are made by `from_json`.

    `label` is what messages call the scalar.
    """

    label: str

    def from_json(cls, value: object) -> object:
        """Return the Python value of the JSON value.

        Raises:
            ValueError: it is none of this scalar; the text says what was expected.
        """
        raise NotImplementedError


class _Integer64(CheckedScalar):
    """Integers between `low` and `high`, as a number or as decimal text."""

    low: int
    high: int

    def __instancecheck__(cls, value: object) -> bool:
        return type(value) is int and cls.low <= value <= cls.high

    def from_json(cls, value: object) -> object:
        if isinstance(value, str) and _INTEGER_TEXT.fullmatch(value):
            value = int(value)
        if type(value) is not int or not cls.low <= value <= cls.high:
            raise ValueError(
                f"Expected `{cls.label}`, an integer from {cls.low} to {cls.high}"
            )
        return value


class _Decimal(CheckedScalar):
    """Finite decimals, as text only: a JSON number may have lost digits on its way."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, Decimal)

    def from_json(cls, value: object) -> object:
        if isinstance(value, str) and _DECIMAL_TEXT.fullmatch(value):
            return Decimal(value)
        raise ValueError('Expected `decimal`, a number written as text such as "1.50"')


class _Int64(metaclass=_Integer64):
    label = "int64"
    low = -(2**63)
    high = 2**63 - 1


class _UInt64(metaclass=_Integer64):
    label = "uint64"
    low = 0
    high = 2**64 - 1


class _FiniteDecimal(metaclass=_Decimal):
    label = "decimal"


if TYPE_CHECKING:
    Int64: TypeAlias = int
    UInt64: TypeAlias = int
    FiniteDecimal: TypeAlias = Decimal
    JsonValue: TypeAlias = (
        bool
        | int
        | float
        | str
        | Sequence["JsonValue"]
        | Mapping[str, "JsonValue"]
        | None
    )
else:
    Int64 = _Int64
    UInt64 = _UInt64
    FiniteDecimal = _FiniteDecimal
    JsonValue = Any


def decode_scalar(kind: type, value: object) -> object:
    """Return the value of a checked scalar: the `dec_hook` of every decoder.

    Raises:
        ValueError: the value is none of `kind`; msgspec adds the path.
        NotImplementedError: `kind` is no annotation that the language makes.
    """
    if isinstance(kind, CheckedScalar):
        return kind.from_json(value)
    raise NotImplementedError(f"{kind!r} is no type of the language")
