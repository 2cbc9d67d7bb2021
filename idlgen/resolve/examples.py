"""Examples of calls: params and a result that fit their method."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.diagnostics import Diagnostic
from idlgen.model import Example, Field, Presence, TypeRef
from idlgen.resolve.declarations import TypeTable
from idlgen.resolve.scope import Scope
from idlgen.syntax.nodes import ExampleDecl
from idlgen.syntax.yaml_tree import ErrorNode, Node, is_null


def resolve_example(
    declared: ExampleDecl,
    params: Sequence[Field],
    returns: TypeRef | None,
    table: TypeTable,
) -> Example:
    """Return an example of a method with `params` and a result of type `returns`.

    What is streamed is the list of its items.
    """
    return Example(
        name=declared.name.text,
        params=_params(declared, params, table),
        returns=_result(declared, returns, table),
        doc=declared.notes.doc,
        extensions=declared.notes.extensions,
        span=table.scope.document.place(declared.name),
    )


def _params(
    declared: ExampleDecl, params: Sequence[Field], table: TypeTable
) -> dict[str, object]:
    node = declared.params
    if isinstance(node, ErrorNode):
        return {}
    if node is not None:
        values = table.values.reader(table.scope)
        return values.members(node, params, "the method", "param")
    if any(param.presence is Presence.REQUIRED for param in params):
        message = f"example `{declared.name.text}` gives no params"
        hint = "add `params:` with every required param"
        _report(declared.name, message, hint, table.scope)
    return {
        param.wire_name: param.default
        for param in params
        if param.presence is Presence.DEFAULTED
    }


def _result(declared: ExampleDecl, returns: TypeRef | None, table: TypeTable) -> object:
    node = declared.returns
    if isinstance(node, ErrorNode):
        return None
    if returns is not None and node is not None:
        return table.values.reader(table.scope).read(node, returns)
    if returns is not None:
        message = f"example `{declared.name.text}` gives no result"
        _report(declared.name, message, "add `returns:` with the answer", table.scope)
    elif node is not None and not is_null(node):
        _report(node, "the method has no result", None, table.scope)
    return None


def _report(node: Node, message: str, hint: str | None, scope: Scope) -> None:
    span = scope.document.place(node)
    scope.report(Diagnostic(code="IDL109", message=message, span=span, hint=hint))
