"""Writes types and members, each construct in one of the forms that it has."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.model import (
    Alias,
    Constraints,
    Enum,
    EnumValue,
    Field,
    NamedType,
    NullableType,
    Presence,
    Struct,
    TypeDeclaration,
    TypeRef,
    Union,
    Variant,
)
from tests.property.references import fields_of, struct_behind
from tests.property.value_printer import ValuePrinter
from tests.property.yaml_printer import Text, Tree


class DeclarationPrinter(ValuePrinter):
    """The `types` section."""

    def declared_types(self) -> dict[str, Tree]:
        """Return the section; what only `partial<X>` means is not in it."""
        trees: dict[str, Tree] = {}
        for name, declared in self.package.types.items():
            derivation = self.drawn.derivations.get(NamedType(self.package.name, name))
            if derivation is None or derivation.kind != "inline":
                tree = self._type(declared)
                if declared.has_example:
                    assert isinstance(tree, dict)
                    ref = NamedType(self.package.name, name)
                    tree["example"] = self.value(declared.example, ref)
                trees[name + self._params(declared)] = tree
        return trees

    def _params(self, declared: TypeDeclaration) -> str:
        if not isinstance(declared, Struct) or not declared.params:
            return ""
        comma = self.random.choice((", ", ",", " , "))
        return f"<{comma.join(declared.params)}>"

    def _type(self, declared: TypeDeclaration) -> Tree:
        if isinstance(declared, Struct):
            return self._struct(declared)
        if isinstance(declared, Enum):
            closed = self.flag(is_set=declared.closed)
            values = self._enum_values(declared.values)
            return self.shuffled(
                {"enum": values, "closed": closed, **self.notes(declared)}
            )
        if isinstance(declared, Union):
            return self._union_type(declared)
        type_ = self.ref(declared.type)
        if isinstance(declared.type, NamedType):
            # There `partial<X>` would be another struct.
            type_ = Text(self.name(declared.type))
        keys = {
            ("alias" if isinstance(declared, Alias) else "newtype"): type_,
            **self._constraints(declared.constraints),
            **self.notes(declared),
        }
        tree = self.shuffled(keys)
        is_short = len(tree) == 1 and not declared.has_example
        if isinstance(declared, Alias) and is_short and self.chance(0.5):
            return tree["alias"]
        return tree

    def _struct(self, struct: Struct) -> Tree:
        ref = NamedType(self.package.name, struct.name)
        derivation = self.drawn.derivations.get(ref)
        own = struct.fields
        extends = None
        if derivation is not None and derivation.kind == "extends":
            source = struct_behind(derivation.source, self.types)
            assert source is not None
            own = own[len(fields_of(source, self.types)) :]
            extends = Text(self.name(derivation.source))
        elif derivation is not None:
            expression = Text(self.derivation(derivation))
            tree = self.shuffled({"alias": expression, **self.notes(struct)})
            is_short = len(tree) == 1 and not struct.has_example
            return expression if is_short and self.chance(0.5) else tree
        return self.shuffled(
            {
                "fields": self.members(own),
                "extends": extends,
                "strict": self.flag(is_set=struct.strict),
                **self.notes(struct),
            }
        )

    def _enum_values(self, values: Sequence[EnumValue]) -> Tree:
        trees: dict[str, Tree] = {}
        for value in values:
            number = self.pinned(value.number)
            notes = self.shuffled({"number": number, **self.notes(value)})
            trees[value.text] = notes if notes or self.chance(0.5) else self.null()
        has_notes = any(isinstance(tree, dict) and tree for tree in trees.values())
        if has_notes or self.chance(0.3):
            return trees
        return [Text(value.text) for value in values]

    def _union_type(self, union: Union) -> Tree:
        has_tag = union.tag != "type" or self.chance(0.1)
        return self.shuffled(
            {
                "union": {v.text: self._variant(v) for v in union.variants},
                "tag": Text(union.tag) if has_tag else None,
                "flat": self.flag(is_set=union.flat),
                "closed": self.flag(is_set=union.closed),
                **self.notes(union),
            }
        )

    def _variant(self, variant: Variant) -> Tree:
        type_: Tree | None = None
        if variant.type is not None:
            type_ = self.ref(variant.type)
        elif self.chance(0.1):
            type_ = self.null()
        number = self.pinned(variant.number)
        tree = self.shuffled({"type": type_, "number": number, **self.notes(variant)})
        if type_ is None:
            return tree or self.null()
        return type_ if len(tree) == 1 and self.chance(0.7) else tree

    # --- members --------------------------------------------------------------------

    def members(self, fields: Sequence[Field]) -> dict[str, Tree]:
        return {field.name: self._member(field) for field in fields}

    def _member(self, field: Field) -> Tree:
        type_ = self.ref(field.type)
        if field.presence in (Presence.OPTIONAL, Presence.PATCH):
            needs = isinstance(field.type, NullableType) or self.chance(0.1)
            type_ = Text(f"({type_.text})?" if needs else f"{type_.text}?")
        keys: dict[str, Tree | None] = {
            "type": type_,
            "wire": self.text(field.wire),
            "number": self.pinned(field.number),
            "sensitive": self.flag(is_set=field.sensitive),
            **self._constraints(field.constraints),
            **self.notes(field),
        }
        if field.presence is Presence.DEFAULTED:
            keys["default"] = self.value(field.default, field.type)
        if field.has_example:
            keys["example"] = self.value(field.example, field.type)
        tree = self.shuffled(keys)
        return type_ if len(tree) == 1 and self.chance(0.5) else tree

    def result(self, ref: TypeRef) -> Tree:
        type_ = self.ref(ref)
        return {"type": type_} if self.chance(0.3) else type_

    def _constraints(self, constraints: Constraints) -> dict[str, Tree | None]:
        written: dict[str, Tree | None] = {}
        for key in constraints.__struct_fields__:
            value = getattr(constraints, key)
            if key == "pattern":
                written[key] = self.text(value)
            elif value is not None:
                written[key] = (
                    Text(value) if isinstance(value, str) else self.number(value)
                )
        return written
