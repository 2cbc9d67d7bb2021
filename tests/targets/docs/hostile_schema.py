"""A schema that says one text wherever a schema takes any."""

from __future__ import annotations

from string import Template
from typing import NamedTuple

# Every place where a schema holds free text.
SCHEMA = Template("""\
package: hostile
version: $version
doc: $text
types:
  S:
    doc: $text
    deprecated: $text
    fields:
      plain: {type: string, doc: $text, deprecated: $text, example: $json}
      filled: {type: string, doc: $text, default: $json}
      wired: {type: string, wire: $code}
      nested: {type: 'map<list<string>>', example: {$json: [$json, $json]}, since: $version}
  E: {doc: $text, enum: {$code: {doc: $text, deprecated: $text, since: $version}, other: {}}, since: $version}
  U: {doc: $text, deprecated: $text, union: {$code: {type: int, doc: $text, deprecated: $text, since: $version}, other: null}, tag: $tag}
  F: {union: {$code: {type: S, doc: $text}, other: null}, tag: $tag, flat: true, closed: true, since: $version}
  Bare: {enum: [$code, other]}
  A: {alias: datetime, doc: $text, deprecated: $text, since: $version}
  N: {newtype: string, doc: $text, deprecated: $text, since: $version, example: $json}
errors:
  Bad: {status: internal, doc: $text, deprecated: $text, message: $message, since: $version, fields: {s: {type: string, doc: $text}}, example: {s: $json}}
services:
  Service:
    doc: $text
    deprecated: $text
    since: $version
    methods:
      call:
        doc: $text
        deprecated: $text
        since: $version
        params: {p: {type: string, doc: $text, example: $json, deprecated: $text}, q: {type: string, default: $json, wire: $code}}
        returns: string
        errors: [Bad]
        examples: {$code: {doc: $text, params: {p: $json}, returns: $json}}
""")


class Texts(NamedTuple):
    """The text, by the ways in which it is shown; of each kind it may be another one."""

    prose: str
    code: str
    json: str
    message: str


def schema(text: str) -> str:
    """Return the schema that says `text` everywhere."""
    return schema_of(Texts(text, text, text, text))


def schema_of(texts: Texts) -> str:
    """Return the schema that says each text where it is shown in that way."""
    return SCHEMA.substitute(
        text=_quoted(texts.prose),
        code=_quoted(texts.code),
        json=_quoted(texts.json),
        message=_quoted(texts.message.replace("{", "{{").replace("}", "}}")),
        # A version is never blank.
        version=_quoted(texts.code if texts.code.strip() else "1.0"),
        # Nor may a tag be the key of a field.
        tag=_quoted(f"tag {texts.code}"),
    )


def _quoted(value: str) -> str:
    escaped = [c if c.isalnum() or c == " " else f"\\U{ord(c):08x}" for c in value]
    return '"' + "".join(escaped) + '"'
