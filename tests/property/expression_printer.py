"""Writes references to types as one package sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from idlgen.model import (
    ListType,
    MapType,
    NamedType,
    NullableType,
    Package,
    Scalar,
    ScalarType,
    SetType,
    StreamType,
    Struct,
    TypeParam,
    TypeRef,
)
from tests.property.drawn import Derivation, Drawn
from tests.property.references import bare, names_in
from tests.property.writing import Writing
from tests.property.yaml_printer import Text


class ExpressionPrinter(Writing):
    """`imports` holds the names that `package` gives to each package it imports."""

    def __init__(
        self,
        drawn: Drawn,
        package: Package,
        imports: Mapping[str, Sequence[str]],
        random: Random,
    ) -> None:
        super().__init__(random)
        self.drawn = drawn
        self.package = package
        self.imports = imports
        self.types = drawn.values.types

    def ref(self, ref: TypeRef) -> Text:
        return Text(self._expression(ref))

    def _expression(self, ref: TypeRef) -> str:
        written = self._bare_expression(ref)
        return f"({written})" if self.chance(0.05) else written

    def _bare_expression(self, ref: TypeRef) -> str:
        space = self.random.choice(("", "", "", " "))
        match ref:
            case ScalarType(scalar=scalar):
                if scalar is Scalar.FLOAT and self.chance(0.5):
                    return "float64"
                return str(scalar)
            case TypeParam(name=name):
                return name
            case NamedType():
                return self._reference(ref)
            case ListType(element=element):
                return f"list<{space}{self._expression(element)}{space}>"
            case SetType(element=element):
                return f"set<{self._bare_expression(element)}{space}>"
            case MapType(key=key, value=value):
                inside = self._expression(value)
                if key == ScalarType(Scalar.STRING) and self.chance(0.5):
                    return f"map<{inside}>"
                return f"map<{self._bare_expression(key)},{space}{inside}>"
            case NullableType(inner=inner):
                return f"{self._expression(inner)}{space}|{space}null"
            case StreamType(item=item):
                return f"stream<{space}{self._expression(item)}>"
            case _:
                raise AssertionError(ref)

    def name(self, ref: NamedType) -> str:
        """Return the name of a type or an error, with its arguments."""
        name = ref.name
        if ref.package != self.package.name:
            name = f"{self.random.choice(self.imports[ref.package])}.{name}"
        if not ref.args:
            return name
        comma = self.random.choice((", ", ",", " , "))
        return f"{name}<{comma.join(map(self._expression, ref.args))}>"

    def derivation(self, derivation: Derivation) -> str:
        """Return `partial<X>`, `pick<X, a | b>` or `omit<X, a | b>`."""
        kind = "partial" if derivation.kind == "inline" else derivation.kind
        source = self.name(derivation.source)
        if kind == "partial":
            return f"partial<{source}>"
        bar = self.random.choice((" | ", "|"))
        return f"{kind}<{source}, {bar.join(derivation.names)}>"

    def _reference(self, ref: NamedType) -> str:
        """Return the name, or `partial<X>` where that means it."""
        derivation = self.drawn.derivations.get(bare(ref))
        if derivation is not None and ref.package == self.package.name:
            if derivation.kind == "inline":
                return self.derivation(derivation)
            is_partial = derivation.kind == "partial" and self.chance(0.5)
            if is_partial and self._is_only_partial(ref, derivation):
                return self.derivation(derivation)
        return self.name(ref)

    def _is_only_partial(self, ref: NamedType, derivation: Derivation) -> bool:
        """Whether `partial<X>` means the declared `ref` and no other."""
        for name in names_in(derivation.source):
            inside = self.drawn.derivations.get(bare(name))
            if inside is not None and inside.kind in ("partial", "inline"):
                return False
        types = self.package.types
        declared = types[ref.name]
        assert isinstance(declared, Struct)
        partials = [
            other
            for other in types.values()
            if isinstance(other, Struct) and other.partial_of == declared.partial_of
        ]
        return len(partials) == 1
