"""What a type expression comes to, for what depends on no more than that."""

from __future__ import annotations

from idlgen.resolve.builtins import CONTAINERS, NO_PARAMS, SCALARS
from idlgen.resolve.scope import DERIVATIONS, Scope
from idlgen.syntax.nodes import (
    AliasDecl,
    EnumDecl,
    NewtypeDecl,
    StructDecl,
    UnionDecl,
)
from idlgen.syntax.type_parser import NameExpr, TypeExpr


def base_of(
    expression: TypeExpr | None,
    scope: Scope,
    params: frozenset[str] = NO_PARAMS,
) -> str | None:
    """Return what an expression comes to through aliases, newtypes and `| null`.

    That is a scalar's name, "enum", "struct", "union", "list", "set" or "map", or
    the name of one of `params`; None where the type was refused.
    """
    while expression is not None:
        if not isinstance(expression, NameExpr):
            expression = expression.inner
        elif expression.name in CONTAINERS:
            derives = expression.name in DERIVATIONS
            return "struct" if derives else expression.name
        elif expression.name in SCALARS:
            return "float" if expression.name == "float64" else expression.name
        elif expression.name in params:
            return expression.name
        else:
            found = scope.follow(expression.name)
            if found is None:
                return None
            scope, behind = found
            if isinstance(behind, EnumDecl):
                return "enum"
            if isinstance(behind, UnionDecl):
                return "union"
            if isinstance(behind, StructDecl | AliasDecl):
                return "struct"
            if isinstance(behind, NewtypeDecl):
                if scope.ref(behind.name.text) in scope.endless:
                    return None
                text = behind.type
                expression = None if text is None else text.expression
            else:
                expression = behind
    return None
