"""Type expressions to types: all but what structs are made of."""

from __future__ import annotations

from abc import ABC, abstractmethod

from idlgen.diagnostics import Diagnostic
from idlgen.model import (
    ErrorType,
    ListType,
    MapType,
    NamedType,
    NullableType,
    SetType,
    StreamType,
    TypeParam,
    TypeRef,
)
from idlgen.resolve.bases import base_of
from idlgen.resolve.builtins import (
    CONTAINERS,
    ELEMENTS,
    KEYS,
    NO_PARAMS,
    SCALARS,
    WRAPPABLE,
)
from idlgen.resolve.scope import DERIVATIONS, Scope
from idlgen.resolve.unknown_names import unknown_type
from idlgen.syntax.nodes import StructDecl, TypeDecl, TypeText
from idlgen.syntax.type_parser import NameExpr, NullableExpr, OptionalExpr, TypeExpr

ERROR_TYPE = ErrorType()


class TypeExpressions(ABC):
    """Resolves the type expressions of one Document.

    An expression means the same wherever it stands in a package, so that each text is
    resolved once; those with a fault are resolved, and reported, at each place, and so
    are those in generic structs, whose params they may name.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._known: dict[TypeExpr, TypeRef] = {}
        self._params = NO_PARAMS
        self._base = 0
        self._faults = 0

    def resolve(
        self,
        text: TypeText | None,
        expression: TypeExpr | None,
        params: frozenset[str] = NO_PARAMS,
    ) -> TypeRef:
        """Return the type that `expression`, a part of `text`, means.

        `params` are the type params that it may name.
        """
        if text is None or expression is None:
            return ERROR_TYPE
        known = self._known.get(expression)
        if known is not None:
            return known
        self._base, self._params = text.base, params
        faults = self._faults
        resolved = self._type(expression)
        if self._faults == faults and not params:
            self._known[expression] = resolved
        return resolved

    def stream(self, text: TypeText, expression: TypeExpr) -> StreamType | None:
        """Return the type if `expression`, a part of `text`, is a `stream<T>`."""
        if not isinstance(expression, NameExpr) or expression.name != "stream":
            return None
        if len(expression.args) != 1:
            return None
        return StreamType(self.resolve(text, expression.args[0]))

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
        if expression.name in CONTAINERS:
            return self._container(expression)
        name = expression.name
        if name in SCALARS or name in self._params:
            if expression.args:
                return self._miscounted(expression, 0)
            return SCALARS.get(name) or TypeParam(name)
        found = self.scope.type(name)
        if found is None:
            return self._unknown(expression)
        return self._declared(expression, *found)

    def _declared(
        self, expression: NameExpr, owner: Scope, declared: TypeDecl
    ) -> TypeRef:
        wanted = len(declared.params) if isinstance(declared, StructDecl) else 0
        if len(expression.args) != wanted:
            return self._miscounted(expression, wanted)
        args = tuple(map(self._argument, expression.args))
        if any(isinstance(argument, ErrorType) for argument in args):
            return ERROR_TYPE
        return NamedType(owner.package, declared.name.text, args)

    def _argument(self, expression: TypeExpr) -> TypeRef:
        """Return a type argument; the struct decides what may be null, not its user."""
        present = expression
        if isinstance(expression, OptionalExpr):
            present = expression.inner
        resolved = self._type(present)
        if isinstance(resolved, ErrorType):
            return resolved
        if present is not expression or self.is_nullable(expression):
            return self._fault(
                "IDL105",
                "a type argument cannot be nullable",
                expression,
                "write `T?` or `T | null` in the generic struct",
            )
        return resolved

    def is_nullable(self, expression: TypeExpr) -> bool:
        """Return whether it is `T | null`, or another name of such a type."""
        if not isinstance(expression, NameExpr):
            return True
        found = self.scope.follow(expression.name)
        return found is not None and isinstance(found[1], NullableExpr)

    def _miscounted(self, expression: NameExpr, wanted: int) -> TypeRef:
        name, given = expression.name, len(expression.args)
        if not wanted:
            message = f"`{name}` takes no type arguments"
            return self._fault("IDL105", message, expression)
        return self._fault(
            "IDL105",
            f"`{name}` takes {wanted} type argument{'s' if wanted > 1 else ''}, "
            f"not {given}",
            expression,
            f"write `{name}<...>`",
        )

    def _container(self, expression: NameExpr) -> TypeRef:
        counts = CONTAINERS[expression.name]
        if len(expression.args) not in counts:
            wanted = " or ".join(map(str, counts))
            return self._fault(
                "IDL105",
                f"`{expression.name}` takes {wanted} type argument"
                f"{'s' if wanted != '1' else ''}, not {len(expression.args)}",
                expression,
                f"write `{expression.name}<...>`",
            )
        if expression.name == "stream":
            return self._fault(
                "IDL124",
                "a stream may stand only as the whole type of a param or a result",
                expression,
                "write `list<T>` for many values at once",
            )
        if expression.name in DERIVATIONS:
            return self._derived(expression)
        if expression.name == "list":
            return ListType(self._type(expression.args[0]))
        if expression.name == "set":
            return SetType(self._element(expression.args[0], ELEMENTS, "a set element"))
        key: TypeRef = SCALARS["string"]
        if len(expression.args) == 2:
            key = self._element(expression.args[0], KEYS, "a map key")
        return MapType(key, self._type(expression.args[-1]))

    def _element(
        self, expression: TypeExpr, allowed: frozenset[str], what: str
    ) -> TypeRef:
        if isinstance(expression, OptionalExpr):
            return self._absent(expression)
        resolved = self._type(expression)
        if isinstance(resolved, ErrorType) or (
            not self.is_nullable(expression)
            and base_of(expression, self.scope, self._params)
            in allowed | {"enum", None}
        ):
            return resolved
        hint = f"{what} is one of {', '.join(sorted(allowed))}, an enum, or a name of these"
        return self._fault(
            "IDL110", f"`{text_of(expression)}` cannot be {what}", expression, hint
        )

    def newtype(self, text: TypeText | None) -> TypeRef:
        """Return the scalar under a newtype; other types are refused."""
        if text is None:
            return ERROR_TYPE
        if isinstance(text.expression, OptionalExpr):
            self._base = text.base
            return self._absent(text.expression)
        resolved = self.resolve(text, text.expression)
        if isinstance(resolved, ErrorType):
            return resolved
        wrapped = base_of(text.expression, self.scope)
        is_scalar = not self.is_nullable(text.expression)
        if is_scalar and wrapped in {*WRAPPABLE, None}:
            return resolved
        self._base = text.base
        return self._fault(
            "IDL111",
            f"a newtype cannot be made over `{text_of(text.expression)}`",
            text.expression,
            "a newtype is over a scalar other than bool, any and the floats; "
            "use `alias:` for other types",
        )

    def _absent(self, expression: OptionalExpr) -> ErrorType:
        """Refuse a `?` where nothing can be null either."""
        message = "`?` may stand only at the end of the type of a field or a param"
        return self._fault("IDL104", message, expression, "leave `?` out")

    @abstractmethod
    def _derived(self, expression: NameExpr) -> TypeRef:
        """Return what `partial<X>`, `pick<X, ..>` or `omit<X, ..>` means in a type."""

    def _unknown(self, expression: NameExpr) -> TypeRef:
        unknown = unknown_type(expression.name, self.scope, self._params)
        if unknown is None:
            self._faults += 1
            return ERROR_TYPE
        code, message, hint = unknown
        return self._fault(code, message, expression, hint)

    def _fault(
        self, code: str, message: str, expression: TypeExpr, hint: str | None = None
    ) -> ErrorType:
        self._faults += 1
        start = self._base + expression.start
        span = self.scope.document.span(start, self._base + expression.end)
        self.scope.report(Diagnostic(code=code, message=message, span=span, hint=hint))
        return ERROR_TYPE


def text_of(expression: TypeExpr) -> str:
    """Return what messages call an expression."""
    return expression.name if isinstance(expression, NameExpr) else "T | null"
