"""Draws the types of a whole build, each after those that it always holds."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import structs

from idlgen.model import Field, NamedType, Struct, TypeDeclaration
from tests.property.derived_drawing import DerivedDrawing
from tests.property.references import fields_of, struct_behind
from tests.property.words import type_name

_WORDS = """
    struct struct struct generic generic page page union union flat enum alias alias
    newtype pick omit partial extends extends inline inline
"""
_KINDS = _WORDS.split()
_MADE_OF_OTHERS = ("flat", "pick", "omit", "partial", "extends", "inline")
_NAMED_EARLY = ("struct", "generic", "page", "union", "flat")


@dataclass(frozen=True)
class _Planned:
    kind: str
    ref: NamedType
    params: tuple[str, ...]


class BuildDrawing(DerivedDrawing):
    """Types of all packages; those to come are planned before the first is drawn."""

    def draw_types(self, packages: list[str]) -> None:
        """Draw up to twelve types."""
        planned = [self._planned(packages) for _ in self.count(12)]
        if self.sometimes(70):
            planned.sort(key=lambda each: each.kind in _MADE_OF_OTHERS)
        for each in planned:
            if each.kind in _NAMED_EARLY:
                self.to_come[each.ref] = len(each.params)
        for each in planned:
            self.home, self.params = each.ref.package, each.params
            declared = self._declaration(each.kind, each.ref)
            self.params = ()
            self.to_come.pop(each.ref, None)
            if declared is not None:
                self.types[NamedType(each.ref.package, declared.name)] = declared
        self._add_examples()

    def _planned(self, packages: list[str]) -> _Planned:
        self.home = self.pick(packages)
        kind = self.pick(_KINDS)
        name = self.fresh(type_name, self.taken[self.home])
        is_generic = kind == "generic" or (
            kind in ("page", "extends") and self.sometimes(40)
        )
        params = self.letters() if is_generic else ()
        return _Planned(kind, NamedType(self.home, name), params)

    def _declaration(self, kind: str, ref: NamedType) -> TypeDeclaration | None:
        match kind:
            case "struct" | "generic":
                return self.struct(ref, self.members(ref, 5))
            case "page":
                return self.page(ref)
            case "union" | "flat":
                return self.union(ref, flat=kind == "flat")
            case "enum":
                return self.enum(ref)
            case "alias" | "newtype":
                return self.renamed(kind, ref)
            case _:
                return self.derived(kind, ref)

    def _add_examples(self) -> None:
        """Draw examples of fields, when all types and their defaults are known."""
        for name, declared in self.types.items():
            if not isinstance(declared, Struct):
                continue
            derivation = self.derivations.get(name)
            taken: dict[str, Field] = {}
            if derivation is not None and derivation.kind not in ("partial", "inline"):
                behind = struct_behind(derivation.source, self.types)
                assert behind is not None
                taken = {f.name: f for f in fields_of(behind, self.types)}
            if derivation is None or derivation.kind == "extends":
                fields = [
                    taken.get(field.name) or self.with_example(name, field)
                    for field in declared.fields
                ]
            else:
                fields = [taken.get(field.name, field) for field in declared.fields]
            self.types[name] = structs.replace(declared, fields=tuple(fields))
        for name, declared in self.types.items():
            self.types[name] = self._shown(name, declared)

    def _shown(self, name: NamedType, declared: TypeDeclaration) -> TypeDeclaration:
        """Draw an example of a type that may have one; short forms have no place for it."""
        if isinstance(declared, Struct):
            derivation = self.derivations.get(name)
            if declared.params or (derivation and derivation.kind == "inline"):
                return declared
        if not self.sometimes(20) or not self.values.exist(name):
            return declared
        value = self.draw(self.values.of(name))
        return structs.replace(declared, has_example=True, example=value)
