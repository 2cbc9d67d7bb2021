"""Random values of generated types: what a program could hold, beyond what JSON suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta, timezone
from typing import Any, get_args

import msgspec
from hypothesis import strategies as st

from idlgen.model import (
    NO_CONSTRAINTS,
    Enum,
    Field,
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
    Union,
    Variant,
)
from idlgen.runtime.codec import Codec
from idlgen.runtime.unions import Unknown, unknown_class
from tests.property.drawn import Drawn
from tests.property.references import bare, fields_of, struct_behind
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
    """Values of imported types; `classes` are what the declared ones are in Python."""

    def __init__(self, drawn: Drawn, classes: Mapping[NamedType, Any]) -> None:
        self._values = drawn.values
        self._types = drawn.values.types
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
            case NamedType():
                return self._named(ref, depth)
            case _:
                raise AssertionError(ref)

    def later(self, ref: TypeRef, depth: int) -> st.SearchStrategy[Any]:
        return st.deferred(lambda: self.of(ref, depth - 1))

    def _named(self, ref: NamedType, depth: int) -> st.SearchStrategy[Any]:
        name = bare(ref)
        declared, cls = self._types[name], self._classes[name]
        if name in self._values.witnesses:
            return _known(cls, self._values.witnesses[name])
        if isinstance(declared, Struct):
            return self._struct(ref, cls, depth)
        if isinstance(declared, Union):
            return self._union(name, declared, cls, depth)
        if isinstance(declared, Enum):
            values = st.sampled_from([*cls])
            if declared.closed:
                return values
            return values | st.text(CHARACTERS, max_size=9).map(cls)
        return self.of(declared.type, depth)

    def _union(
        self, name: NamedType, union: Union, annotation: Any, depth: int
    ) -> st.SearchStrategy[Any]:
        classes = get_args(annotation) or (annotation,)
        by_tag = {cls.__struct_config__.tag: cls for cls in classes}
        variants = [
            variant
            for variant in union.variants
            if depth > 0 or variant.text == self._values.ends[name]
        ]
        known = st.sampled_from(variants).flatmap(
            lambda variant: self._variant(union, variant, by_tag[variant.text], depth)
        )
        unknown = unknown_class(classes[0])
        assert (unknown is None) is union.closed
        return known if unknown is None else known | _unknown(union, unknown)

    def _variant(
        self, union: Union, variant: Variant, cls: Any, depth: int
    ) -> st.SearchStrategy[Any]:
        if variant.type is None:
            return st.just(cls())
        if not union.flat:
            return self.later(variant.type, depth).map(lambda value: cls(value=value))
        struct = struct_behind(variant.type, self._types)
        assert struct is not None
        return self._struct(struct, cls, depth)

    def _struct(self, ref: NamedType, cls: Any, depth: int) -> st.SearchStrategy[Any]:
        """Return values of `cls`, which has the fields of the struct `ref`."""
        python = {field.encode_name: field for field in msgspec.structs.fields(cls)}

        @st.composite
        def drawn(draw: st.DrawFn) -> Any:
            members = {}
            for field in fields_of(ref, self._types):
                member = python[field.wire_name]
                if field.presence is not Presence.REQUIRED and (
                    depth <= 0 or draw(st.booleans())
                ):
                    continue
                values = self._member(bare(ref), field, member.type, depth - 1)
                members[member.name] = draw(values)
            return cls(**members)

        return drawn()

    def _member(
        self, owner: NamedType, field: Field, annotation: Any, depth: int
    ) -> st.SearchStrategy[Any]:
        known = self._values.witnesses.get((owner, field.name))
        if field.constraints == NO_CONSTRAINTS or known is None:
            return self.of(field.type, depth)
        return _known(annotation, known)


def _known(annotation: Any, values: Sequence[object]) -> st.SearchStrategy[Any]:
    """Return values of what is constrained, by the JSON that is known of them."""
    codec: Codec[Any] = Codec(annotation)
    decoded = [codec.decode(msgspec.json.encode(value)) for value in values]
    return st.sampled_from(decoded)


def _unknown(union: Union, cls: type[Unknown]) -> st.SearchStrategy[Unknown]:
    texts = {variant.text for variant in union.variants}
    tags = st.text(CHARACTERS, max_size=9).filter(lambda tag: tag not in texts)
    members = st.dictionaries(st.text(CHARACTERS, max_size=3), json_values, max_size=2)
    return st.builds(
        lambda tag, more: cls(tag, {**more, union.tag: tag}), tags, members
    )
