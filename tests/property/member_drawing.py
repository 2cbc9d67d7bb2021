"""Draws fields and params, with values that keep their constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from msgspec import structs

from idlgen.model import (
    NO_CONSTRAINTS,
    Constraints,
    Field,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Presence,
    TypeRef,
)
from tests.property.json_values import Constrained, Values
from tests.property.limits import limits_of
from tests.property.references import base_of, has_params, is_nullable
from tests.property.type_drawing import TypeDrawing
from tests.property.words import member_name, wire_names

HIGHEST_NUMBER = 536_870_911
# No random list has more.
_MOST_ITEMS = 3


class MemberDrawing(TypeDrawing):
    """Values come first and constraints after them, so that each type has values."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw)
        self.witnesses: dict[Constrained, Sequence[object]] = {}
        self.ends: dict[NamedType, str] = {}
        self.values = Values(self.types, self.witnesses, self.ends)

    def members(
        self,
        owner: NamedType,
        most: int,
        taken: set[str] | None = None,
        numbers: set[int] | None = None,
    ) -> list[Field]:
        """Draw members whose names and numbers are not `taken`."""
        names = set() if taken is None else taken
        pinned = set() if numbers is None else numbers
        return [self.member(owner, names, pinned) for _ in self.count(most)]

    def member(self, owner: NamedType, taken: set[str], numbers: set[int]) -> Field:
        presence = self.pick([Presence.REQUIRED, *Presence])
        may_lack = presence in (Presence.OPTIONAL, Presence.PATCH)
        type_ = self.type(anything=may_lack)
        nullable = is_nullable(type_, self.types)
        if presence is Presence.PATCH and not nullable:
            type_ = NullableType(type_)
        if presence is Presence.OPTIONAL and nullable:
            presence = Presence.PATCH
        if presence is Presence.DEFAULTED and not self.values.exist(type_):
            presence = Presence.REQUIRED
        return self.member_of(owner, type_, presence, taken, numbers)

    def member_of(
        self,
        owner: NamedType,
        type_: TypeRef,
        presence: Presence,
        taken: set[str],
        numbers: set[int],
        *,
        name: str | None = None,
    ) -> Field:
        """Draw what else a member says."""
        name = name or self.fresh(member_name, taken)
        field = Field(
            name=name,
            type=type_,
            presence=presence,
            wire=self.text(wire_names, taken) if self.sometimes(10) else None,
            constraints=self.constraints((owner, name), type_),
            sensitive=self.sometimes(10),
            number=self.number(HIGHEST_NUMBER, numbers),
            **self.notes(taken),
        )
        if presence is not Presence.DEFAULTED:
            return field
        default = self.draw(self.values.of_member(owner, field))
        return structs.replace(field, default=default)

    def with_example(self, owner: NamedType, field: Field) -> Field:
        if not self.sometimes(20) or not self.values.exist(field.type):
            return field
        value = self.draw(self.values.of_member(owner, field))
        return structs.replace(field, has_example=True, example=value)

    def constraints(self, key: Constrained, type_: TypeRef) -> Constraints:
        """Draw values of a type, which become those of `key`, and what they keep."""
        base = base_of(type_, self.types)
        limits = limits_of(base)
        if limits is None or not self.sometimes(50):
            return NO_CONSTRAINTS
        if has_params(type_):
            # Which values there are depends on the arguments.
            is_many = isinstance(base, ListType | MapType)
            return Constraints(max_items=_MOST_ITEMS) if is_many else NO_CONSTRAINTS
        known = self.draw(st.lists(self.values.of(type_), min_size=1, max_size=3))
        present: list[Any] = [value for value in known if value is not None]
        if not present:
            return NO_CONSTRAINTS
        self.witnesses[key] = known
        return limits(present, base, self.draw)
