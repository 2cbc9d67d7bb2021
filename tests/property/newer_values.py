"""Values as a newer peer writes them: with variants and enum values that nobody knows."""

from __future__ import annotations

from random import Random
from typing import Any

from idlgen.model import (
    Alias,
    Enum,
    Field,
    ListType,
    MapType,
    NamedType,
    Newtype,
    NullableType,
    TypeRef,
    Union,
)
from tests.property.references import Types, bare, fields_of, struct_behind

_MEMBERS: tuple[dict[str, Any], ...] = (
    {},
    {"value": {"type": "inside"}},
    {"a": 1.10, "b": [None, {"c": 10**30}], "é\n": "\u2028"},
)


class NewerValues:
    """Changes JSON of the model's types where an open enum or union stands."""

    def __init__(self, types: Types, random: Random) -> None:
        self._types = types
        self._random = random
        self.changes = 0

    def of(self, value: Any, ref: TypeRef) -> Any:
        """Return the JSON `value` of the type `ref` with changes; sets stay as they are."""
        match ref:
            case NullableType(inner=inner):
                return None if value is None else self.of(value, inner)
            case ListType(element=element):
                return [self.of(item, element) for item in value]
            case MapType(value=inner):
                return {key: self.of(item, inner) for key, item in value.items()}
            case NamedType():
                return self._named(value, ref)
            case _:
                return value

    def _named(self, value: Any, ref: NamedType) -> Any:
        match self._types[bare(ref)]:
            case Enum(closed=closed, values=values):
                texts = [choice.text for choice in values]
                return value if closed else self._text(value, texts)
            case Union() as union:
                return self._union(value, union)
            case Alias(type=inner) | Newtype(type=inner):
                return self.of(value, inner)
            case _:
                return self._members(value, fields_of(ref, self._types))

    def _text(self, text: str, known: list[str]) -> str:
        """Return a text that is none of those `known`, or the same."""
        if self._random.random() < 0.5:
            return text
        self.changes += 1
        while text in known:
            text += self._random.choice("x_é ")
        return text

    def _union(self, value: dict[str, Any], union: Union) -> dict[str, Any]:
        tag = value[union.tag]
        if not union.closed:
            newer = self._text(tag, [variant.text for variant in union.variants])
            if newer != tag:
                more = self._random.choice((*_MEMBERS, value))
                return {**more, union.tag: newer}
        payload = next(v.type for v in union.variants if v.text == tag)
        if payload is None:
            return value
        if not union.flat:
            return {**value, "value": self.of(value["value"], payload)}
        struct = struct_behind(payload, self._types)
        assert struct is not None
        return self._members(value, fields_of(struct, self._types))

    def _members(
        self, value: dict[str, Any], fields: tuple[Field, ...]
    ) -> dict[str, Any]:
        types = {field.wire_name: field.type for field in fields}
        return {
            name: (
                self.of(item, types[name])
                if name in types and item is not None
                else item
            )
            for name, item in value.items()
        }
