"""A drawn package, and the values that its types are known to have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from hypothesis import strategies as st

from idlgen.model import (
    Alias,
    Enum,
    Field,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    Package,
    Presence,
    ScalarType,
    SetType,
    Struct,
    TypeDeclaration,
    TypeRef,
)
from tests.property.scalar_values import SCALAR_VALUES

Types: TypeAlias = Mapping[str, TypeDeclaration]
# The name of a type, or the owner and the name of a member.
Constrained: TypeAlias = str | tuple[str, str]


@dataclass(frozen=True)
class Derivation:
    """How a struct's fields are written: `names` are those of `pick<>` and `omit<>`."""

    kind: str
    source: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Values:
    """The JSON values of types; of what is constrained, those that are known to fit."""

    types: Types
    witnesses: Mapping[Constrained, Sequence[object]]

    def of(self, ref: TypeRef, depth: int = 2) -> st.SearchStrategy[object]:
        """Return values of `ref`, wire names in them; lists are empty below `depth`."""
        match ref:
            case ScalarType(scalar=scalar):
                return SCALAR_VALUES[scalar]
            case ListType(element=element):
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
            case NamedType(name=name):
                return self._named(name, depth)
            case _:
                raise AssertionError(ref)

    def exist(self, ref: TypeRef) -> bool:
        """Whether there are values of `ref` yet: forward references have none."""
        return not isinstance(ref, NamedType) or ref.name in self.types

    def _inside(self, ref: TypeRef, depth: int) -> st.SearchStrategy[object] | None:
        return self.of(ref, depth - 1) if depth > 0 and self.exist(ref) else None

    def _named(self, name: str, depth: int) -> st.SearchStrategy[object]:
        declared = self.types[name]
        if name in self.witnesses:
            return st.sampled_from(self.witnesses[name])
        if isinstance(declared, Enum):
            return st.sampled_from([value.text for value in declared.values])
        if isinstance(declared, Struct):
            return self.object(name, declared.fields, depth)
        return self.of(declared.type, depth)

    def of_member(
        self, owner: str, field: Field, depth: int = 2
    ) -> st.SearchStrategy[object]:
        """Return values of a member."""
        known = self.witnesses.get((owner, field.name))
        return self.of(field.type, depth) if known is None else st.sampled_from(known)

    def object(
        self, owner: str, fields: Sequence[Field], depth: int = 2
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


@dataclass(frozen=True)
class Drawn:
    """A package, how its derived structs are written, and the values of its types."""

    package: Package
    derivations: Mapping[str, Derivation]
    values: Values


def base_of(ref: TypeRef, types: Types) -> TypeRef:
    """Return what a type comes to through aliases, newtypes and `| null`."""
    while True:
        if isinstance(ref, NullableType):
            ref = ref.inner
            continue
        declared = types.get(ref.name) if isinstance(ref, NamedType) else None
        if not isinstance(declared, Alias | Newtype):
            return ref
        ref = declared.type


def is_nullable(ref: TypeRef, types: Types) -> bool:
    """Whether a type is nullable, through aliases too."""
    while isinstance(ref, NamedType):
        declared = types.get(ref.name)
        if not isinstance(declared, Alias | Newtype):
            return False
        ref = declared.type
    return isinstance(ref, NullableType)
