"""A schema that has hostile texts in every position that takes a text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from tests.e2e.text_table import TEXTS

EVERY = [*TEXTS.values()]
PACKAGES: dict[str, list[str]] = {
    "harmless_alone": ["harmless text"],
    "harmless_together": [f"harmless text {number}" for number in range(len(EVERY))],
    "together": EVERY,
    **{f"alone{number}": [text] for number, text in enumerate(EVERY)},
}
"""The texts of each package."""

HOSTILE = [package for package in PACKAGES if not package.startswith("harmless")]


def harmless(package: str) -> str:
    """Return the package that differs from `package` in nothing but its texts."""
    return "harmless_together" if package == "together" else "harmless_alone"


def yaml(value: object) -> str:
    """Return flow YAML in which each text is in double quotes, all that is odd escaped."""
    match value:
        case dict():
            # An implicit key may have 1024 characters, an explicit one any number.
            entries = [f"? {yaml(key)} : {yaml(of)}" for key, of in value.items()]
            return f"{{{', '.join(entries)}}}"
        case list():
            return f"[{', '.join(map(yaml, value))}]"
        case bool() | None:
            return json.dumps(value)
    plain = re.compile("[^A-Za-z0-9 ]")
    escaped = plain.sub(lambda found: f"\\U{ord(found[0]):08x}", str(value))
    return f'"{"".join(escaped)}"'


def pattern(text: str) -> str:
    """Return a pattern that finds just this text.

    Python writes `$` otherwise, so the schema's own text stands beside each pattern.
    """
    return "".join(f"\\{c}" if c in "^$\\.*+?()[]{}|/" else c for c in text) + "(?:$|)"


def wire_name(text: str) -> str:
    """Return `text` without what msgspec refuses in a member's name."""
    return re.sub(r'["\\\x00-\x1f]', lambda found: f"({ord(found[0])})", text)


def scope(text: str) -> str:
    """Return `text` without what no OAuth scope may hold, and not quite empty."""
    return "s:" + re.sub(r"[^\x21\x23-\x5b\x5d-\x7e]", "", text)


def at_once(texts: Sequence[str]) -> str:
    """Return the texts as one; of several the long ones are left out."""
    return "\n\n".join(text for text in texts if len(texts) == 1 or len(text) < 1000)


def shortened(text: str) -> str:
    """Return a text that may stand in many places of one file."""
    return text[:1000]


def schema(package: str, texts: Sequence[str]) -> object:
    """Return a schema that has each text in every position that takes one."""
    every = at_once(texts)
    since = shortened(every)
    notes = {"doc": every, "deprecated": every, "since": since, f"x-{every}": every}
    fields: dict[str, object] = {}
    values: dict[str, object] = {}
    variants: dict[str, object] = {}
    flat: dict[str, object] = {}
    types: dict[str, object] = {
        "Fields": {"fields": fields, **notes},
        "Box<T>": {"fields": {"value": {"type": "T", **notes}}, **notes},
        "Open": {"enum": values, **notes},
        "Closed": {"enum": values, "closed": True, **notes},
        "Events": {"union": variants, **notes},
        "Flat": {"union": flat, "flat": True, "closed": True, "tag": every, **notes},
    }
    errors: dict[str, object] = {}
    methods: dict[str, object] = {}
    for number, text in enumerate(texts):
        short = shortened(text)
        noted = {"doc": text, "deprecated": text, "since": short}
        told = {**noted, f"x-{short}": {short: [short]}}
        member = {"type": "string", "example": text, "wire": wire_name(text), **told}
        narrowed = {"pattern": pattern(short)}
        fields[f"f{number}"] = {**member, "default": text, **narrowed}
        nested = {text: [text]}
        fields[f"m{number}"] = {"type": "map<list<string>>", "default": nested, **told}
        fields[f"v{number}"] = {"type": "Open", "default": text}
        event = {"type": text, "value": text}
        fields[f"u{number}"] = {"type": "Events", "default": event, **told}
        values[text] = {"name": f"value{number}", **told}
        variants[text] = {"type": "string", "name": f"variant{number}", **told}
        flat[text] = {"type": f"P{number}", "name": f"variant{number}", **told}
        types[f"P{number}"] = {"fields": {"p": {"type": "string?", **told}}, **told}
        types[f"T{number}"] = {"union": {"a": "string", "b": None}, "tag": text, **told}
        types[f"A{number}"] = {"alias": "string", **narrowed, **told}
        types[f"N{number}"] = {"newtype": "string", **narrowed, **told}
        errors[f"Bad{number}"] = {
            "status": "internal",
            "message": text.replace("{", "{{").replace("}", "}}"),
            "fields": {"s": member},
            **told,
        }
        methods[f"call{number}"] = {
            "params": {"p": member, "q": {"type": "string", "default": text}},
            "returns": "string",
            "errors": [f"Bad{number}"],
            "scopes": [scope(text)],
            "examples": {text: {"doc": text, "params": {"p": text}, "returns": text}},
            **told,
        }
        methods[f"tell{number}"] = {
            "params": {"event": {"type": "Events", "default": event}, "flat": "Flat?"},
            "returns": f"T{number}",
            "examples": {
                text: {
                    "params": {"event": event},
                    "returns": {text: "a", "value": text},
                }
            },
        }
    return {
        "package": package,
        "version": every,
        "doc": every,
        f"x-{every}": every,
        "types": types,
        "errors": errors,
        "services": {"Service": {"auth": "bearer", "methods": methods, **notes}},
    }
