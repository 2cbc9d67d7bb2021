"""Params of methods: one of them may be a stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from idlgen.diagnostics import Diagnostic, Label, Span
from idlgen.model import Field
from idlgen.resolve.members import resolve_members
from idlgen.resolve.scope import Scope
from idlgen.resolve.types import TypeResolver
from idlgen.syntax.nodes import MemberDecl, TypeText
from idlgen.syntax.type_parser import OptionalExpr, TypeExpr

_EMPTY = "a stream may have no items"


def resolve_params(
    members: Sequence[MemberDecl], scope: Scope, types: TypeResolver
) -> tuple[Field, ...]:
    """Return the params that `members` declare, without defaults and examples.

    One of them may be a stream, which is always required: nobody sends an absent one.
    """
    return tuple(_params(members, scope, types))


def _params(
    members: Sequence[MemberDecl], scope: Scope, types: TypeResolver
) -> Iterator[Field]:
    first: MemberDecl | None = None
    for member in members:
        text = member.type
        stream = None if text is None else types.stream(text, _required(text))
        if text is None or stream is None:
            yield from resolve_members([member], scope, types)
            continue
        _check(member, text, scope)
        if first is not None:
            _report_second(member, first, scope)
        first = first or member
        bare = structs.replace(member, type=None, default=None, constraints={})
        for field in resolve_members([bare], scope, types):
            yield structs.replace(field, type=stream)


def _required(text: TypeText) -> TypeExpr:
    expression = text.expression
    return expression.inner if isinstance(expression, OptionalExpr) else expression


def _check(member: MemberDecl, text: TypeText, scope: Scope) -> None:
    """Report what a param may say, and a stream may not."""
    if isinstance(text.expression, OptionalExpr):
        mark = text.base + text.expression.end - 1
        span = scope.document.span(mark, mark + 1)
        _report(span, "a stream cannot be absent", "leave `?` out: " + _EMPTY, scope)
    if member.default is not None:
        span = scope.document.place(member.default)
        hint = "leave `default` out: " + _EMPTY
        _report(span, "a stream cannot have a default", hint, scope)
    for key, entry in member.constraints.items():
        scope.report(
            Diagnostic(
                code="IDL119",
                message=f"`{key}` does not apply to a stream",
                span=scope.document.place(entry.key),
                hint="its items may have it: declare an alias with it, and stream that",
            )
        )


def _report_second(member: MemberDecl, first: MemberDecl, scope: Scope) -> None:
    place = scope.document.place
    scope.report(
        Diagnostic(
            code="IDL133",
            message="a method takes at most one stream",
            span=place(member.name),
            labels=(Label(place(first.name), "the first is here"),),
            hint="stream a struct or a union that holds both",
        )
    )


def _report(span: Span, message: str, hint: str, scope: Scope) -> None:
    scope.report(Diagnostic(code="IDL133", message=message, span=span, hint=hint))
