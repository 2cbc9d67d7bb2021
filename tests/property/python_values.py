"""Random values of generated types: what a program could hold, beyond what JSON suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta, timezone
from typing import Any

import msgspec
from hypothesis import strategies as st

from idlgen.model import (
    Constraints,
    Enum,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Presence,
    Scalar,
    ScalarType,
    SetType,
    Struct,
    TypeRef,
)
from idlgen.runtime.codec import Codec
from tests.property.drawn import Drawn
from tests.property.scalar_values import RANGES, integers, json_values
from tests.property.words import CHARACTERS

_OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
SCALARS: Mapping[Scalar, st.SearchStrategy[Any]] = {
    **{scalar: integers(*bounds) for scalar, bounds in RANGES.items()},
    Scalar.BOOL: st.booleans(),
    Scalar.FLOAT: st.floats(allow_nan=False, allow_infinity=False),
    Scalar.FLOAT32: st.floats(allow_nan=False, allow_infinity=False, width=32),
    Scalar.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False),
    Scalar.STRING: st.text(CHARACTERS, max_size=9),
    Scalar.BYTES: st.binary(max_size=9),
    Scalar.DATETIME: st.datetimes(timezones=st.one_of(st.just(UTC), _OFFSETS)),
    Scalar.DATE: st.dates(),
    Scalar.TIME: st.times(),
    Scalar.DURATION: st.timedeltas(),
    Scalar.UUID: st.uuids(),
    Scalar.ANY: json_values,
}


class PythonValues:
    """Values of the types of one imported package; `classes` are its declared types."""

    def __init__(self, drawn: Drawn, classes: Mapping[str, Any]) -> None:
        self._drawn = drawn
        self._types = drawn.package.types
        self._classes = classes

    def of(self, ref: TypeRef, depth: int = 3) -> st.SearchStrategy[Any]:
        """Return the values of `ref`, lists and the like empty below `depth`."""
        most = 3 if depth > 0 else 0
        match ref:
            case ScalarType(scalar=scalar):
                return SCALARS[scalar]
            case ListType(element=element):
                return st.lists(self.later(element, depth), max_size=most)
            case SetType(element=element):
                return st.frozensets(self.later(element, depth), max_size=3)
            case MapType(key=key, value=value):
                keys = self.later(key, depth)
                return st.dictionaries(keys, self.later(value, depth), max_size=most)
            case NullableType(inner=inner):
                if depth <= 0:
                    return st.none()
                return st.none() | self.later(inner, depth)
            case NamedType(name=name):
                return self._named(name, depth)
            case _:
                raise AssertionError(ref)

    def later(self, ref: TypeRef, depth: int) -> st.SearchStrategy[Any]:
        return st.deferred(lambda: self.of(ref, depth - 1))

    def _named(self, name: str, depth: int) -> st.SearchStrategy[Any]:
        declared, cls = self._types[name], self._classes[name]
        if name in self._drawn.values.witnesses:
            return self._known(cls, self._drawn.values.witnesses[name])
        if isinstance(declared, Struct):
            return self._struct(declared, cls, depth)
        if isinstance(declared, Enum):
            values = st.sampled_from([*cls])
            if declared.closed:
                return values
            return values | st.text(CHARACTERS, max_size=9).map(cls)
        return self.of(declared.type, depth)

    def _known(
        self, annotation: Any, values: Sequence[object]
    ) -> st.SearchStrategy[Any]:
        """Return values of what is constrained, by the JSON that is known of them."""
        codec: Codec[Any] = Codec(annotation)
        decoded = [codec.decode(msgspec.json.encode(value)) for value in values]
        return st.sampled_from(decoded)

    def _struct(self, struct: Struct, cls: Any, depth: int) -> st.SearchStrategy[Any]:
        fields = {field.encode_name: field for field in msgspec.structs.fields(cls)}

        @st.composite
        def drawn(draw: st.DrawFn) -> Any:
            members = {}
            for field in struct.fields:
                python = fields[field.wire_name]
                if field.presence is not Presence.REQUIRED and (
                    depth <= 0 or draw(st.booleans())
                ):
                    continue
                known = self._drawn.values.witnesses.get((struct.name, field.name))
                if field.constraints == Constraints() or known is None:
                    members[python.name] = draw(self.of(field.type, depth - 1))
                else:
                    annotation = python.type
                    members[python.name] = draw(self._known(annotation, known))
            return cls(**members)

        return drawn()
