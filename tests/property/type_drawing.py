"""Draws the types of a package, each after those that it always holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict, TypeVar

from hypothesis import strategies as st
from msgspec import structs

from idlgen.diagnostics import Source, Span
from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Constraints,
    Enum,
    EnumValue,
    Field,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    Presence,
    Scalar,
    ScalarType,
    SetType,
    Struct,
    TypeDeclaration,
    TypeRef,
)
from tests.property.drawn import Constrained, Derivation, Values, base_of, is_nullable
from tests.property.limits import INTEGERS, limits_of
from tests.property.scalar_values import json_values
from tests.property.words import folded, member_names, texts, type_names, wire_names

T = TypeVar("T")

PACKAGE = "pkg"
NOWHERE = Span(Source("", ""), 0, 0)
_WORDS = "struct struct struct enum alias newtype pick omit partial extends"
KINDS = _WORDS.split(" ")

_KEYS = (*INTEGERS, Scalar.STRING, Scalar.UUID)
_TIMES = (Scalar.DATE, Scalar.TIME, Scalar.DATETIME)
_WRAPPABLE = (*_KEYS, *_TIMES, Scalar.DECIMAL, Scalar.BYTES, Scalar.DURATION)
_ELEMENTS = (*_KEYS, *_TIMES, Scalar.DECIMAL, Scalar.BYTES, Scalar.BOOL)


class Notes(TypedDict, total=False):
    """What anything declared may say beside its meaning."""

    doc: str | None
    deprecated: str | None
    code_name: str | None


class TypeDrawing:
    """The types that were drawn so far."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.types: dict[str, TypeDeclaration] = {}
        self.derivations: dict[str, Derivation] = {}
        self.witnesses: dict[Constrained, Sequence[object]] = {}
        self.values = Values(self.types, self.witnesses)
        self.to_come: list[str] = []
        self.taken: set[str] = set()

    def sometimes(self, percent: int = 25) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def pick(self, choices: Sequence[T]) -> T:
        return self.draw(st.sampled_from(choices))

    def count(self, most: int) -> range:
        return range(self.draw(st.integers(0, most)))

    # --- names and notes ------------------------------------------------------------

    def fresh(self, names: st.SearchStrategy[str], taken: set[str]) -> str:
        name = self.draw(names.filter(lambda name: folded(name) not in taken))
        taken.add(folded(name))
        return name

    def notes(self, taken: set[str]) -> Notes:
        if not self.sometimes():
            return {}
        return {
            "doc": self.draw(st.none() | texts),
            "deprecated": self.draw(texts) if self.sometimes() else None,
            "code_name": (
                self.fresh(member_names, taken) if self.sometimes(40) else None
            ),
        }

    def extensions(self) -> dict[str, object]:
        if not self.sometimes(10):
            return {}
        keys = texts.map(lambda text: f"x-{text}")
        return self.draw(st.dictionaries(keys, json_values, min_size=1, max_size=2))

    # --- declarations ---------------------------------------------------------------

    def draw_types(self) -> None:
        """Draw up to nine types."""
        planned = [
            (self.pick(KINDS), self.fresh(type_names, self.taken))
            for _ in self.count(9)
        ]
        self.to_come = [name for kind, name in planned if kind == "struct"]
        for kind, name in planned:
            if kind == "struct":
                fields = tuple(self.members(name, set(), 5))
                declared: TypeDeclaration | None = self.struct(name, fields)
                self.to_come.remove(name)
            elif kind == "enum":
                declared = self.enum(name)
            elif kind in ("alias", "newtype"):
                declared = self.renamed(kind, name)
            else:
                declared = self.derived(kind, name)
            if declared is not None:
                self.types[name] = declared
        self.add_examples()

    def struct(self, name: str, fields: tuple[Field, ...]) -> Struct:
        return Struct(
            name=name,
            fields=fields,
            extensions=self.extensions(),
            span=NOWHERE,
            **self.notes(self.taken),
        )

    def renamed(self, kind: str, name: str) -> Alias | Newtype:
        make = Alias if kind == "alias" else Newtype
        type_ = self.type() if make is Alias else self.named(_WRAPPABLE, enums=False)
        return make(
            name=name,
            type=type_,
            constraints=self.constraints(name, type_),
            extensions=self.extensions(),
            span=NOWHERE,
            **self.notes(self.taken),
        )

    def enum(self, name: str) -> Enum:
        any_text = texts | member_names
        values = self.draw(st.lists(any_text, min_size=1, max_size=4, unique_by=folded))
        taken: set[str] = set()
        has_notes = self.sometimes()
        return Enum(
            name=name,
            values=tuple(
                EnumValue(
                    text=value, span=NOWHERE, **self.notes(taken) if has_notes else {}
                )
                for value in values
            ),
            closed=self.draw(st.booleans()),
            extensions=self.extensions(),
            span=NOWHERE,
            **self.notes(self.taken),
        )

    def derived(self, kind: str, name: str) -> Struct | None:
        """Draw a struct that takes fields from another; None if there is no other."""
        sources = [
            declared
            for declared in self.types.values()
            if isinstance(declared, Struct)
            and (kind != "partial" or declared.partial_of is None)
            and (declared.fields or kind in ("partial", "extends"))
        ]
        if not sources:
            return None
        source = self.pick(sources)
        for field in source.fields:
            known = self.witnesses.get((source.name, field.name))
            if known is not None:
                self.witnesses[name, field.name] = known
        if kind == "extends":
            return self.extended(name, source)
        names = [field.name for field in source.fields]
        if kind == "partial":
            fields = tuple(map(patched, source.fields))
            names = []
        else:
            names = self.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
            fields = tuple(
                field
                for field in source.fields
                if (field.name in names) is (kind == "pick")
            )
        self.derivations[name] = Derivation(kind, source.name, tuple(names))
        partial_of = source.name if kind == "partial" else None
        return Struct(name=name, fields=fields, partial_of=partial_of, span=NOWHERE)

    def extended(self, name: str, source: Struct) -> Struct:
        taken = {
            folded(text)
            for field in source.fields
            for text in (field.name, field.identifier, field.wire_name)
        }
        self.derivations[name] = Derivation("extends", source.name)
        return self.struct(name, (*source.fields, *self.members(name, taken, 2)))

    def add_examples(self) -> None:
        """Draw examples of fields, when all types and their defaults are known."""
        for name, declared in self.types.items():
            if isinstance(declared, Struct):
                derivation = self.derivations.get(name)
                fields = declared.fields
                if derivation is None:
                    fields = tuple(self.with_example(name, field) for field in fields)
                elif derivation.kind != "partial":
                    source = self.types[derivation.source]
                    assert isinstance(source, Struct)
                    found = {field.name: field for field in source.fields}
                    fields = tuple(found.get(field.name, field) for field in fields)
                self.types[name] = structs.replace(declared, fields=fields)

    def with_example(self, owner: str, field: Field) -> Field:
        if not self.sometimes(20):
            return field
        value = self.draw(self.values.of_member(owner, field))
        return structs.replace(field, has_example=True, example=value)

    # --- types ----------------------------------------------------------------------

    def type(self, depth: int = 0, *, anything: bool = False) -> TypeRef:
        """Draw a type; `anything` admits structs that are not declared yet."""
        kinds = ["scalar", "scalar", "named", "named"]
        if depth < 3:
            kinds += ["list", "set", "map", "nullable"]
        kind = self.pick(kinds)
        if kind == "list":
            return ListType(self.type(depth + 1, anything=True))
        if kind == "set":
            return SetType(self.named(_ELEMENTS))
        if kind == "map":
            return MapType(self.named(_KEYS), self.type(depth + 1, anything=True))
        if kind == "nullable":
            inner = self.type(depth + 1, anything=True)
            return inner if isinstance(inner, NullableType) else NullableType(inner)
        names = [*self.types, *(self.to_come if anything else ())]
        if kind == "named" and names:
            return NamedType(PACKAGE, self.pick(names))
        return ScalarType(self.pick([*Scalar]))

    def named(self, scalars: Sequence[Scalar], *, enums: bool = True) -> TypeRef:
        """Draw one of `scalars`, a name of one, or an enum or a name of that."""
        admitted: list[TypeRef] = [ScalarType(scalar) for scalar in scalars]
        names: list[TypeRef] = []
        for name in self.types:
            ref = NamedType(PACKAGE, name)
            base = base_of(ref, self.types)
            is_enum = isinstance(base, NamedType) and isinstance(
                self.types.get(base.name), Enum
            )
            fits = base in admitted or (enums and is_enum)
            if fits and not is_nullable(ref, self.types):
                names.append(ref)
        return self.pick(names if names and self.sometimes(50) else admitted)

    # --- members --------------------------------------------------------------------

    def members(self, owner: str, taken: set[str], most: int) -> list[Field]:
        return [self.member(owner, taken) for _ in self.count(most)]

    def member(self, owner: str, taken: set[str]) -> Field:
        name = self.fresh(member_names, taken)
        presence = self.pick([Presence.REQUIRED, *Presence])
        may_lack = presence in (Presence.OPTIONAL, Presence.PATCH)
        type_ = self.type(anything=may_lack)
        if presence is Presence.PATCH and not isinstance(type_, NullableType):
            type_ = NullableType(type_)
        if presence is Presence.OPTIONAL and isinstance(type_, NullableType):
            presence = Presence.PATCH
        constraints = self.constraints((owner, name), type_)
        field = Field(
            name=name,
            type=type_,
            presence=presence,
            wire=self.fresh(wire_names, taken) if self.sometimes(10) else None,
            constraints=constraints,
            extensions=self.extensions(),
            span=NOWHERE,
            **self.notes(taken),
        )
        if presence is not Presence.DEFAULTED:
            return field
        default = self.draw(self.values.of_member(owner, field))
        return structs.replace(field, default=default)

    def constraints(self, key: Constrained, type_: TypeRef) -> Constraints:
        """Draw values of a type, which become those of `key`, and what they keep."""
        limits = limits_of(base_of(type_, self.types))
        if limits is None or not self.sometimes(50):
            return NO_CONSTRAINTS
        known = self.draw(st.lists(self.values.of(type_), min_size=1, max_size=3))
        present: list[Any] = [value for value in known if value is not None]
        if not present:
            return NO_CONSTRAINTS
        self.witnesses[key] = known
        return limits(present, base_of(type_, self.types), self.draw)


def patched(field: Field) -> Field:
    """Return a field as `partial<>` has it."""
    type_ = field.type
    if field.presence is Presence.OPTIONAL and not isinstance(type_, NullableType):
        type_ = NullableType(type_)
    return structs.replace(
        field,
        type=type_,
        presence=Presence.PATCH,
        default=None,
        has_example=False,
        example=None,
    )
