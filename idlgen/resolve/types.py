"""Type expressions to types."""

from __future__ import annotations

from idlgen.diagnostics import Diagnostic
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.model import (
    ErrorType,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Scalar,
    ScalarType,
    SetType,
    TypeRef,
)
from idlgen.resolve.scope import DERIVATIONS, Scope
from idlgen.syntax.nodes import AliasDecl, EnumDecl, NewtypeDecl, StructDecl, TypeText
from idlgen.syntax.type_parser import NameExpr, NullableExpr, OptionalExpr, TypeExpr

ERROR_TYPE = ErrorType()

SCALARS: dict[str, TypeRef] = {s.value: ScalarType(s) for s in Scalar}
SCALARS["float64"] = SCALARS["float"]

_CONTAINERS = {
    "list": (1,),
    "set": (1,),
    "map": (1, 2),
    **dict.fromkeys(DERIVATIONS, (1,)),
}
_INTEGERS = frozenset(("int", "int32", "uint32", "int64", "uint64"))
_KEYS = _INTEGERS | {"string", "uuid"}
_ELEMENTS = _KEYS | {"date", "time", "datetime", "decimal", "bytes", "bool"}
_WRAPPABLE = _ELEMENTS - {"bool"} | {"duration"}

# What people write who come from another language.
_FOREIGN = {
    "str": "string",
    "text": "string",
    "String": "string",
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "double": "float",
    "long": "int64",
    "object": "any",
    "Any": "any",
    "array": "list",
    "List": "list",
    "dict": "map",
    "Dict": "map",
    "Map": "map",
    "timestamp": "datetime",
    "Date": "date",
    "Optional": "?",
}


