"""The JSON values that types are known to have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from hypothesis import strategies as st

from idlgen.model import (
    Enum,
    Field,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Presence,
    ScalarType,
    SetType,
    StreamType,
    Struct,
    TypeRef,
    Union,
    Variant,
    instance_fields,
)
from tests.property.references import Types, bare, has_params, names_in
from tests.property.scalar_values import SCALAR_VALUES

# A type, or the owner and the name of a member; a method owns its params.
Constrained: TypeAlias = NamedType | tuple[NamedType, str]


@dataclass(frozen=True)
class Values:
    """The JSON values of types; of what is constrained, those that are known to fit.

    `ends` names a variant of each union that does not lead back to it.
    """

    types: Types
    witnesses: Mapping[Constrained, Sequence[object]]
    ends: Mapping[NamedType, str]

    def of(self, ref: TypeRef, depth: int = 2) -> st.SearchStrategy[object]:
        """Return values of `ref`, wire names in them; lists are empty below `depth`."""
        match ref:
            case ScalarType(scalar=scalar):
                return SCALAR_VALUES[scalar]
            case ListType(element=element) | StreamType(item=element):
                items = self._inside(element, depth)
                return st.just([]) if items is None else st.lists(items, max_size=2)
            case SetType(element=element):
                items = self.of(element, depth)
                return st.lists(items, max_size=2, unique_by=msgspec.json.encode)
            case MapType(key=key, value=value):
                items = self._inside(value, depth)
                if items is None:
                    return st.just({})
                keys = self.of(key, depth).map(str)
                return st.dictionaries(keys, items, max_size=2)
            case NullableType(inner=inner):
                items = self._inside(inner, depth)
                return st.none() if items is None else st.none() | items
            case NamedType():
                return self._named(ref, depth)
            case _:
                raise AssertionError(ref)

    def exist(self, ref: TypeRef) -> bool:
        """Whether there are values of `ref` yet.

        Forward references have none, nor has what type params stand for.
        """
        if isinstance(ref, ListType | MapType | NullableType):
            return True
        known = all(bare(name) in self.types for name in names_in(ref))
        return known and not has_params(ref)

    def _inside(self, ref: TypeRef, depth: int) -> st.SearchStrategy[object] | None:
        return self.of(ref, depth - 1) if depth > 0 and self.exist(ref) else None

    def _named(self, ref: NamedType, depth: int) -> st.SearchStrategy[object]:
        name = bare(ref)
        declared = self.types[name]
        if name in self.witnesses:
            return st.sampled_from(self.witnesses[name])
        if isinstance(declared, Enum):
            return st.sampled_from([value.text for value in declared.values])
        if isinstance(declared, Struct):
            return self.object(name, instance_fields(declared, ref.args), depth)
        if isinstance(declared, Union):
            return self._union(name, declared, depth)
        return self.of(declared.type, depth)

    def _union(
        self, name: NamedType, union: Union, depth: int
    ) -> st.SearchStrategy[object]:
        possible = [
            variant
            for variant in union.variants
            if variant.text == self.ends[name]
            or (depth > 0 and (variant.type is None or self.exist(variant.type)))
        ]
        return st.sampled_from(possible).flatmap(
            lambda variant: self.of_variant(union, variant, depth - 1)
        )

    def of_variant(
        self, union: Union, variant: Variant, depth: int = 2
    ) -> st.SearchStrategy[dict[str, object]]:
        """Return values of one variant of a union."""
        tag = {union.tag: variant.text}
        if variant.type is None:
            return st.just({**tag})
        payload = self.of(variant.type, depth)
        if not union.flat:
            return payload.map(lambda value: {**tag, "value": value})

        def beside(value: object) -> dict[str, object]:
            assert isinstance(value, dict)
            return {**tag, **value}

        return payload.map(beside)

    def of_member(
        self, owner: NamedType, field: Field, depth: int = 2
    ) -> st.SearchStrategy[object]:
        """Return values of a member."""
        known = self.witnesses.get((owner, field.name))
        return self.of(field.type, depth) if known is None else st.sampled_from(known)

    def object(
        self, owner: NamedType, fields: Sequence[Field], depth: int = 2
    ) -> st.SearchStrategy[dict[str, object]]:
        """Return objects of `fields`, defaults filled in."""

        @st.composite
        def drawn(draw: st.DrawFn) -> dict[str, object]:
            members = {}
            for field in fields:
                if field.presence is Presence.DEFAULTED and draw(st.booleans()):
                    members[field.wire_name] = field.default
                    continue
                may_lack = field.presence in (Presence.OPTIONAL, Presence.PATCH)
                lacks = depth <= 0 or not self.exist(field.type)
                if may_lack and (lacks or draw(st.booleans())):
                    continue
                value = draw(self.of_member(owner, field, depth - 1))
                if value is not None or field.presence is not Presence.OPTIONAL:
                    members[field.wire_name] = value
            return members

        return drawn()
