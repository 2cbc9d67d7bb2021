"""Schemas in which fields, params, methods, enum values and errors have the names.

Each function returns the text of a schema without its package; the names in `renamed`
get a `name:`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

from tests.e2e.names.scopes import SCOPES, TYPE_NAMES, rename
from tests.e2e.names.table import NAMES

FIELD_VALUES: Mapping[str, object] = {
    "int": 7,
    "string": "text",
    "list<string>": ["a", "b"],
    "map<int>": {"k": 1},
    "bool": True,
    "set<int>": [1],
    "datetime": "2026-01-01T00:00:00Z",
    "uuid": "00000000-0000-0000-0000-000000000001",
    "any": {"x": [None]},
    "bytes": "aGk=",
    "date": "2026-01-31",
}
"""The types that fields have in turn, and a JSON value of each."""


def fields(renamed: frozenset[str]) -> str:
    """Return two structs with a field for each name, and patches of them."""
    types = dict(zip(NAMES, cycle(FIELD_VALUES), strict=False))
    structs = [
        f"  {scope}:\n    fields:\n"
        + "".join(
            f"      {name}: {{type: '{types[name]}'{rename(name, renamed)}}}\n"
            for name in names
        )
        for scope, names in SCOPES.items()
    ]
    methods = [
        f"      {verb}{scope}: {{params: {{value: {of}}}, returns: {of}}}\n"
        for scope in SCOPES
        for verb, of in (("echo", scope), ("patch", f"partial<{scope}>"))
    ]
    return (
        f"types:\n{''.join(structs)}"
        f"services:\n  Service:\n    methods:\n{''.join(methods)}"
    )


def params(renamed: frozenset[str]) -> str:
    """Return two methods with a param for each name."""
    methods = [
        f"      all{scope}:\n        returns: list<int>\n        params:\n"
        + "".join(
            f"          {name}: {{type: int{rename(name, renamed)}}}\n"
            for name in names
        )
        for scope, names in SCOPES.items()
    ]
    return f"services:\n  Service:\n    methods:\n{''.join(methods)}"


def methods(renamed: frozenset[str]) -> str:
    """Return two services with a method for each name, whose param has it too."""
    services = [
        f"  {scope}:\n    methods:\n"
        + "".join(
            f"      {name}: {{params: {{{name}: int}}, returns: int"
            f"{rename(name, renamed)}}}\n"
            for name in names
        )
        for scope, names in SCOPES.items()
    ]
    return f"services:\n{''.join(services)}"


def values(renamed: frozenset[str]) -> str:
    """Return enums with a value for each name, and structs with these as defaults."""
    types = []
    for scope, names in SCOPES.items():
        values = [
            f'"{name}": {{{rename(name, renamed).removeprefix(", ")}}}'
            for name in names
        ]
        enum = f"enum: {{{', '.join(values)}}}"
        defaults = [
            f'f{number}: {{type: Open{scope}, default: "{name}"}}'
            for number, name in enumerate(names)
        ]
        types += [
            f"  Open{scope}: {{{enum}}}\n",
            f"  Closed{scope}: {{{enum}, closed: true}}\n",
            f"  Defaults{scope}: {{fields: {{{', '.join(defaults)}}}}}\n",
        ]
    methods = [
        f"      {kind.lower()}{scope}: "
        f"{{params: {{value: {kind}{scope}}}, returns: {kind}{scope}}}\n"
        for scope in SCOPES
        for kind in ("Open", "Closed", "Defaults")
    ]
    return (
        f"types:\n{''.join(types)}"
        f"services:\n  Service:\n    methods:\n{''.join(methods)}"
    )


def errors(renamed: frozenset[str]) -> str:
    """Return an error for each name, and a method that raises them."""
    errors = [
        f"  {name}: {{status: aborted, fields: {{number: int}}"
        f"{rename(name, renamed)}}}\n"
        for name in TYPE_NAMES
    ]
    declared = ", ".join(f'"{name}"' for name in TYPE_NAMES)
    return (
        f"errors:\n{''.join(errors)}services:\n  Caller:\n    methods:\n"
        f"      fail: {{params: {{which: int}}, errors: [{declared}]}}\n"
    )


def error_fields(renamed: frozenset[str]) -> str:
    """Return two errors with a field for each name."""
    errors = [
        f"  {scope}:\n    status: aborted\n    fields:\n"
        + "".join(
            f"      {name}: {{type: int{rename(name, renamed)}}}\n" for name in names
        )
        for scope, names in SCOPES.items()
    ]
    declared = ", ".join(SCOPES)
    return (
        f"errors:\n{''.join(errors)}services:\n  Service:\n    methods:\n"
        f"      fail: {{params: {{which: int}}, errors: [{declared}]}}\n"
    )
