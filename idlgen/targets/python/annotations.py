"""Types of the model as Python annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Api,
    Constraints,
    Error,
    ErrorType,
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
    TypeDeclaration,
    TypeParam,
    TypeRef,
)
from idlgen.targets.python.imports import Imports
from idlgen.targets.python.limits import (
    NO_LIMITS,
    RANGES,
    Limits,
    arguments,
    both,
    limits_of,
    narrowing,
)
from idlgen.targets.python.names import NO_NAMES, class_name, type_name

# What checkers see, and what msgspec has to see at run time where that is more.
_SCALARS = {
    Scalar.BOOL: ("bool", "bool"),
    Scalar.INT: ("int", "Int53"),
    Scalar.INT32: ("int", "Int32"),
    Scalar.UINT32: ("int", "UInt32"),
    Scalar.INT64: ("int", "Int64"),
    Scalar.UINT64: ("int", "UInt64"),
    Scalar.FLOAT: ("float", "float"),
    Scalar.FLOAT32: ("float", "Float32"),
    Scalar.DECIMAL: ("Decimal", "FiniteDecimal"),
    Scalar.STRING: ("str", "str"),
    Scalar.BYTES: ("bytes", "bytes"),
    Scalar.DATETIME: ("datetime", "datetime"),
    Scalar.DATE: ("date", "date"),
    Scalar.TIME: ("time", "time"),
    Scalar.DURATION: ("timedelta", "timedelta"),
    Scalar.UUID: ("UUID", "UUID"),
    Scalar.ANY: ("JsonValue", "JsonValue"),
}


NO_TYPES: frozenset[NamedType] = frozenset()


class Scope:
    """The names that one class of a module of `package` sees.

    What the class's own members shadow goes through private names; `types` is the
    module that the package's types are found in, or None in that module itself.
    """

    def __init__(
        self,
        package: str,
        imports: Imports,
        types: str | None,
        shadowed: frozenset[str] = NO_NAMES,
    ) -> None:
        self._package = package
        self._imports = imports
        self._types = types
        self._shadowed = shadowed

    def use(self, name: str) -> str:
        """Return what an imported or built-in name is called here."""
        if name in self._shadowed:
            return self._imports.use_privately(name)
        return self._imports.use(name)

    def declared(self, ref: NamedType, declaration: TypeDeclaration) -> str:
        """Return what the `declaration` that `ref` names is called here."""
        return self.of_types(ref.package, type_name(declaration.identifier))

    def of_types(self, package: str, name: str) -> str:
        """Return what `name`, bound by the types module of `package`, is called here."""
        if package != self._package:
            return f"{self._module(package, 'types')}.{name}"
        return name if self._types is None else f"{self.use(self._types)}.{name}"

    def error(self, ref: NamedType, error: Error) -> str:
        """Return what the `error` that `ref` names is called here."""
        name = class_name(error.identifier)
        if ref.package != self._package:
            return f"{self._module(ref.package, 'errors')}.{name}"
        return f"{self.use('errors')}.{name}"

    def within(self, members: frozenset[str]) -> Scope:
        """Return the scope of a class with these `members`."""
        shadowed = members & (SHADOWABLE | self._imports.foreign.names)
        if not shadowed:
            return self
        return Scope(self._package, self._imports, self._types, shadowed)

    def is_late(self, package: str) -> bool:
        """Whether `package` is imported only after the module's classes."""
        return package in self._imports.late

    def _module(self, package: str, module: str) -> str:
        return self._imports.use_module(package, module, self._shadowed)


SHADOWABLE = frozenset(
    {
        "bool",
        "bytes",
        "date",
        "datetime",
        "dict",
        "field",
        "float",
        "frozenset",
        "int",
        "list",
        "str",
        "time",
        "timedelta",
    }
)
"""Names in annotations and defaults that a member can have: those in lower case."""


