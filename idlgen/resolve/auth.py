"""How callers of a method prove who they are: what it says itself, else its service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from idlgen.diagnostics import Diagnostic, Label
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.model import Auth
from idlgen.resolve.scope import Scope
from idlgen.syntax.nodes import AuthDecl
from idlgen.syntax.yaml_tree import ScalarNode

# `scope-token` of RFC 6749, section 3.3: printable ASCII but space, `"` and `\`.
_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")


class Access(NamedTuple):
    """What a caller must show: a proof of the kind `auth`, with each of the scopes."""

    auth: Auth
    scopes: tuple[str, ...]


ANYBODY = Access(Auth.NONE, ())


def resolve_access(declared: AuthDecl, inherited: Access, scope: Scope) -> Access:
    """Return what `declared` asks for; what it does not say is `inherited`.

    A method with `auth: none` is open to all: it inherits no scopes.
    """
    auth = inherited.auth
    if declared.kind is not None:
        auth = _auth(declared.kind, scope)
    scopes = inherited.scopes
    if declared.scopes is not None:
        scopes = tuple(_scopes(declared.scopes, scope))
    if auth is not Auth.NONE:
        return Access(auth, scopes)
    if declared.scopes:
        _report_open(declared.scopes[0], declared.kind, scope)
    return ANYBODY


def _auth(node: ScalarNode, scope: Scope) -> Auth:
    kinds = [kind.value for kind in Auth]
    if node.text in kinds:
        return Auth(node.text)
    scope.report(
        Diagnostic(
            code="IDL023",
            message=f"`{node.text}` is not a kind of `auth`",
            span=scope.document.place(node),
            hint=did_you_mean(node.text, kinds) or f"one of {', '.join(kinds)}",
        )
    )
    # Some kind was meant: scopes are no fault beside it.
    return Auth.BEARER


def _scopes(nodes: list[ScalarNode], scope: Scope) -> Iterator[str]:
    first: dict[str, ScalarNode] = {}
    for node in nodes:
        other = first.setdefault(node.text, node)
        if other is not node:
            _report_repeated(node, other, scope)
        elif _SCOPE.fullmatch(node.text):
            yield node.text
        else:
            _report_malformed(node, scope)


def _report_repeated(node: ScalarNode, first: ScalarNode, scope: Scope) -> None:
    scope.report(
        Diagnostic(
            code="IDL023",
            message=f"scope `{node.text}` is listed twice",
            span=scope.document.place(node),
            labels=(Label(scope.document.place(first), "first here"),),
            hint="list each scope once: a caller must hold all of them",
        )
    )


def _report_malformed(node: ScalarNode, scope: Scope) -> None:
    hint = 'a scope is printable ASCII without spaces, `"` and `\\`'
    words = node.text.split()
    if len(words) > 1 and all(map(_SCOPE.fullmatch, words)):
        hint = f"list each scope on its own: `[{', '.join(words)}]`"
    scope.report(
        Diagnostic(
            code="IDL023",
            message=f"`{node.text}` is not an OAuth scope",
            span=scope.document.place(node),
            hint=hint,
        )
    )


def _report_open(node: ScalarNode, kind: ScalarNode | None, scope: Scope) -> None:
    labels: tuple[Label, ...] = ()
    hint = "say how callers get them: add `auth: bearer`"
    if kind is not None:
        labels = (Label(scope.document.place(kind), "anybody may call it"),)
        hint = "leave `scopes` out, or ask for `auth: bearer`"
    scope.report(
        Diagnostic(
            code="IDL130",
            message="scopes are asked of callers who need not prove who they are",
            span=scope.document.place(node),
            labels=labels,
            hint=hint,
        )
    )
