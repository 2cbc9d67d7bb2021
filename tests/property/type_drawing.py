"""Draws references to types, those to come too where a value can do without them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from idlgen.model import (
    Enum,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Scalar,
    ScalarType,
    SetType,
    Struct,
    TypeDeclaration,
    TypeParam,
    TypeRef,
    Union,
)
from tests.property.drawing import Drawing
from tests.property.limits import INTEGERS
from tests.property.references import bare, base_of, is_nullable, names_in

_KEYS = (*INTEGERS, Scalar.STRING, Scalar.UUID)
_TIMES = (Scalar.DATE, Scalar.TIME, Scalar.DATETIME)
WRAPPABLE = (*_KEYS, *_TIMES, Scalar.DECIMAL, Scalar.BYTES, Scalar.DURATION)
_ELEMENTS = (*_KEYS, *_TIMES, Scalar.DECIMAL, Scalar.BYTES, Scalar.BOOL)


class TypeDrawing(Drawing):
    """Knows the types drawn so far, and how many type params those to come will have.

    What is drawn stands in the package `home`, inside a struct that has the type
    `params`. `unnamed` are types that only `partial<X>` means, in their own package.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw)
        self.types: dict[NamedType, TypeDeclaration] = {}
        self.to_come: dict[NamedType, int] = {}
        self.unnamed: set[NamedType] = set()
        self.home = ""
        self.params: tuple[str, ...] = ()
        self.imported: dict[str, set[str]] = {}

    def type(self, depth: int = 0, *, anything: bool = False) -> TypeRef:
        """Draw a type; `anything` admits those that are not declared yet."""
        kinds = ["scalar", "scalar", "named", "named", "named"]
        if self.params:
            kinds += ["param", "param"]
        if depth < 3:
            kinds += ["list", "set", "map", "nullable"]
        match self.pick(kinds):
            case "list":
                return ListType(self.type(depth + 1, anything=True))
            case "set":
                return SetType(self.named(_ELEMENTS))
            case "map":
                value = self.type(depth + 1, anything=True)
                return MapType(self.named(_KEYS), value)
            case "nullable":
                inner = self.type(depth + 1, anything=True)
                return inner if isinstance(inner, NullableType) else NullableType(inner)
            case "param":
                return TypeParam(self.pick(self.params))
            case "named":
                names = self.visible(depth, anything=anything)
                if names:
                    return self.use(self.pick(names), depth, anything=anything)
        return ScalarType(self.pick([*Scalar]))

    def visible(self, depth: int, *, anything: bool) -> list[NamedType]:
        names = [*self.types, *(self.to_come if anything else ())]
        return [
            name
            for name in names
            if (name.package == self.home or name not in self.unnamed)
            and (depth < 3 or not self.arity(name))
        ]

    def arity(self, name: NamedType) -> int:
        """Return how many arguments a type takes."""
        declared = self.types.get(name)
        if declared is None:
            return self.to_come[name]
        return len(declared.params) if isinstance(declared, Struct) else 0

    def use(
        self, name: NamedType, depth: int = 0, *, anything: bool = False
    ) -> NamedType:
        """Draw the arguments of a type that is named here."""
        self.imported[self.home].add(name.package)
        arguments = [
            self._argument(name, depth, anything=anything)
            for _ in range(self.arity(name))
        ]
        return NamedType(name.package, name.name, tuple(arguments))

    def _argument(self, target: NamedType, depth: int, *, anything: bool) -> TypeRef:
        """Draw an argument for `target`: one that leads back here must not grow."""
        params = self.params
        if params and self.sometimes(60):
            if not self._is_settled(target):
                return TypeParam(self.pick(params))
        else:
            self.params = ()
        ref = self.type(depth + 1, anything=anything)
        self.params = params
        return ListType(ref) if is_nullable(ref, self.types) else ref

    def _is_settled(self, target: NamedType) -> bool:
        """Whether nothing that can be reached from `target` is still to come."""
        seen: set[NamedType] = set()
        pending = [target]
        while pending:
            name = pending.pop()
            if name in self.to_come:
                return False
            if name not in seen:
                seen.add(name)
                parts = types_in(self.types[name])
                pending.extend(bare(use) for part in parts for use in names_in(part))
        return True

    def named(self, scalars: Sequence[Scalar], *, enums: bool = True) -> TypeRef:
        """Draw one of `scalars`, a name of one, or an enum or a name of that."""
        admitted: list[TypeRef] = [ScalarType(scalar) for scalar in scalars]
        names: list[NamedType] = []
        for name in self.types:
            base = base_of(name, self.types)
            is_enum = isinstance(base, NamedType) and isinstance(
                self.types.get(bare(base)), Enum
            )
            fits = base in admitted or (enums and is_enum)
            if fits and not is_nullable(name, self.types):
                names.append(name)
        if names and self.sometimes(50):
            return self.use(self.pick(names))
        return self.pick(admitted)


def types_in(declared: TypeDeclaration) -> list[TypeRef]:
    """Return the types of what a declaration consists of."""
    match declared:
        case Struct(fields=fields):
            return [field.type for field in fields]
        case Union(variants=variants):
            return [v.type for v in variants if v.type is not None]
        case Enum():
            return []
        case _:
            return [declared.type]
