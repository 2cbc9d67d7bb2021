"""Schemas in which types, services, and what belongs to types, have the names.

Each function returns the text of a schema without its package; the names in `renamed`
get a `name:`.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.e2e.names.scopes import PACKAGE_NAMES, SCOPES, TYPE_NAMES, rename
from tests.e2e.names.table import NAMES

TYPE_VALUES: Mapping[str, object] = {
    "structs": {"number": 1, "again": {"number": 2}},
    "enums": "two",
    "aliases": [1, 2],
    "newtypes": "text",
    "unions": {"type": "two", "value": [{"type": "one"}]},
    "generics": {"value": 1, "again": {"value": 2}},
}
"""A JSON value of every type in a package, by the last part of the package's name."""

_TYPES = {
    "structs": "{{fields: {{number: int, again: '{name}?'}}}}",
    "enums": "{{enum: [one, two]}}",
    "aliases": "{{alias: list<int>}}",
    "newtypes": "{{newtype: string}}",
    "unions": "{{union: {{one: null, two: 'list<{name}>'}}}}",
    "generics": "{{fields: {{value: Of, again: '{name}<Of>?'}}}}",
}

ECHO_NUMBER = "{methods: {go: {params: {value: int}, returns: int}}}"

NO_TAG = "value"
"""The one name that a tag cannot have, but in a flat union: the payload is called so."""

BOX_VALUE: Mapping[str, object] = {
    "value": 1,
    "more": [2],
    "table": {"k": 3},
    "when": "2026-01-01T00:00:00Z",
    "inner": {"value": 4, "table": {}, "when": "2026-01-01T00:00:00Z"},
}
"""A JSON value of each generic struct, its argument `int`."""


def types(kind: str) -> str:
    """Return a type of the kind for each name, and a method that echoes each."""
    param, argument = ("<Of>", "<int>") if kind == "generics" else ("", "")
    declared = [
        f"  {name}{param}: {_TYPES[kind].format(name=name)}\n" for name in TYPE_NAMES
    ]
    methods = [
        f'      echo{number}: {{params: {{value: "{name}{argument}"}}, '
        f'returns: "{name}{argument}"}}\n'
        for number, name in enumerate(TYPE_NAMES)
    ]
    return (
        f"types:\n{''.join(declared)}"
        f"services:\n  Caller:\n    methods:\n{''.join(methods)}"
    )


def services(renamed: frozenset[str]) -> str:
    """Return a service for each name."""
    declared = [
        f"  {name}: {ECHO_NUMBER[:-1]}{rename(name, renamed)}}}\n"
        for name in TYPE_NAMES
    ]
    return f"services:\n{''.join(declared)}"


def variants(renamed: frozenset[str]) -> str:
    """Return unions with a variant for each name: open ones, and flat closed ones."""
    declared = ["  Payload: {fields: {number: int}}\n"]
    for scope, names in SCOPES.items():
        nested = ", ".join(
            f'"{name}": {{type: int{rename(name, renamed)}}}' for name in names
        )
        # What a variant of the flat ones carries: a struct and nothing in turn.
        flat = ", ".join(
            f'"{name}": {{type: {("null", "Payload")[number % 2]}'
            f"{rename(name, renamed)}}}"
            for number, name in enumerate(names)
        )
        declared += [
            f"  Open{scope}: {{union: {{{nested}}}}}\n",
            f"  Flat{scope}: {{union: {{{flat}}}, flat: true, closed: true}}\n",
        ]
    return f"types:\n{''.join(declared)}" + _echoing(
        *(f"{kind}{scope}" for scope in SCOPES for kind in ("Open", "Flat"))
    )


def tags(renamed: frozenset[str]) -> str:
    """Return a union with each name for its tag, and structs that have all of them."""
    declared = [_tagged(number, name) for number, name in enumerate(NAMES)]
    fields = [f"      u{number}: U{number}\n" for number in range(len(NAMES))]
    return (
        f"types:\n{''.join(declared)}  Everything:\n    fields:\n{''.join(fields)}"
    ) + _echoing("Everything")


def _tagged(number: int, tag: str) -> str:
    if tag == NO_TAG or number % 2:
        return (
            f"  P{number}: {{fields: {{number: int}}}}\n"
            f"  U{number}: {{union: {{a: P{number}, b: null}}, flat: true, "
            f'tag: "{tag}"}}\n'
        )
    return f'  U{number}: {{union: {{a: int, b: null}}, tag: "{tag}"}}\n'


def type_params(renamed: frozenset[str]) -> str:
    """Return a generic struct with each name for its param, and one that has all."""
    boxes = [
        f'  Box{number}<{name}>: {{fields: {{value: "{name}", more: "list<{name}>?", '
        f'table: "map<{name}>", when: datetime, inner: "Box{number}<{name}>?"}}}}\n'
        for number, name in enumerate(TYPE_NAMES)
    ]
    fields = [f"      b{number}: Box{number}<int>\n" for number in range(len(boxes))]
    return (
        f"types:\n{''.join(boxes)}  Everything:\n    fields:\n{''.join(fields)}"
    ) + _echoing("Everything")


def import_names(renamed: frozenset[str]) -> str:
    """Return a schema that imports one file by each name."""
    fields = [
        f"      f{number}: {name}.Money\n" for number, name in enumerate(PACKAGE_NAMES)
    ]
    errors = ", ".join(f"{name}.Bad" for name in PACKAGE_NAMES[:1])
    return (
        "imports:\n"
        + "".join(f"  {name}: class.yaml\n" for name in PACKAGE_NAMES)
        + f"types:\n  Everything:\n    fields:\n{''.join(fields)}"
        + _echoing("Everything", errors=errors)
    )


def imports(renamed: frozenset[str]) -> str:
    """Return a schema that imports the package of each name."""
    numbers = range(len(PACKAGE_NAMES))
    fields = [f"      f{number}: p{number}.Money\n" for number in numbers]
    errors = ", ".join(f"p{number}.Bad" for number in numbers)
    return (
        "imports:\n"
        + "".join(f"  p{n}: {name}.yaml\n" for n, name in enumerate(PACKAGE_NAMES))
        + f"types:\n  Everything:\n    fields:\n{''.join(fields)}"
        + _echoing("Everything", errors=errors)
    )


IMPORTED = (
    "types: {Money: {fields: {amount: int}}}\n"
    "errors: {Bad: {status: aborted, fields: {number: int}}}\n"
)
"""What each package of its own declares, to be imported."""

SERVICE = f"services: {{Service: {ECHO_NUMBER}}}\n"
"""What it serves."""


def _echoing(*types: str, errors: str | None = None) -> str:
    methods = [
        f"      {name[0].lower()}{name[1:]}: {{params: {{value: {name}}}, "
        f"returns: {name}}}\n"
        for name in types
    ]
    if errors is not None:
        methods.append(f"      fail: {{params: {{which: int}}, errors: [{errors}]}}\n")
    return f"services:\n  Echoing:\n    methods:\n{''.join(methods)}"
