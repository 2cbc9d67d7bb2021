"""Type expressions to types, and the structs that structs are made of."""

from __future__ import annotations

from idlgen.model import ErrorType, NamedType, TypeRef
from idlgen.resolve.builtins import NO_PARAMS
from idlgen.resolve.expressions import ERROR_TYPE, TypeExpressions, text_of
from idlgen.resolve.scope import DERIVATIONS, Scope
from idlgen.syntax.nodes import AliasDecl, StructDecl, TypeDecl, TypeText
from idlgen.syntax.type_parser import NameExpr, OptionalExpr, TypeExpr


class TypeResolver(TypeExpressions):
    """Adds `partial<X>`, `pick<X, ..>`, `omit<X, ..>` and `extends` to the expressions.

    `inline_partials` are the patches that got no name of their own, by what they patch.
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.inline_partials: dict[NamedType, NamedType] = {}
        self._partials: dict[NamedType, list[str]] | None = None

    def source(self, text: TypeText, derivation: NameExpr) -> NamedType | None:
        """Return the struct whose fields `derivation` takes, or an alias of one.

        It is the whole of `text`; what is no struct is refused.
        """
        self._base, self._params = text.base, NO_PARAMS
        if len(derivation.args) != 1:
            self._container(derivation)
            return None
        return self._struct(derivation.args[0], derivation.name)

    def extended(self, text: TypeText, params: frozenset[str]) -> NamedType | None:
        """Return the struct that `extends` names, or an alias of one; others are refused.

        `params` are the type params that `text` may name.
        """
        self._base, self._params = text.base, params
        expression = text.expression
        if isinstance(expression, NameExpr) and expression.name in DERIVATIONS:
            self._unnamed(expression)
            return None
        return self._struct(expression, "extends")

    def _derived(self, expression: NameExpr) -> TypeRef:
        if expression.name == "partial":
            return self._inline_partial(expression.args[0])
        return self._unnamed(expression)

    def _inline_partial(self, argument: TypeExpr) -> TypeRef:
        source = self._struct(argument, "partial")
        if source is None:
            return ERROR_TYPE
        declared = self._declared_partials().get(source, ())
        if len(declared) == 1:
            return self.scope.ref(declared[0])
        if source.args:
            return self._fault(
                "IDL112",
                f"a `partial<...>` of `{source.name}<...>` has no name here",
                argument,
                "give it a name under `types:`, as in `PagePatch: partial<...>`",
            )
        partial = self.scope.ref(f"{source.name}Partial")
        return self.inline_partials.setdefault(source, partial)

    def _declared_partials(self) -> dict[NamedType, list[str]]:
        """Map each struct to the names of the types here that are declared its partial.

        A patch of a type that holds patches without a name is not among them: which
        those are is known only when this is.
        """
        if self._partials is None:
            here = self._base, self._params
            self._partials = {}
            for name, declared in self.scope.types.items():
                source = self._patched_by(declared)
                if source is not None:
                    self._partials.setdefault(source, []).append(name)
            self._base, self._params = here
        return self._partials

    def _patched_by(self, declared: TypeDecl) -> NamedType | None:
        derivation = self.scope.derivation(declared)
        if derivation is None or derivation.name != "partial":
            return None
        if not isinstance(declared, AliasDecl) or declared.type is None:
            return None
        if any(map(_has_partial, derivation.args)):
            return None
        return self.source(declared.type, derivation)

    def _unnamed(self, expression: NameExpr) -> TypeRef:
        return self._fault(
            "IDL112",
            f"`{expression.name}<...>` makes a struct that has no name here",
            expression,
            f"give it a name under `types:`, as in `UserCard: {expression.name}<...>`",
        )

    def _struct(self, expression: TypeExpr, use: str) -> NamedType | None:
        if isinstance(expression, OptionalExpr):
            self._absent(expression)
            return None
        resolved = self._type(expression)
        if isinstance(resolved, ErrorType):
            return None
        is_partial = False
        if isinstance(resolved, NamedType) and isinstance(expression, NameExpr):
            found = self.scope.follow(expression.name)
            if found is None and expression.name not in DERIVATIONS:
                # A diagnostic has told why it leads nowhere.
                return None
            owner, behind = found or (self.scope, None)
            if isinstance(behind, NameExpr) and _is_instance(owner, behind):
                return resolved
            if isinstance(behind, StructDecl):
                return NamedType(owner.package, behind.name.text, resolved.args)
            if isinstance(behind, AliasDecl):
                derived = owner.derivation(behind)
                is_partial = derived is not None and derived.name == "partial"
                if use != "partial" or not is_partial:
                    return owner.ref(behind.name.text)
        is_partial = is_partial or text_of(expression) == "partial"
        self._not_a_struct(expression, use, of_partial=is_partial and use == "partial")
        return None

    def _not_a_struct(
        self, expression: TypeExpr, use: str, *, of_partial: bool
    ) -> None:
        self._fault(
            "IDL112",
            (
                "a partial of a partial says nothing more"
                if of_partial
                else f"`{text_of(expression)}` is not a struct"
            ),
            expression,
            (
                "`partial<X>` makes a patch of a struct X"
                if use == "partial"
                else f"`{use}` takes its fields from a struct"
            ),
        )

    def refuse_field(
        self, text: TypeText, field: NameExpr, message: str, hint: str | None
    ) -> None:
        """Report a field of `pick<>` or `omit<>` that cannot be selected."""
        self._base = text.base
        self._fault("IDL122", message, field, hint)


def _has_partial(expression: TypeExpr) -> bool:
    if not isinstance(expression, NameExpr):
        return _has_partial(expression.inner)
    return expression.name == "partial" or any(map(_has_partial, expression.args))


def _is_instance(scope: Scope, expression: NameExpr) -> bool:
    """Tell whether an expression behind an alias is a generic struct with arguments."""
    found = scope.type(expression.name)
    return found is not None and isinstance(found[1], StructDecl)
