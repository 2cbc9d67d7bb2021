"""Which keys each construct of the language takes: the table that the reader goes by."""

from __future__ import annotations

from typing import NamedTuple


class Form(NamedTuple):
    """A construct as messages call it, and the keys it takes.

    `instead` says what to do instead of giving it an `example`, where it has none.
    """

    what: str
    keys: frozenset[str]
    instead: str | None = None


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


def _form(what: str, *keys: str, instead: str | None = None) -> Form:
    return Form(what, frozenset(keys), instead)


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
RESULT = _form(
    "a result", "type", instead="give the type an `example`, or the method `examples`"
)
STRUCT = _form("a struct", "fields", "extends", "strict", "example", *NOTES)
ENUM = _form("an enum", "enum", "closed", "example", *NOTES)
ENUM_VALUE = _form(
    "an enum value",
    "number",
    *NOTES,
    instead="a value is its own example: give the enum one, or what is of its type",
)
UNION = _form("a union", "union", "tag", "flat", "closed", "example", *NOTES)
VARIANT = _form(
    "a variant",
    "type",
    "number",
    *NOTES,
    instead="give the union an `example`, with its tag, or the variant's type one",
)
ALIAS = _form("an alias", "alias", "example", *CONSTRAINTS, *NOTES)
NEWTYPE = _form("a newtype", "newtype", "example", *CONSTRAINTS, *NOTES)
ERROR = _form("an error", "status", "message", "fields", "example", *NOTES)
SERVICE = _form(
    "a service",
    "methods",
    "errors",
    *AUTH,
    *NOTES,
    instead="give its methods `examples`",
)
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
    instead="whole calls go under `examples`, by name: "
    "`examples: {ada: {params: {id: 1}, returns: {name: Ada}}}`",
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