class Annotations:
    """Writes annotations in one scope, either for checkers or for run time.

    Aliases in `late`, of other packages, may not be there yet where an annotation is
    evaluated: they get private names, which `behind` tells the meaning of.
    """

    def __init__(
        self,
        api: Api,
        scope: Scope,
        *,
        at_runtime: bool,
        late: frozenset[NamedType] = NO_TYPES,
    ) -> None:
        self.scope = scope
        self._api = api
        self._at_runtime = at_runtime
        self._late = late
        self._behind: dict[str, str] = {}
        self._written: dict[TypeRef, str] = {}

    def within(self, members: frozenset[str]) -> Annotations:
        """Return annotations for a class with these `members`; often the same ones."""
        scope = self.scope.within(members)
        if scope is self.scope:
            return self
        return Annotations(
            self._api, scope, at_runtime=self._at_runtime, late=self._late
        )

    def type(self, ref: TypeRef) -> str:
        """Return the annotation of a value of type `ref`."""
        written = self._written.get(ref)
        if written is None:
            written = self._written[ref] = self._write(ref)
        return written

    def member(self, field: Field) -> str:
        """Return the annotation of a member, with what its absence is."""
        if field.constraints is NO_CONSTRAINTS:
            written = self.type(field.type)
        else:
            written = self.constrained(field.type, field.constraints)
        match field.presence:
            case Presence.OPTIONAL if not isinstance(field.type, NullableType):
                return f"{written} | None"
            case Presence.PATCH:
                return f"{written} | {self.scope.use('UnsetType')}"
            case _:
                return written

    def constrained(self, ref: TypeRef, constraints: Constraints) -> str:
        """Return the annotation of a value of type `ref` that meets `constraints`.

        What aliases say on the way to the type itself is drawn together with them, for
        msgspec takes each limit only once.
        """
        if constraints is NO_CONSTRAINTS or not self._at_runtime:
            return self.type(ref)
        return self._limited(ref, limits_of(constraints))

    def behind(self) -> Iterator[tuple[str, str]]:
        """Yield the private names that have come up since the last time, and types."""
        yield from self._behind.items()
        self._behind.clear()

    def newtype(self, newtype: Newtype, *, whole: bool = False) -> str:
        """Return the annotation of what a newtype is a newtype of.

        At run time a `whole` one names no newtype and no alias.
        """
        if not self._at_runtime:
            # Not by the names of aliases, which may stand for more than a class.
            return self.type(self._api.unaliased(newtype.type))
        if newtype.constraints is NO_CONSTRAINTS and not whole:
            return self.type(newtype.type)
        ref, limits = newtype.type, limits_of(newtype.constraints)
        while isinstance(ref, NamedType):
            # A newtype below counts as an alias, for only one may be narrowed.
            declared = self._api.declaration(ref)
            assert isinstance(declared, Alias | Newtype)
            ref, limits = declared.type, both(limits_of(declared.constraints), limits)
        return self.type(ref) if limits == NO_LIMITS else self._limited(ref, limits)

    def _limited(self, ref: TypeRef, limits: Limits) -> str:
        match ref:
            case NullableType(inner=inner):
                return f"{self._limited(inner, limits)} | None"
            case NamedType():
                declared = self._api.declaration(ref)
                if isinstance(declared, Alias):
                    inherited = limits_of(declared.constraints)
                    return self._limited(declared.type, both(inherited, limits))
                name = self.scope.declared(ref, declared)
                return self._annotated(name, narrowing(limits))
            case ScalarType(scalar=scalar):
                return self._limited_scalar(scalar, limits)
            case _:
                return self._annotated(self.type(ref), arguments(limits, None))

    def _limited_scalar(self, scalar: Scalar, limits: Limits) -> str:
        name = _SCALARS[scalar][self._at_runtime]
        if scalar in RANGES and limits.has_bounds:
            name = _SCALARS[scalar][False]
            limits = both(RANGES[scalar], limits)
        return self._annotated(self.scope.use(name), arguments(limits, scalar))

    def _annotated(self, type_: str, meta: str) -> str:
        use = self.scope.use
        return f"{use('Annotated')}[{type_}, {use('Meta')}({meta})]"

    def _write(self, ref: TypeRef) -> str:
        use: Callable[[str], str] = self.scope.use
        match ref:
            case ScalarType(scalar=scalar):
                return self._scalar(scalar)
            case NamedType(args=args):
                declared = self._api.declaration(ref)
                name = self.scope.declared(ref, declared)
                if ref in self._late and isinstance(declared, Alias):
                    return self._private(name, declared)
                return f"{name}[{', '.join(map(self.type, args))}]" if args else name
            case TypeParam(name=name):
                return type_name(name)
            case ListType(element=element):
                return f"{use('list')}[{self.type(element)}]"
            case SetType(element=element):
                return f"{use('frozenset')}[{self.type(element)}]"
            case MapType(key=key, value=value):
                return f"{use('dict')}[{self.type(key)}, {self.type(value)}]"
            case NullableType(inner=inner):
                return f"{self.type(inner)} | None"
            case StreamType():
                raise ValueError("a method that streams has no annotations")
            case ErrorType():
                raise ValueError("a type that was not resolved reached a target")

    def _private(self, name: str, alias: Alias) -> str:
        private = f"_idl_{name.replace('.', '_')}"
        self._behind[private] = self.constrained(alias.type, alias.constraints)
        return private

    def _scalar(self, scalar: Scalar) -> str:
        text = self.scope.use(_SCALARS[scalar][self._at_runtime])
        if scalar is Scalar.DATETIME and self._at_runtime:
            return self._annotated(text, "tz=True")
        return text
