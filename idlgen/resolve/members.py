"""Fields and params: their types, presence and constraints."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.diagnostics import Diagnostic
from idlgen.model import NO_CONSTRAINTS, Field, Presence
from idlgen.resolve.bases import base_of
from idlgen.resolve.builtins import NO_PARAMS
from idlgen.resolve.constraints import read_constraints
from idlgen.resolve.notes import exemplified_notes
from idlgen.resolve.scope import Scope
from idlgen.resolve.types import TypeResolver
from idlgen.syntax.nodes import MemberDecl
from idlgen.syntax.type_parser import OptionalExpr


def resolve_members(
    members: Sequence[MemberDecl],
    scope: Scope,
    types: TypeResolver,
    params: frozenset[str] = NO_PARAMS,
) -> tuple[Field, ...]:
    """Return the fields that `members` declare, without defaults and examples.

    `params` are the type params that they may name. Their values can be read only when
    every type is known: see `MemberValues`.
    """
    return tuple(_field(member, scope, types, params) for member in members)


def _field(
    member: MemberDecl, scope: Scope, types: TypeResolver, params: frozenset[str]
) -> Field:
    text = member.type
    expression = None if text is None else text.expression
    presence = Presence.REQUIRED
    if isinstance(expression, OptionalExpr):
        expression = expression.inner
        # What may be null is not absent by that, whether an alias says it or not.
        nullable = types.is_nullable(expression)
        presence = Presence.PATCH if nullable else Presence.OPTIONAL
    resolved = types.resolve(text, expression, params)
    if member.default is not None:
        presence = _defaulted(member, presence, scope)
    constraints = NO_CONSTRAINTS
    if member.constraints:
        base = base_of(expression, scope, params)
        constraints = read_constraints(member.constraints, base, scope)
    return Field(
        type=resolved,
        presence=presence,
        constraints=constraints,
        wire=None if member.wire is None else member.wire.text,
        sensitive=member.sensitive,
        number=None if member.number is None else member.number.value,
        **exemplified_notes(member.name, member.notes, scope),
    )


def _defaulted(member: MemberDecl, presence: Presence, scope: Scope) -> Presence:
    if presence is Presence.REQUIRED:
        return Presence.DEFAULTED
    scope.report(
        Diagnostic(
            code="IDL114",
            message=f"`{member.name.text}` has both `?` and a default",
            span=scope.document.place(member.name),
            hint="with a default the reader fills in what is absent: leave `?` out",
        )
    )
    return presence
