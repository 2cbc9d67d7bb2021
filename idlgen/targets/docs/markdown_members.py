"""Tables of fields and params, and the sentences that several parts of the page share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from idlgen.emit.json_text import json_line
from idlgen.emit.markdown_text import cell, code, paragraphs
from idlgen.model import (
    NO_CONSTRAINTS,
    Choice,
    Declaration,
    Field,
    Method,
    Presence,
)
from idlgen.targets.docs.markdown_types import MarkdownTypes
from idlgen.targets.tsdoc.facts import member_facts, since_fact
from idlgen.targets.tsdoc.sentences import joined


class MemberView(NamedTuple):
    """One member in a table; every text is fit for a cell."""

    name: str
    type: str
    required: str
    description: str
    extensions: Mapping[str, object]


def members(types: MarkdownTypes, fields: Sequence[Field]) -> list[MemberView]:
    """Return the rows of `fields`, in the order of the schema."""
    return [
        MemberView(
            code(field.wire_name),
            types.prose(field.type),
            _required(field),
            _description(types, field),
            field.extensions,
        )
        for field in fields
    ]


def prose(
    doc: str | None, facts: Sequence[str] = (), deprecated: str | None = None
) -> str:
    """Return the paragraphs under a heading: what the schema says, then `facts`."""
    parts = []
    if deprecated is not None:
        parts.append(deprecation(deprecated))
    if doc:
        parts.append(paragraphs(doc))
    return "\n\n".join([*parts, *facts])


def deprecation(reason: str) -> str:
    """Return the warning, on one line."""
    return f"**Deprecated**: {cell(reason)}" if reason.strip() else "**Deprecated**"


def _required(field: Field) -> str:
    match field.presence:
        case Presence.REQUIRED:
            return "yes"
        case Presence.DEFAULTED:
            return f"default {code(json_line(field.default))}"
        case _:
            return "no"


def called(identifier: str) -> str:
    """Return how code names what the page calls as the wire or the schema does."""
    return f"Name in code: {code(identifier)}."


def common_facts(declared: Declaration | Method) -> Sequence[str]:
    """Return what is told last of everything that a schema declares, if it is there."""
    name = called(declared.code_name) if declared.code_name else ""
    told = joined([since_fact(declared.since, code), name])
    return (told,) if told else ()


def choice_description(choice: Choice) -> str:
    """Return what is said of an enum's value or a union's variant."""
    parts = []
    if choice.deprecated is not None:
        parts.append(deprecation(choice.deprecated))
    if choice.doc:
        parts.append(cell(choice.doc))
    parts.append(since_fact(choice.since, code))
    if choice.code_name:
        parts.append(called(choice.code_name))
    return joined(parts)


def _description(types: MarkdownTypes, field: Field) -> str:
    parts = []
    if field.deprecated is not None:
        parts.append(deprecation(field.deprecated))
    if field.doc:
        parts.append(cell(field.doc))
    if field.constraints is not NO_CONSTRAINTS:
        parts.append(types.constraints(field.type, field.constraints))
    if field.since is not None or field.sensitive:
        parts += member_facts(field, code)
    if field.identifier != field.wire_name:
        parts.append(called(field.identifier))
    if field.has_example:
        parts.append(f"Example: {code(json_line(field.example))}")
    return joined(parts)
