"""Which keys each construct of the language takes: the table that the reader goes by."""

from __future__ import annotations

from typing import NamedTuple


class Form(NamedTuple):
    """A construct as messages call it, and the keys it takes."""

    what: str
    keys: frozenset[str]


NOTES = ("doc", "deprecated", "since", "name")
AUTH = ("auth", "scopes")
NUMBER_CONSTRAINTS = ("min", "max", "exclusive_min", "exclusive_max", "multiple_of")
LENGTH_CONSTRAINTS = ("min_length", "max_length")
ITEM_CONSTRAINTS = ("min_items", "max_items")
CONSTRAINTS = (
    *NUMBER_CONSTRAINTS,
    *LENGTH_CONSTRAINTS,
    "pattern",
    *ITEM_CONSTRAINTS,
)


def _form(what: str, *keys: str) -> Form:
    return Form(what, frozenset(keys))


DOCUMENT = _form(
    "a schema",
    "edition",
    "package",
    "version",
    "doc",
    "imports",
    "types",
    "errors",
    "services",
)
MEMBER = _form(
    "a member",
    "type",
    "default",
    "example",
    "wire",
    "number",
    "sensitive",
    *CONSTRAINTS,
    *NOTES,
)
RESULT = _form("a result", "type")
STRUCT = _form("a struct", "fields", "extends", "strict", *NOTES)
ENUM = _form("an enum", "enum", "closed", *NOTES)
ENUM_VALUE = _form("an enum value", "number", *NOTES)
UNION = _form("a union", "union", "tag", "flat", "closed", *NOTES)
VARIANT = _form("a variant", "type", "number", *NOTES)
ALIAS = _form("an alias", "alias", *CONSTRAINTS, *NOTES)
NEWTYPE = _form("a newtype", "newtype", *CONSTRAINTS, *NOTES)
ERROR = _form("an error", "status", "message", "fields", *NOTES)
SERVICE = _form("a service", "methods", "errors", *AUTH, *NOTES)
METHOD = _form(
    "a method",
    "params",
    "returns",
    "errors",
    "readonly",
    "idempotent",
    "timeout",
    "paginate",
    "examples",
    *AUTH,
    *NOTES,
)
PAGINATION = _form("`paginate`", "param", "next", "items")
EXAMPLE = _form("an example", "params", "returns", "doc")

TYPE_KINDS: dict[str, Form] = {
    "fields": STRUCT,
    "enum": ENUM,
    "union": UNION,
    "alias": ALIAS,
    "newtype": NEWTYPE,
}
TYPE = Form("a type", frozenset().union(*(form.keys for form in TYPE_KINDS.values())))
