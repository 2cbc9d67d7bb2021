"""Draws structs, generic ones too, enums, unions and other names of types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from idlgen.model import (
    Alias,
    Enum,
    EnumValue,
    Field,
    ListType,
    NamedType,
    Newtype,
    NullableType,
    Presence,
    Struct,
    TypeRef,
    Union,
    Variant,
)
from tests.property.drawing import NOWHERE, Notes
from tests.property.member_drawing import HIGHEST_NUMBER, MemberDrawing
from tests.property.references import fields_of, struct_behind
from tests.property.type_drawing import WRAPPABLE
from tests.property.words import folded, member_name, texts, type_name, wire_names

_HIGHEST_VALUE = 2_147_483_647


@dataclass(frozen=True)
class Choice:
    """A value of an enum or a variant of a union, but for what this carries."""

    text: str
    number: int | None
    notes: Notes


class DeclarationDrawing(MemberDrawing):
    """One method a kind of type; `taken` are the names of each package."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw)
        self.taken: dict[str, set[str]] = {}
        self._letters: dict[str, list[str]] = {}

    def letters(self) -> tuple[str, ...]:
        """Draw the names of one or two type params, which other structs share."""
        known = self._letters.setdefault(self.home, [])
        letters: list[str] = []
        for _ in range(self.pick((1, 1, 2))):
            others = [letter for letter in known if letter not in letters]
            if others and self.sometimes(60):
                letters.append(self.pick(others))
            else:
                letters.append(self.fresh(type_name, self.taken[self.home]))
                known.append(letters[-1])
        return tuple(letters)

    def struct(
        self, ref: NamedType, fields: Sequence[Field], own: Notes | None = None
    ) -> Struct:
        return Struct(
            name=ref.name,
            fields=tuple(fields),
            params=self.params,
            strict=self.sometimes(20),
            **(own or self.notes(self.taken[ref.package])),
        )

    def page(self, ref: NamedType) -> Struct:
        """Draw a struct that a method can return page by page."""
        taken, numbers = {"items", "next"}, set[int]()

        def field(type_: TypeRef, presence: Presence, name: str) -> Field:
            named = name if self.sometimes(70) else self.fresh(member_name, taken)
            return self.member_of(ref, type_, presence, taken, numbers, name=named)

        presence = self.pick((Presence.REQUIRED, Presence.DEFAULTED))
        items = field(ListType(self.type(anything=True)), presence, "items")
        cursor: TypeRef = self.named(WRAPPABLE)
        presence = Presence.OPTIONAL
        if self.sometimes(40):
            cursor = NullableType(cursor)
            presence = self.pick((Presence.REQUIRED, Presence.PATCH))
        following = field(cursor, presence, "next")
        fields = [items, following, *self.members(ref, 1, taken, numbers)]
        return self.struct(ref, self.shuffled(fields))

    def renamed(self, kind: str, ref: NamedType) -> Alias | Newtype:
        make = Alias if kind == "alias" else Newtype
        type_: TypeRef
        if make is Newtype:
            type_ = self.named(WRAPPABLE, enums=False)
        else:
            structs = self.structs()
            if structs and self.sometimes():
                type_ = self.use(self.pick(structs))
            else:
                type_ = self.type()
            if type_ in self.unnamed:
                # There `partial<X>` would be a struct of that name.
                type_ = ListType(type_)
        return make(
            name=ref.name,
            type=type_,
            constraints=self.constraints(ref, type_),
            **self.notes(self.taken[ref.package]),
        )

    def structs(self) -> list[NamedType]:
        """Return the names of structs that were drawn, aliases of some too."""
        return [
            name
            for name in self.visible(0, anything=False)
            if struct_behind(name, self.types)
        ]

    def enum(self, ref: NamedType) -> Enum:
        values = [
            EnumValue(text=choice.text, number=choice.number, **choice.notes)
            for choice in self.choices(_HIGHEST_VALUE, set())
        ]
        return Enum(
            name=ref.name,
            values=tuple(values),
            closed=self.sometimes(50),
            **self.notes(self.taken[ref.package]),
        )

    def choices(self, highest: int, taken: set[str]) -> Iterator[Choice]:
        """Draw texts that differ from each other and whose names are not `taken`."""
        numbers: set[int] = set()
        has_notes = self.sometimes(40)
        for _ in range(self.random.randint(1, 4)):
            if self.sometimes(30):
                text = self.text(texts, taken)
            else:
                text = self.fresh(member_name, taken)
            notes: Notes = self.notes(taken) if has_notes else {"span": NOWHERE}
            is_name = re.search("[A-Za-z]", text) is not None
            if not is_name and "code_name" not in notes and self.sometimes(90):
                notes["code_name"] = self.fresh(member_name, taken)
            yield Choice(text, self.number(highest, numbers), notes)

    # --- unions ---------------------------------------------------------------------

    def union(self, ref: NamedType, *, flat: bool) -> Union:
        taken = self.taken[ref.package]
        notes = self.notes(taken)
        stem = notes.get("code_name") or ref.name
        tag = "type"
        if self.sometimes(30):
            tag = self.text(wire_names, set() if flat else {"value"})
        variants: list[Variant] = []
        for choice in self.choices(HIGHEST_NUMBER, {"unknown"}):
            name = folded(stem + (choice.notes.get("code_name") or choice.text))
            if variants and name in taken:
                continue
            taken.add(name)
            is_end = not variants
            variants.append(
                Variant(
                    text=choice.text,
                    type=self._payload(tag, flat=flat, is_end=is_end),
                    number=choice.number,
                    **choice.notes,
                )
            )
        taken.add(folded(f"{stem}Unknown"))
        self.ends[ref] = variants[0].text
        return Union(
            name=ref.name,
            variants=tuple(self.shuffled(variants)),
            tag=tag,
            flat=flat,
            closed=self.sometimes(50),
            **notes,
        )

    def _payload(self, tag: str, *, flat: bool, is_end: bool) -> TypeRef | None:
        """Draw what a variant carries, in the last resort no forward reference."""
        if self.sometimes(20):
            return None
        if not flat:
            return self.type(anything=not is_end)
        structs = self.structs()
        if not structs:
            return None
        used = self.use(self.pick(structs))
        behind = struct_behind(used, self.types)
        assert behind is not None
        wires = [field.wire_name for field in fields_of(behind, self.types)]
        return None if tag in wires else used

    def fields(self, ref: NamedType) -> Struct:
        """Draw a struct of fields of its own."""
        return self.struct(ref, self.members(ref, 5))
