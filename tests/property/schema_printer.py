"""Writes a drawn package as a schema, each construct in one of the forms that it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from idlgen.model import (
    Alias,
    Constraints,
    Declaration,
    Enum,
    EnumValue,
    Error,
    Example,
    Field,
    ListType,
    MapType,
    Method,
    NamedType,
    NullableType,
    Presence,
    Scalar,
    ScalarType,
    Service,
    SetType,
    Struct,
    TypeDeclaration,
    TypeRef,
)
from tests.property.apis import TIMEOUTS
from tests.property.drawn import Drawn
from tests.property.scalar_values import DURATIONS
from tests.property.yaml_printer import Literal, Printer, Quoted, Text, Tree


def print_schema(drawn: Drawn, seed: int) -> bytes:
    """Return the YAML of a schema that means `drawn`, in the style of `seed`."""
    random = Random(seed)
    return Printer(random).document(_Writer(drawn, random).schema())


class _Writer:
    def __init__(self, drawn: Drawn, random: Random) -> None:
        self._drawn = drawn
        self._random = random
        self._types = drawn.package.types

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _shuffled(self, keys: dict[str, Tree | None]) -> dict[str, Tree]:
        """Return the keys of a construct, whose order says nothing but for `x-` keys."""
        names = [key for key, value in keys.items() if value is not None]
        own = iter([name for name in names if name.startswith("x-")])
        self._random.shuffle(names)
        names = [next(own) if name.startswith("x-") else name for name in names]
        return {name: value for name in names if (value := keys[name]) is not None}

    def schema(self) -> dict[str, Tree]:
        package = self._drawn.package
        sections: dict[str, Tree | None] = {
            "edition": Literal("1") if self._chance(0.3) else None,
            "package": Text(package.name) if self._chance(0.7) else None,
            "version": self._text(package.version),
            "doc": self._text(package.doc),
            "types": {n: self._type(n, d) for n, d in package.types.items()},
            "errors": {n: self._error(e) for n, e in package.errors.items()},
            "services": {n: self._service(s) for n, s in package.services.items()},
            **self._extensions(package.extensions),
        }
        return self._shuffled(sections)

    # --- notes ----------------------------------------------------------------------

    def _text(self, text: str | None) -> Text | None:
        return None if text is None else Text(text)

    def _extensions(self, extensions: Mapping[str, object]) -> dict[str, Tree | None]:
        return {key: self._any(value) for key, value in extensions.items()}

    def _notes(
        self, declared: Declaration | Field | Method | EnumValue
    ) -> dict[str, Tree | None]:
        notes: dict[str, Tree | None] = {
            "doc": self._text(declared.doc),
            "deprecated": self._text(declared.deprecated),
            "name": self._text(declared.code_name),
        }
        if not isinstance(declared, EnumValue):
            notes.update(self._extensions(declared.extensions))
        return notes

    # --- types ----------------------------------------------------------------------

    def _type(self, name: str, declared: TypeDeclaration) -> Tree:
        if isinstance(declared, Struct):
            return self._struct(name, declared)
        if isinstance(declared, Enum):
            closed = self._flag(is_set=declared.closed)
            values = self._enum_values(declared.values)
            return self._shuffled(
                {"enum": values, "closed": closed, **self._notes(declared)}
            )
        type_ = self._ref(declared.type)
        if isinstance(declared.type, NamedType):
            # There `partial<X>` would be another struct.
            type_ = Text(declared.type.name)
        keys = {
            ("alias" if isinstance(declared, Alias) else "newtype"): type_,
            **self._constraints(declared.constraints, declared.type),
            **self._notes(declared),
        }
        tree = self._shuffled(keys)
        if isinstance(declared, Alias) and len(tree) == 1 and self._chance(0.5):
            return tree["alias"]
        return tree

    def _struct(self, name: str, struct: Struct) -> Tree:
        derivation = self._drawn.derivations.get(name)
        own = struct.fields
        extends = None
        if derivation is not None:
            if derivation.kind == "extends":
                source = self._types[derivation.source]
                assert isinstance(source, Struct)
                own = own[len(source.fields) :]
                extends = Text(derivation.source)
            else:
                names = " | ".join(derivation.names)
                comma = ", " if names and derivation.kind != "partial" else ""
                arguments = derivation.source + (comma + names if comma else "")
                expression = Text(f"{derivation.kind}<{arguments}>")
                return expression if self._chance(0.5) else {"alias": expression}
        return self._shuffled(
            {"fields": self._members(own), "extends": extends, **self._notes(struct)}
        )

    def _enum_values(self, values: Sequence[EnumValue]) -> Tree:
        bare = all(
            value.doc is None and value.deprecated is None and value.code_name is None
            for value in values
        )
        if bare and self._chance(0.7):
            return [Text(value.text) for value in values]
        trees: dict[str, Tree] = {}
        for value in values:
            notes = self._shuffled(self._notes(value))
            trees[value.text] = notes if notes or self._chance(0.5) else Literal("null")
        return trees

    def _flag(self, *, is_set: bool) -> Literal | None:
        if is_set:
            return Literal(self._random.choice(("true", "True", "TRUE")))
        return Literal("false") if self._chance(0.1) else None

    def _members(self, fields: Sequence[Field]) -> dict[str, Tree]:
        return {field.name: self._member(field) for field in fields}

    def _member(self, field: Field) -> Tree:
        type_ = self._ref(field.type)
        if field.presence in (Presence.OPTIONAL, Presence.PATCH):
            needs = isinstance(field.type, NullableType) or self._chance(0.1)
            type_ = Text(f"({type_.text})?" if needs else f"{type_.text}?")
        keys: dict[str, Tree | None] = {
            "type": type_,
            "wire": self._text(field.wire),
            **self._constraints(field.constraints, field.type),
            **self._notes(field),
        }
        if field.presence is Presence.DEFAULTED:
            keys["default"] = self._value(field.default, field.type)
        if field.has_example:
            keys["example"] = self._value(field.example, field.type)
        tree = self._shuffled(keys)
        return type_ if len(tree) == 1 and self._chance(0.5) else tree

    def _constraints(
        self, constraints: Constraints, type_: TypeRef
    ) -> dict[str, Tree | None]:
        written: dict[str, Tree | None] = {}
        for key in constraints.__struct_fields__:
            value = getattr(constraints, key)
            if key == "pattern":
                written[key] = self._text(value)
            elif value is not None:
                written[key] = (
                    Text(value) if isinstance(value, str) else self._number(value)
                )
        return written

    # --- type expressions -----------------------------------------------------------

    def _ref(self, ref: TypeRef) -> Text:
        return Text(self._expression(ref))

    def _expression(self, ref: TypeRef) -> str:
        written = self._bare_expression(ref)
        return f"({written})" if self._chance(0.05) else written

    def _bare_expression(self, ref: TypeRef) -> str:
        space = self._random.choice(("", "", "", " "))
        match ref:
            case ScalarType(scalar=scalar):
                if scalar is Scalar.FLOAT and self._chance(0.5):
                    return "float64"
                return str(scalar)
            case NamedType(name=name):
                return self._reference(name)
            case ListType(element=element):
                return f"list<{space}{self._expression(element)}{space}>"
            case SetType(element=element):
                return f"set<{self._bare_expression(element)}{space}>"
            case MapType(key=key, value=value):
                inside = self._expression(value)
                if key == ScalarType(Scalar.STRING) and self._chance(0.5):
                    return f"map<{inside}>"
                return f"map<{self._bare_expression(key)},{space}{inside}>"
            case NullableType(inner=inner):
                return f"{self._expression(inner)}{space}|{space}null"
            case _:
                raise AssertionError(ref)

    def _reference(self, name: str) -> str:
        """Return the name, or `partial<X>` where only this one is the partial of X."""
        derivation = self._drawn.derivations.get(name)
        if derivation is None or derivation.kind != "partial" or self._chance(0.5):
            return name
        partials = [
            other
            for other in self._drawn.derivations.values()
            if other.kind == "partial" and other.source == derivation.source
        ]
        return f"partial<{derivation.source}>" if len(partials) == 1 else name

    # --- values ---------------------------------------------------------------------

    def _value(self, value: object, ref: TypeRef) -> Tree:
        match ref:
            case NullableType(inner=inner):
                if value is None:
                    return self._null()
                return self._value(value, inner)
            case ScalarType(scalar=scalar):
                return self._scalar(value, scalar)
            case ListType(element=element) | SetType(element=element):
                assert isinstance(value, list)
                return [self._value(item, element) for item in value]
            case MapType(value=inner):
                assert isinstance(value, dict)
                return {key: self._value(item, inner) for key, item in value.items()}
            case NamedType(name=name):
                declared = self._types[name]
                if isinstance(declared, Enum):
                    return Text(str(value))
                if isinstance(declared, Struct):
                    assert isinstance(value, dict)
                    return self._object(value, declared.fields)
                return self._value(value, declared.type)
            case _:
                raise AssertionError(ref)

    def _object(
        self, value: Mapping[str, Any], fields: Sequence[Field]
    ) -> dict[str, Tree]:
        keys: dict[str, Tree | None] = {}
        for field in fields:
            if field.wire_name not in value:
                if field.presence is Presence.OPTIONAL and self._chance(0.1):
                    keys[field.name] = self._null()
                continue
            item = value[field.wire_name]
            is_default = field.presence is Presence.DEFAULTED and item == field.default
            if not is_default or self._chance(0.5):
                keys[field.name] = self._value(item, field.type)
        return self._shuffled(keys)

    def _null(self) -> Literal:
        return Literal(self._random.choice(("null", "~", "Null", "NULL")))

    def _scalar(self, value: object, scalar: Scalar) -> Tree:
        if scalar is Scalar.ANY:
            return self._any(value)
        if scalar is Scalar.DURATION:
            return Text(self._random.choice(DURATIONS[str(value)]))
        if isinstance(value, bool | int | float):
            return self._number(value)
        text = str(value)
        if scalar is Scalar.UUID and self._chance(0.3):
            text = text.upper()
        if scalar is Scalar.DATETIME and self._chance(0.3):
            text = text.replace("T", " ").lower()
        return Text(text)

    def _any(self, value: object) -> Tree:
        if value is None:
            return self._null()
        if isinstance(value, str):
            return Quoted(value)
        if isinstance(value, list):
            return [self._any(item) for item in value]
        if isinstance(value, dict):
            return {key: self._any(item) for key, item in value.items()}
        assert isinstance(value, bool | int | float)
        return self._number(value)

    def _number(self, value: bool | float) -> Literal:
        if isinstance(value, bool):
            words = ("true", "True", "TRUE") if value else ("false", "False", "FALSE")
            return Literal(self._random.choice(words))
        if isinstance(value, int) and value >= 0 and self._chance(0.2):
            return Literal(
                self._random.choice(
                    (f"0x{value:X}", hex(value), oct(value), f"+{value}")
                )
            )
        return Literal(repr(value))

    # --- errors and services --------------------------------------------------------

    def _error(self, error: Error) -> Tree:
        fields = self._members(error.fields)
        return self._shuffled(
            {
                "status": Text(error.status),
                "message": self._text(error.message),
                "fields": fields if fields or self._chance(0.2) else None,
                **self._notes(error),
            }
        )

    def _service(self, service: Service) -> Tree:
        shared = self._shared_errors(service) if self._chance(0.5) else ()
        methods = {
            method.name: self._method(method, len(method.errors) - len(shared))
            for method in service.methods
        }
        errors = [Text(error.name) for error in shared]
        return self._shuffled(
            {"methods": methods, "errors": errors or None, **self._notes(service)}
        )

    def _shared_errors(self, service: Service) -> tuple[NamedType, ...]:
        """Return the errors with which the list of every method ends."""
        listed = [method.errors for method in service.methods]
        for count in range(min(map(len, listed), default=0), 0, -1):
            if len({errors[-count:] for errors in listed}) == 1:
                return listed[0][-count:]
        return ()

    def _method(self, method: Method, own_errors: int) -> Tree:
        params = self._members(method.params)
        errors = [Text(error.name) for error in method.errors[:own_errors]]
        examples = {
            example.name: self._example(example, method) for example in method.examples
        }
        returns: Tree | None = None
        if method.returns is not None:
            returns = self._ref(method.returns)
            if self._chance(0.3):
                returns = {"type": returns}
        timeout = None
        if method.timeout is not None:
            timeout = Text(self._random.choice(TIMEOUTS[method.timeout]))
        tree = self._shuffled(
            {
                "params": params if params or self._chance(0.2) else None,
                "returns": returns,
                "errors": errors if errors or self._chance(0.1) else None,
                "readonly": self._flag(is_set=method.readonly),
                "idempotent": self._flag(is_set=method.idempotent),
                "timeout": timeout,
                "examples": examples if examples or self._chance(0.1) else None,
                **self._notes(method),
            }
        )
        return tree if tree or self._chance(0.5) else self._null()

    def _example(self, example: Example, method: Method) -> Tree:
        params = self._object(example.params, method.params)
        returns: Tree | None = None
        if method.returns is not None:
            returns = self._value(example.returns, method.returns)
        return self._shuffled(
            {
                "params": params if params or self._chance(0.5) else None,
                "returns": returns,
                "doc": self._text(example.doc),
            }
        )
