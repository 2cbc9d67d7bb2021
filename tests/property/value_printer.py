"""Writes defaults and examples, members by the names that they have in schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from idlgen.model import (
    Enum,
    Field,
    ListType,
    MapType,
    NamedType,
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
from tests.property.expression_printer import ExpressionPrinter
from tests.property.references import bare, fields_of, struct_behind
from tests.property.scalar_values import DURATIONS
from tests.property.yaml_printer import Text, Tree


class ValuePrinter(ExpressionPrinter):
    """One method a kind of type."""

    def value(self, value: object, ref: TypeRef) -> Tree:
        match ref:
            case NullableType(inner=inner):
                return self.null() if value is None else self.value(value, inner)
            case ScalarType(scalar=scalar):
                return self._scalar(value, scalar)
            case (
                ListType(element=element)
                | SetType(element=element)
                | StreamType(item=element)
            ):
                assert isinstance(value, list)
                return [self.value(item, element) for item in value]
            case MapType(value=inner):
                assert isinstance(value, dict)
                return {key: self.value(item, inner) for key, item in value.items()}
            case NamedType():
                return self._named(value, ref)
            case _:
                raise AssertionError(ref)

    def _named(self, value: object, ref: NamedType) -> Tree:
        match self.types[bare(ref)]:
            case Enum():
                return Text(str(value))
            case Struct():
                assert isinstance(value, dict)
                return self.struct_value(value, fields_of(ref, self.types))
            case Union() as union:
                assert isinstance(value, dict)
                return self._union(value, union)
            case declared:
                return self.value(value, declared.type)

    def _union(self, value: Mapping[str, object], union: Union) -> Tree:
        tag = value[union.tag]
        keys: dict[str, Tree | None] = {union.tag: Text(str(tag))}
        carried = next(v.type for v in union.variants if v.text == tag)
        if carried is not None and union.flat:
            struct = struct_behind(carried, self.types)
            assert struct is not None
            fields = [
                # What is called as the tag is written as on the wire.
                (
                    structs.replace(field, name=field.wire_name)
                    if field.name == union.tag
                    else field
                )
                for field in fields_of(struct, self.types)
            ]
            keys.update(self.struct_value(value, fields))
        elif carried is not None:
            keys["value"] = self.value(value["value"], carried)
        names = [*keys]
        self.random.shuffle(names)
        return {name: tree for name in names if (tree := keys[name]) is not None}

    def struct_value(
        self, value: Mapping[str, Any], fields: Sequence[Field]
    ) -> dict[str, Tree]:
        keys: dict[str, Tree | None] = {}
        for field in fields:
            if field.wire_name not in value:
                if field.presence is Presence.OPTIONAL and self.chance(0.1):
                    keys[field.name] = self.null()
                continue
            item = value[field.wire_name]
            is_default = field.presence is Presence.DEFAULTED and item == field.default
            if not is_default or self.chance(0.5):
                keys[field.name] = self.value(item, field.type)
        return self.shuffled(keys)

    def _scalar(self, value: object, scalar: Scalar) -> Tree:
        if scalar is Scalar.ANY:
            return self.any(value)
        if scalar is Scalar.DURATION:
            return Text(self.random.choice(DURATIONS[str(value)]))
        if isinstance(value, bool | int | float):
            return self.number(value)
        text = str(value)
        if scalar is Scalar.UUID and self.chance(0.3):
            text = text.upper()
        if scalar is Scalar.DATETIME and self.chance(0.3):
            text = text.replace("T", " ").lower()
        return Text(text)
