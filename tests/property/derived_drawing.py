"""Draws structs that take their fields from others."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec import structs

from idlgen.model import (
    Field,
    NamedType,
    NullableType,
    Presence,
    Struct,
)
from tests.property.declaration_drawing import DeclarationDrawing
from tests.property.drawing import NOWHERE
from tests.property.drawn import Derivation
from tests.property.references import bare, fields_of, struct_behind
from tests.property.words import folded


class DerivedDrawing(DeclarationDrawing):
    """`pick<>`, `omit<>`, `extends`, and patches, also those without a name."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw)
        self.derivations: dict[NamedType, Derivation] = {}

    def derived(self, kind: str, ref: NamedType) -> Struct | None:
        """Draw a struct that takes fields from another; None if there is no other."""
        sources = [name for name in self.types if self._is_source(name, kind)]
        if not sources:
            return None
        source = self.use(self.pick(sources))
        behind = struct_behind(source, self.types)
        assert behind is not None
        fields = fields_of(behind, self.types)
        if kind in ("partial", "inline"):
            return self._partial(kind, ref, source, behind)
        self._take_witnesses(ref, behind, fields)
        if kind == "extends":
            self.derivations[ref] = Derivation(kind, source)
            struct = self.struct(ref, (*fields, *self._added(ref, fields)))
            strict = struct.strict or self._is_strict(behind)
            return structs.replace(struct, strict=strict)
        count = self.random.randint(1, len(fields))
        names = self.random.sample([field.name for field in fields], count)
        kept = [field for field in fields if (field.name in names) is (kind == "pick")]
        self.derivations[ref] = Derivation(kind, source, tuple(names))
        notes = self.notes(self.taken[ref.package])
        strict = self._is_strict(behind)
        return Struct(name=ref.name, fields=tuple(kept), strict=strict, **notes)

    def _is_strict(self, source: NamedType) -> bool:
        struct = self.types[bare(source)]
        assert isinstance(struct, Struct)
        return struct.strict

    def _is_source(self, name: NamedType, kind: str) -> bool:
        behind = struct_behind(name, self.types)
        if behind is None or name in self.unnamed:
            return False
        struct = self.types[bare(behind)]
        assert isinstance(struct, Struct)
        if kind in ("partial", "inline"):
            return struct.partial_of is None
        return bool(struct.fields) or kind == "extends"

    def _take_witnesses(
        self, ref: NamedType, source: NamedType, fields: tuple[Field, ...]
    ) -> None:
        for field in fields:
            known = self.witnesses.get((bare(source), field.name))
            if known is not None:
                self.witnesses[ref, field.name] = known

    def _added(self, ref: NamedType, inherited: tuple[Field, ...]) -> list[Field]:
        taken = {
            folded(text)
            for field in inherited
            for text in (field.name, field.identifier, field.wire_name)
        }
        numbers = {field.number for field in inherited if field.number is not None}
        return self.members(ref, 2, taken, numbers)

    def _partial(
        self, kind: str, ref: NamedType, source: NamedType, behind: NamedType
    ) -> Struct | None:
        """Draw a declared patch, or one that stands for `partial<X>` in members."""
        is_instance = bool(behind.args) and source != behind
        whole = source if is_instance else behind
        others = [
            name
            for name, declared in self.types.items()
            if isinstance(declared, Struct)
            and name.package == ref.package
            and declared.partial_of == whole
        ]
        if any(other in self.unnamed for other in others):
            return None
        notes = None
        if kind == "inline":
            # Where one is declared, `partial<X>` is that.
            if len(others) == 1 or whole.args:
                return None
            ref = NamedType(ref.package, f"{whole.name}Partial")
            if folded(ref.name) in self.taken[ref.package]:
                return None
            self.taken[ref.package].add(folded(ref.name))
            self.unnamed.add(ref)
            notes = {"span": NOWHERE}
        fields = fields_of(behind, self.types)
        self._take_witnesses(ref, behind, fields)
        self.derivations[ref] = Derivation(kind, source)
        return Struct(
            name=ref.name,
            fields=tuple(map(patched, fields)),
            partial_of=whole,
            strict=self._is_strict(behind),
            **(notes or self.notes(self.taken[ref.package])),
        )


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
