"""What every declaration says beside its meaning."""

from __future__ import annotations

from typing import TypedDict

from idlgen.diagnostics import Span
from idlgen.resolve.scope import Scope
from idlgen.syntax.nodes import Notes
from idlgen.syntax.yaml_tree import ScalarNode


class DeclaredNotes(TypedDict):
    """The keyword arguments of `Declared`."""

    name: str
    code_name: str | None
    doc: str | None
    deprecated: str | None
    since: str | None
    extensions: dict[str, object]
    span: Span


class ExemplifiedNotes(DeclaredNotes):
    """The keyword arguments of `Exemplified`, but for the example."""

    has_example: bool


def exemplified_notes(name: ScalarNode, notes: Notes, scope: Scope) -> ExemplifiedNotes:
    """Return `declared_notes` of what has values; the example is read when types are known."""
    return {
        **declared_notes(name, notes, scope),
        "has_example": notes.example is not None,
    }


def declared_notes(name: ScalarNode, notes: Notes, scope: Scope) -> DeclaredNotes:
    """Return what the declaration `name` has as every declaration has it."""
    return {
        "name": name.text,
        "code_name": notes.code_name,
        "doc": notes.doc,
        "deprecated": notes.deprecated,
        "since": notes.since,
        "extensions": notes.extensions,
        "span": scope.document.place(name),
    }
