"""What a schema tells people of a thing: docs, deprecations, examples, keys of its own."""

from __future__ import annotations

from collections.abc import Iterable

from idlgen.model import Field, Presence, Struct
from idlgen.model.declarations import Choice, Declared
from idlgen.targets.openrpc.scalars import Json


def description(*, doc: str | None, since: str | None, deprecated: str | None) -> str:
    """Return the paragraphs that say what there is to say, or ""."""
    return _paragraphs(
        (
            doc,
            f"Since {since}." if since else None,
            None if deprecated is None else f"Deprecated: {deprecated}",
        )
    )


def notes(noted: Declared | Choice) -> Json:
    """Return `description`, and `deprecated` where that holds."""
    told: Json = {}
    text = description(doc=noted.doc, since=noted.since, deprecated=noted.deprecated)
    if text:
        told["description"] = text
    if noted.deprecated is not None:
        told["deprecated"] = True
    return told


def value_notes(field: Field) -> Json:
    """Return what a schema says of a member's values: default, example, secrecy."""
    told: Json = {}
    if field.presence is Presence.DEFAULTED:
        told["default"] = field.default
    if field.has_example:
        told["examples"] = [field.example]
    if field.sensitive:
        told["x-idl-sensitive"] = True
    return told


def choices_text(choices: Iterable[Choice]) -> str:
    """Return a list of those of the choices of which there is something to say, or ""."""
    lines = []
    for choice in choices:
        text = description(
            doc=choice.doc, since=choice.since, deprecated=choice.deprecated
        )
        if text:
            lines.append(f"- `{choice.text}`: {' '.join(text.split())}")
    return "\n".join(lines)


def partial_text(struct: Struct) -> str:
    """Return what members mean that are left out of a patch, or "" of other structs."""
    if struct.partial_of is None:
        return ""
    return (
        f"A patch of `{struct.partial_of.name}`: what is left out stays as it is, "
        "null clears."
    )


def with_text(notes: Json, text: str) -> Json:
    """Return `notes` with `text` as the last paragraph of the description."""
    if not text:
        return notes
    before = notes.get("description")
    assert before is None or isinstance(before, str)
    return {**notes, "description": _paragraphs((before, text))}


def _paragraphs(texts: Iterable[str | None]) -> str:
    return "\n\n".join(text.strip() for text in texts if text and text.strip())
