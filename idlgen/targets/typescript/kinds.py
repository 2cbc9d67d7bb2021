"""What the schema allows of values, as the runtime's `Kind` says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from idlgen.emit.json_text import json_line
from idlgen.emit.typescript_text import string_literal
from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Api,
    Constraints,
    Enum,
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
    StreamType,
    Struct,
    TypeRef,
    Union,
)
from idlgen.model.declarations import Bound
from idlgen.targets.tsdoc.names import type_name
from idlgen.targets.typescript.instance_names import instance_name
from idlgen.targets.typescript.shapes import ShapeView

_BOUNDS = {
    "min": "min",
    "max": "max",
    "exclusive_min": "above",
    "exclusive_max": "below",
    "multiple_of": "multipleOf",
}
_LENGTHS = {"min_length": "minLength", "max_length": "maxLength"}
_BYTES = {"min_length": "minBytes", "max_length": "maxBytes"}
_ITEMS = {"min_items": "minItems", "max_items": "maxItems"}
_SAFE = 2**53


class Kinds:
    """The kinds that the answers of one package need, each declared type's once.

    `free` makes a name that nothing else in their module has.
    """

    def __init__(self, api: Api, free: Callable[[str], str]) -> None:
        self._api = api
        self._free = free
        self._names: dict[NamedType, str] = {}
        self._lines: dict[str, Sequence[str]] = {}

    def views(self) -> Sequence[ShapeView]:
        """Return the constants that were asked for, and those that these need."""
        return [ShapeView(name, lines) for name, lines in self._lines.items()]

    def of(self, ref: TypeRef) -> str:
        """Return the expression of a type's kind."""
        match ref:
            case ScalarType(scalar):
                return f'"{scalar.value}"'
            case NullableType(inner):
                return f"{{ nullable: {self.of(inner)} }}"
            case StreamType(inner):
                return self.of(inner)
            case ListType(element) | SetType(element):
                return f"{{ list: {self.of(element)} }}"
            case MapType(key, value):
                return f"{{ map: {self.of(value)}, key: {self.of(key)} }}"
            case NamedType():
                return self._named(ref)
        raise AssertionError(f"{ref} reached a target")

    def of_error(self, ref: NamedType) -> str | None:
        """Return the expression of the fields of an error, None where it has none."""
        fields = self._api.error(ref).fields
        if not fields:
            return None
        name = self._names.get(ref)
        if name is None:
            name = self._names[ref] = self._free(type_name(self._api.error(ref)))
            self._lines[name] = self._fields(fields)
        return f"() => {name}"

    def _named(self, ref: NamedType) -> str:
        declared = self._api.declaration(ref)
        if isinstance(declared, Enum) and not declared.closed:
            return '"string"'
        if isinstance(declared, Alias | Newtype):
            return self._limited(declared.type, declared.constraints)
        name = self._names.get(ref)
        if name is None:
            name = self._names[ref] = self._free(instance_name(self._api, ref))
            # Its place is that of the first who asked, whatever it asks for itself.
            self._lines[name] = ()
            self._lines[name] = self._declared(ref, declared)
        # As a function, for a type may need itself, or one that comes later.
        return f"() => {name}"

    def _declared(
        self, ref: NamedType, declared: Struct | Enum | Union
    ) -> Sequence[str]:
        match declared:
            case Struct():
                return self._fields(self._api.fields(ref))
            case Enum(values=values):
                texts = ", ".join(string_literal(value.text) for value in values)
                return [f"texts: [{texts}],"]
            case Union():
                return [*self._variants(declared)]

    def _fields(self, fields: Iterable[Field]) -> Sequence[str]:
        members = [self._member(field) for field in fields]
        return ["fields: [", *(f"  [{each}]," for each in members), "],"]

    def _member(self, field: Field) -> str:
        kind = self._limited(field.type, field.constraints)
        if field.sensitive:
            kind = f"{{ sensitive: {kind} }}"
        member = f"{string_literal(field.wire_name)}, {kind}"
        match field.presence:
            case Presence.REQUIRED:
                return member
            case Presence.OPTIONAL:
                return f"{member}, null"
            case Presence.PATCH:
                return f"{member}, true"
            case Presence.DEFAULTED:
                return f"{member}, {string_literal(json_line(field.default))}"

    def _variants(self, union: Union) -> Iterator[str]:
        yield f"tag: {string_literal(union.tag)},"
        if union.flat:
            yield "flat: true,"
        if union.closed:
            yield "closed: true,"
        yield "variants: ["
        for variant in union.variants:
            kind = "null" if variant.type is None else self.of(variant.type)
            yield f"  [{string_literal(variant.text)}, {kind}],"
        yield "],"

    def _limited(self, ref: TypeRef, constraints: Constraints) -> str:
        kind = self.of(ref)
        if constraints == NO_CONSTRAINTS:
            return kind
        limits = ", ".join(self._limits(self._base(ref), constraints))
        return f"{{ is: {kind}, {limits} }}"

    def _base(self, ref: TypeRef) -> TypeRef:
        """Return what stands behind aliases, newtypes and `| null`."""
        if isinstance(ref, NullableType):
            return self._base(ref.inner)
        declared = self._api.declaration(ref) if isinstance(ref, NamedType) else None
        if isinstance(declared, Alias | Newtype):
            return self._base(declared.type)
        return ref

    def _limits(self, base: TypeRef, constraints: Constraints) -> Iterator[str]:
        lengths = _BYTES if base == ScalarType(Scalar.BYTES) else _LENGTHS
        names = {**_BOUNDS, **lengths, **_ITEMS}
        for key, bound in msgspec.structs.asdict(constraints).items():
            if bound is not None and key == "pattern":
                yield f"pattern: {string_literal(_pattern(bound))}"
            elif bound is not None:
                yield f"{names[key]}: {_bound(bound)}"


def _bound(bound: Bound) -> str:
    if isinstance(bound, str):
        return string_literal(bound)
    if isinstance(bound, int) and abs(bound) >= _SAFE:
        return f"{bound}n"
    return repr(bound)


def _pattern(written: str) -> str:
    """Return a pattern so that it means the same under ECMAScript's flag `u`.

    There a hyphen is escaped within sets alone.
    """
    return re.sub(
        r"\\(.)",
        lambda found: r"\x2d" if found[1] == "-" else found[0],
        written,
        flags=re.DOTALL,
    )
