"""Random values of types with constraints, drawn so that they keep them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Api,
    Constraints,
    Field,
    ListType,
    MapType,
    NamedType,
    Newtype,
    Scalar,
    ScalarType,
    SetType,
    TypeRef,
    Union,
)
from tests.property.drawn import Drawn
from tests.property.json_values import Values
from tests.property.python_values import PythonValues
from tests.property.references import bare, base_of
from tests.property.scalar_values import RANGES
from tests.property.words import CHARACTERS

_CENTS = 10**15
# What JavaScript's numbers cannot hold, in few digits.
_EDGES = (0, 1, 2**53 + 1, -(2**53) - 1)


class FittingValues(PythonValues):
    """Values of the types of an Api that was not drawn; `classes` as of its parent.

    A type or a member has constraints of its own or those of its type, never both.
    """

    def __init__(
        self, api: Api, classes: Mapping[NamedType, Any], ends: Mapping[NamedType, str]
    ) -> None:
        types = {
            NamedType(package.name, name): declared
            for package in api.packages.values()
            for name, declared in package.types.items()
        }
        unions = {name for name, each in types.items() if isinstance(each, Union)}
        assert unions == set(ends), "each union needs a variant without itself"
        super().__init__(Drawn(api, {}, Values(types, {}, ends)), classes)

    def of(self, ref: TypeRef, depth: int = 3) -> st.SearchStrategy[Any]:
        """Return the values of `ref`, integers at their bounds more often."""
        if isinstance(ref, ScalarType) and ref.scalar in RANGES:
            return _integers(ref.scalar, NO_CONSTRAINTS)
        return super().of(ref, depth)

    def _named(self, ref: NamedType, depth: int) -> st.SearchStrategy[Any]:
        declared = self._types[bare(ref)]
        if (
            isinstance(declared, Alias | Newtype)
            and declared.constraints != NO_CONSTRAINTS
        ):
            return self._fitting(declared.type, declared.constraints, depth)
        return super()._named(ref, depth)

    def _member(
        self, owner: NamedType, field: Field, annotation: Any, depth: int
    ) -> st.SearchStrategy[Any]:
        if field.constraints == NO_CONSTRAINTS:
            return self.of(field.type, depth)
        return self._fitting(field.type, field.constraints, depth)

    def _fitting(
        self, ref: TypeRef, limits: Constraints, depth: int
    ) -> st.SearchStrategy[Any]:
        least, most = limits.min_items or 0, min(limits.max_items or 3, 3)
        match base_of(ref, self._types):
            case ScalarType(scalar=scalar):
                return _scalars(scalar, limits)
            case ListType(element=element):
                items = self.of(element, depth - 1)
                return st.lists(items, min_size=least, max_size=most)
            case SetType(element=element):
                items = self.of(element, depth - 1)
                return st.frozensets(items, min_size=least, max_size=most)
            case MapType(key=key, value=value):
                keys, values = self.of(key, depth - 1), self.of(value, depth - 1)
                return st.dictionaries(keys, values, min_size=least, max_size=most)
            case other:
                raise AssertionError(other)


def _scalars(scalar: Scalar, limits: Constraints) -> st.SearchStrategy[Any]:
    match scalar:
        case Scalar.STRING if limits.pattern is not None:
            assert limits.pattern.startswith("^")
            assert limits.pattern.endswith("$")
            return st.from_regex(limits.pattern[1:-1], fullmatch=True)
        case Scalar.STRING:
            least = limits.min_length or 0
            return st.text(CHARACTERS, min_size=least, max_size=limits.max_length)
        case Scalar.BYTES:
            return st.binary(min_size=limits.min_length or 0, max_size=9)
        case Scalar.FLOAT | Scalar.FLOAT32:
            return _floats(scalar, limits)
        case Scalar.DECIMAL:
            step = Decimal(str(limits.multiple_of or 1))
            low = -_CENTS if limits.min is None else int(Decimal(limits.min) / step)
            return st.integers(low, _CENTS).map(lambda count: count * step)
        case _:
            return _integers(scalar, limits)


def _floats(scalar: Scalar, limits: Constraints) -> st.SearchStrategy[float]:
    lows = [limits.min, limits.exclusive_min]
    highs = [limits.max, limits.exclusive_max]
    return st.floats(
        min_value=next((float(low) for low in lows if low is not None), None),
        max_value=next((float(high) for high in highs if high is not None), None),
        exclude_min=limits.exclusive_min is not None,
        exclude_max=limits.exclusive_max is not None,
        allow_nan=False,
        allow_infinity=False,
        width=32 if scalar is Scalar.FLOAT32 else 64,
    )


def _integers(scalar: Scalar, limits: Constraints) -> st.SearchStrategy[int]:
    low, high = RANGES[scalar]
    step = int(limits.multiple_of or 1)
    if limits.min is not None:
        low = int(limits.min)
    if limits.exclusive_min is not None:
        low = int(limits.exclusive_min) + 1
    if limits.max is not None:
        high = int(limits.max)
    if limits.exclusive_max is not None:
        high = int(limits.exclusive_max) - 1
    bounds = -(-low // step), high // step
    edges = [edge for edge in _EDGES if bounds[0] <= edge <= bounds[1]]
    counts = st.integers(*bounds) | st.sampled_from([*bounds, *edges])
    return counts.map(lambda count: count * step)