class TypeResolver:
    """Resolves the type expressions of one Document.

    An expression means the same wherever it stands in a package, so that each text is
    resolved once; those with a fault are resolved, and reported, at each place.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.partials = _declared_partials(scope)
        self.inline_partials: dict[str, NamedType] = {}
        self._known: dict[TypeExpr, TypeRef] = {}
        self._base = 0
        self._faults = 0

    def resolve(self, text: TypeText | None, expression: TypeExpr | None) -> TypeRef:
        """Return the type that `expression`, a part of `text`, means."""
        if text is None or expression is None:
            return ERROR_TYPE
        known = self._known.get(expression)
        if known is not None:
            return known
        self._base = text.base
        faults = self._faults
        resolved = self._type(expression)
        if self._faults == faults:
            self._known[expression] = resolved
        return resolved

    def _type(self, expression: TypeExpr) -> TypeRef:
        if isinstance(expression, NullableExpr):
            inner = self._type(expression.inner)
            return inner if isinstance(inner, NullableType) else NullableType(inner)
        if isinstance(expression, OptionalExpr):
            return self._fault(
                "IDL104",
                "`?` may stand only at the end of the type of a field or a param",
                expression,
                "write `| null` for a value that may be null",
            )
        if expression.name in _CONTAINERS:
            return self._container(expression)
        name = expression.name
        if name not in SCALARS and name not in self.scope.types:
            return self._unknown(expression)
        if expression.args:
            message = f"`{name}` takes no type arguments"
            return self._fault("IDL105", message, expression)
        return SCALARS.get(name) or NamedType(self.scope.package, name)

    def _container(self, expression: NameExpr) -> TypeRef:
        counts = _CONTAINERS[expression.name]
        if len(expression.args) not in counts:
            wanted = " or ".join(map(str, counts))
            return self._fault(
                "IDL105",
                f"`{expression.name}` takes {wanted} type argument"
                f"{'s' if wanted != '1' else ''}, not {len(expression.args)}",
                expression,
                f"write `{expression.name}<...>`",
            )
        if expression.name == "partial":
            return self._inline_partial(expression.args[0])
        if expression.name in DERIVATIONS:
            return self._inline_selection(expression)
        if expression.name == "list":
            return ListType(self._type(expression.args[0]))
        if expression.name == "set":
            return SetType(
                self._element(expression.args[0], _ELEMENTS, "a set element")
            )
        key: TypeRef = SCALARS["string"]
        if len(expression.args) == 2:
            key = self._element(expression.args[0], _KEYS, "a map key")
        return MapType(key, self._type(expression.args[-1]))

    def _element(
        self, expression: TypeExpr, allowed: frozenset[str], what: str
    ) -> TypeRef:
        resolved = self._type(expression)
        is_plain = isinstance(expression, NameExpr)
        if isinstance(resolved, ErrorType) or (
            is_plain and self.base(expression) in allowed | {"enum", None}
        ):
            return resolved
        hint = f"{what} is one of {', '.join(sorted(allowed))}, an enum, or a name of these"
        return self._fault(
            "IDL110", f"`{_text(expression)}` cannot be {what}", expression, hint
        )

    def base(self, expression: TypeExpr | None) -> str | None:
        """Return what an expression comes to through aliases, newtypes and `| null`.

        That is a scalar's name, "enum", "struct", "list", "set" or "map"; None where
        the type was refused.
        """
        while expression is not None:
            if not isinstance(expression, NameExpr):
                expression = expression.inner
            elif expression.name in _CONTAINERS:
                derives = expression.name in DERIVATIONS
                return "struct" if derives else expression.name
            elif expression.name in SCALARS:
                return "float" if expression.name == "float64" else expression.name
            else:
                found = self.scope.follow(expression.name)
                if isinstance(found, EnumDecl):
                    return "enum"
                if isinstance(found, StructDecl | AliasDecl):
                    return "struct"
                if isinstance(found, NewtypeDecl):
                    is_cyclic = found.name.text in self.scope.cyclic
                    text = None if is_cyclic else found.type
                    found = None if text is None else text.expression
                expression = found
        return None

    def newtype(self, text: TypeText | None) -> TypeRef:
        """Return the scalar under a newtype; other types are refused."""
        if text is None:
            return ERROR_TYPE
        resolved = self.resolve(text, text.expression)
        if isinstance(resolved, ErrorType):
            return resolved
        base = self.base(text.expression)
        if isinstance(text.expression, NameExpr) and base in {*_WRAPPABLE, None}:
            return resolved
        self._base = text.base
        return self._fault(
            "IDL111",
            f"a newtype cannot be made over `{_text(text.expression)}`",
            text.expression,
            "a newtype is over a scalar other than bool, any and the floats; "
            "use `alias:` for other types",
        )

    def source(self, text: TypeText, expression: TypeExpr) -> str | None:
        """Return the name of the struct whose fields a derived struct takes.

        `expression` is a part of `text`; what is no struct is refused.
        """
        self._base = text.base
        if isinstance(expression, NameExpr) and expression.name in DERIVATIONS:
            if len(expression.args) != 1:
                self._container(expression)
                return None
            return self._struct(expression.args[0], expression.name)
        return self._struct(expression, "extends")

    def _inline_partial(self, argument: TypeExpr) -> TypeRef:
        name = self._struct(argument, "partial")
        if name is None:
            return ERROR_TYPE
        declared = self.partials.get(name, ())
        if len(declared) == 1:
            return NamedType(self.scope.package, declared[0])
        partial = NamedType(self.scope.package, f"{name}Partial")
        self.inline_partials.setdefault(name, partial)
        return partial

    def _inline_selection(self, expression: NameExpr) -> TypeRef:
        return self._fault(
            "IDL112",
            f"`{expression.name}<...>` makes a struct that has no name here",
            expression,
            f"give it a name under `types:`, as in `UserCard: {expression.name}<...>`",
        )

    def _struct(self, expression: TypeExpr, use: str) -> str | None:
        if isinstance(self._type(expression), ErrorType):
            return None
        found = None
        if isinstance(expression, NameExpr) and not expression.args:
            found = self.scope.follow(expression.name)
        if isinstance(found, StructDecl):
            return found.name.text
        derived = None
        if isinstance(found, AliasDecl):
            derived = self.scope.derivation(found)
        of_partial = use == "partial" and (
            _text(expression) == "partial"
            or (derived is not None and derived.name == "partial")
        )
        if isinstance(found, AliasDecl) and derived is not None and not of_partial:
            return found.name.text
        self._fault(
            "IDL112",
            (
                "a partial of a partial says nothing more"
                if of_partial
                else f"`{_text(expression)}` is not a struct"
            ),
            expression,
            (
                "`partial<X>` makes a patch of a struct X"
                if use == "partial"
                else f"`{use}` takes its fields from a struct"
            ),
        )
        return None

    def unknown_field(self, text: TypeText, field: NameExpr, hint: str | None) -> None:
        """Report a field of `pick<>` or `omit<>` that the struct does not have."""
        self._base = text.base
        self._fault("IDL122", f"there is no field `{field.name}`", field, hint)

    def _unknown(self, expression: NameExpr) -> TypeRef:
        name = expression.name
        if name in self.scope.errors:
            return self._fault(
                "IDL116",
                f"error `{name}` cannot be used as a type",
                expression,
                "list it under `errors:` of a method, or declare a struct",
            )
        candidates = (*self.scope.types, *SCALARS, *_CONTAINERS)
        hint = did_you_mean(name, candidates)
        foreign = _FOREIGN.get(name)
        if foreign == "?":
            hint = "write `T?` for a member that may be absent"
        elif foreign is not None:
            hint = f"did you mean `{foreign}`?"
        return self._fault("IDL102", f"unknown type `{name}`", expression, hint)

    def _fault(
        self, code: str, message: str, expression: TypeExpr, hint: str | None = None
    ) -> ErrorType:
        self._faults += 1
        start = self._base + expression.start
        span = self.scope.document.span(start, self._base + expression.end)
        self.scope.report(Diagnostic(code=code, message=message, span=span, hint=hint))
        return ERROR_TYPE


def _declared_partials(scope: Scope) -> dict[str, list[str]]:
    """Map each struct's name to the names of the declared types that are its partial."""
    found: dict[str, list[str]] = {}
    for name, declared in scope.types.items():
        derived = scope.derivation(declared)
        if derived is None or derived.name != "partial":
            continue
        for argument in derived.args[:1]:
            if isinstance(argument, NameExpr):
                target = scope.follow(argument.name)
                if isinstance(target, StructDecl | AliasDecl):
                    found.setdefault(target.name.text, []).append(name)
    return found


def _text(expression: TypeExpr) -> str:
    return expression.name if isinstance(expression, NameExpr) else "T | null"
