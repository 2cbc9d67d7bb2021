"""Enums and unions: the types that list what there is, one a line.

Types narrow by literals alone. So an open union's last member, which stands for all
variants that later versions add, has a tag that is one too: a literal that no variant
has. The brand beside it keeps editors from offering it and programs from writing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from idlgen.emit.typescript_text import property_name, string_literal
from idlgen.model import Choice, Enum, Union, Variant
from idlgen.targets.tsdoc.comments import (
    WIDTH,
    called,
    code,
    comment,
    deprecation,
)
from idlgen.targets.tsdoc.facts import since_fact
from idlgen.targets.tsdoc.names import unknown_name
from idlgen.targets.tsdoc.sentences import joined
from idlgen.targets.tsdoc.types import TypeScriptTypes

_ANY_OTHER_TEXT = "(string & {})"  # unlike `string`, it leaves completion its values


class Unknown(NamedTuple):
    """The interface of what an open union may hold and this version does not know.

    `members` are their keys, each with its type.
    """

    comment: str
    name: str
    members: Sequence[tuple[str, str]]


def enum_text(name: str, enum: Enum) -> str:
    """Return the literals of `enum`, on the line of its `name` where they fit."""
    texts = [string_literal(value.text) for value in enum.values]
    if not enum.closed:
        texts.append(_ANY_OTHER_TEXT)
    line = f" {' | '.join(texts)}"
    comments = [_comment(value) for value in enum.values]
    if len(f"export type {name} ={line};") <= WIDTH and not any(comments):
        return line
    return _lines(comments, texts)


def union_text(types: TypeScriptTypes, union: Union) -> str:
    """Return the variants of `union`, one a line, told apart by their tags."""
    comments = [_variant_comment(types, variant) for variant in union.variants]
    texts = [_variant(types, union, variant) for variant in union.variants]
    if not union.closed:
        texts.append(unknown_name(union))
    return _lines(comments, texts)


def unknown_variant(name: str, identity: str, union: Union) -> Unknown:
    """Return what stands for the variants that the open union `name` has not yet.

    `identity` is a literal of what the schema calls it, with its package.
    """
    text = "(unknown)"
    while any(variant.text == text for variant in union.variants):
        text = f"({text})"
    tag = f"{string_literal(text)} & {{ readonly __brand: {identity} }}"
    told = (
        f"A variant of {{@link {name}}} that this version does not know. At run time "
        f"{code(union.tag)} is its own tag; the literal only keeps the known ones apart."
    )
    others = "[member: string]" if union.flat else "value?"
    members = ((property_name(union.tag), tag), (others, "unknown"))
    return Unknown(comment("", None, (told,)), unknown_name(union), members)


def _variant(types: TypeScriptTypes, union: Union, variant: Variant) -> str:
    tag = f"{property_name(union.tag)}: {string_literal(variant.text)}"
    if variant.type is None:
        return f"{{ {tag} }}"
    carried = types.text(variant.type)
    if union.flat:
        return f"({{ {tag} }} & {carried})"
    return f"{{ {tag}; value: {carried} }}"


def _variant_comment(types: TypeScriptTypes, variant: Variant) -> str:
    return _comment(variant, "" if variant.type is None else types.note(variant.type))


def _comment(choice: Choice, note: str = "") -> str:
    name = called(choice.code_name) if choice.code_name else ""
    told = joined([note, since_fact(choice.since, code), name])
    return comment("  ", choice.doc, (), deprecation(choice.deprecated), note=told)


def _lines(comments: Sequence[str], texts: Sequence[str]) -> str:
    """Return the members of a union, one a line; the last may have no comment."""
    lines = []
    for said, text in zip_longest(comments, texts):
        if said:
            lines.append(f"\n  {said}")
        lines.append(f"\n  | {text}")
    return "".join(lines)
