"""Which values need more than `JSON.parse` and `JSON.stringify`, and where in them.

64-bit integers are `bigint`, which JSON's own functions do not know; maps must not have
the prototype of other objects; and of what is of any kind nothing may be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct as Record

from idlgen.emit.typescript_text import string_literal
from idlgen.model import (
    Alias,
    Api,
    Enum,
    Field,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    Scalar,
    ScalarType,
    SetType,
    StreamType,
    Struct,
    TypeRef,
    Union,
)
from idlgen.targets.typescript.instance_names import instance_name

_LONG = {ScalarType(Scalar.INT64), ScalarType(Scalar.UINT64)}
_ANY = ScalarType(Scalar.ANY)
_FLOATS = {ScalarType(Scalar.FLOAT), ScalarType(Scalar.FLOAT32)}


class ShapeView(Record, frozen=True):
    """A constant that tells the shape of a type; `lines` are those of its value."""

    name: str
    lines: Sequence[str]


class Reach:
    """Finds out whether values of a type can hold what `is_leaf` says."""

    def __init__(self, api: Api, is_leaf: Callable[[TypeRef], bool]) -> None:
        self._api = api
        self._is_leaf = is_leaf
        self._known: dict[TypeRef, bool] = {}

    def holds(self, ref: TypeRef) -> bool:
        """Whether there is such a leaf in a value of type `ref`."""
        known = self._known.get(ref)
        if known is None:
            seen: set[TypeRef] = set()
            known = self._found(ref, seen)
            # What a search without success has seen leads nowhere; what one has seen
            # that ended early is not known.
            self._known.update(dict.fromkeys({ref} if known else seen, known))
        return known

    def _found(self, start: TypeRef, seen: set[TypeRef]) -> bool:
        waiting = [start]
        while waiting:
            ref = waiting.pop()
            if ref in seen:
                continue
            seen.add(ref)
            if self._known.get(ref) or self._is_leaf(ref) or self._is_open(ref):
                return True
            waiting += parts(self._api, ref)
        return False

    def _is_open(self, ref: TypeRef) -> bool:
        """Whether variants of a later version, which hold anything, may stand there."""
        if not isinstance(ref, NamedType):
            return False
        declared = self._api.declaration(ref)
        return isinstance(declared, Union) and not declared.closed


def parts(api: Api, ref: TypeRef) -> Iterator[TypeRef]:
    """Yield the types of which values of type `ref` are made."""
    match ref:
        case NullableType(inner) | ListType(inner) | SetType(inner) | StreamType(inner):
            yield inner
        case MapType(value=value):
            yield value
        case NamedType():
            match api.declaration(ref):
                case Struct():
                    yield from (field.type for field in api.fields(ref))
                case Union(variants=variants):
                    yield from (each.type for each in variants if each.type is not None)
                case Alias(type=inner) | Newtype(type=inner):
                    yield inner


def is_exact(ref: TypeRef) -> bool:
    """Whether `JSON.stringify` refuses or changes some values of the type itself."""
    return ref in _LONG or ref in _FLOATS or ref == _ANY


def is_shaped(ref: TypeRef) -> bool:
    """Whether `JSON.parse` does not give what the type says."""
    return ref in _LONG or ref == _ANY or isinstance(ref, MapType)


class Shapes:
    """The shapes that the descriptors of one package need, each declared type's once.

    `free` makes a name that nothing else in their module has.
    """

    def __init__(self, api: Api, free: Callable[[str], str]) -> None:
        self._api = api
        self._free = free
        self._reach = Reach(api, is_shaped)
        self._names: dict[object, str] = {}
        self._views: list[ShapeView] = []

    def views(self) -> Sequence[ShapeView]:
        """Return the constants that were asked for, and those that these need."""
        return self._views

    def of(self, ref: TypeRef | None, module: str = "") -> str | None:
        """Return the expression of a type's shape, None where it needs none.

        `module` is what the shapes are called where the expression stands, with a dot.
        """
        if ref is None or not self._reach.holds(ref):
            return None
        match ref:
            case ScalarType():
                return '"any"' if ref == _ANY else '"int64"'
            case NullableType(inner) | StreamType(inner):
                return self.of(inner, module)
            case ListType(element) | SetType(element):
                return f"{{ list: {self.of(element, module)} }}"
            case MapType(value=value):
                return f"{{ map: {self.of(value, module) or 'null'} }}"
            case NamedType():
                return self._named(ref, module)
        raise AssertionError(f"{ref} reached a target")

    def of_fields(self, name: str, fields: Iterable[Field]) -> str | None:
        """Return the name of a constant for what has `fields`, None if it needs none."""
        if not any(self._reach.holds(field.type) for field in fields):
            return None
        return self._constant(name, name, lambda: self._fields(fields))

    def _named(self, ref: NamedType, module: str) -> str | None:
        declared = self._api.declaration(ref)
        if isinstance(declared, Enum):
            return None
        if isinstance(declared, Alias | Newtype):
            return self.of(declared.type, module)
        name = self._constant(
            ref,
            instance_name(self._api, ref),
            lambda: (
                self._variants(declared)
                if isinstance(declared, Union)
                else self._fields(self._api.fields(ref))
            ),
        )
        # As a function, for a type may need itself, or one that comes later.
        return f"() => {module}{name}"

    def _constant(
        self, key: object, name: str, lines: Callable[[], Sequence[str]]
    ) -> str:
        known = self._names.get(key)
        if known is None:
            known = self._names[key] = self._free(name)
            self._views.append(ShapeView(known, lines()))
        return known

    def _fields(self, fields: Iterable[Field]) -> Sequence[str]:
        pairs = ((field.wire_name, self.of(field.type)) for field in fields)
        shaped = ((key, shape) for key, shape in pairs if shape is not None)
        return ["fields: [", *self._pairs(shaped), "],"]

    def _variants(self, union: Union) -> Sequence[str]:
        # All of them: what is not listed is of a later version.
        pairs = ((each.text, self.of(each.type) or "null") for each in union.variants)
        flat = ["flat: true,"] if union.flat else []
        tag = f"tag: {string_literal(union.tag)},"
        return [tag, *flat, "variants: [", *self._pairs(pairs), "],"]

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
        for key, shape in pairs:
            yield f"  [{string_literal(key)}, {shape}],"
