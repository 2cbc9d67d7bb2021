"""Schemas that hold every name of the table, one position a package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import cycle

from tests.e2e.name_table import NAMES

TYPE_NAMES = tuple(
    dict.fromkeys(name[0].upper() + name[1:] for name in NAMES if name[0] != "_")
)
"""What types, errors and services can be called: these names begin with a capital."""

SCOPES: Mapping[str, tuple[str, ...]] = {
    "Plain": tuple(name for name in NAMES if name == name.strip("_")),
    "Underscored": tuple(name for name in NAMES if name != name.strip("_")),
}
"""The names that members have together, by the struct, service or error that has them.

Apart, for `__str__` meets `str` in some position in every language.
"""

PACKAGE_NAMES = tuple(name for name in NAMES if re.fullmatch("[a-z][a-z0-9_]*", name))

TYPE_VALUES: Mapping[str, object] = {
    "structs": {"number": 1, "again": {"number": 2}},
    "enums": "two",
    "aliases": [1, 2],
    "newtypes": "text",
}
"""A JSON value of every type in a package, by the last part of the package's name."""

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

_TYPES = {
    "structs": "{{fields: {{number: int, again: '{name}?'}}}}",
    "enums": "{{enum: [one, two]}}",
    "aliases": "{{alias: list<int>}}",
    "newtypes": "{{newtype: string}}",
}

Renamed = Mapping[str, Iterable[str]]


def renaming(name: str) -> str:
    """Return what `name:` calls a name that meets another one."""
    return f"Renamed{(*NAMES, *TYPE_NAMES).index(name)}"


def schemas(renamed: Renamed) -> dict[str, str]:
    """Return the text of each schema by its package's name.

    `renamed` holds, by position, the names that get a `name:`.
    """
    texts = {f"position.{kind}": _types(kind) for kind in _TYPES}
    for position, write in _POSITIONS.items():
        texts[f"position.{position}"] = write(frozenset(renamed.get(position, ())))
    for package in PACKAGE_NAMES:
        texts[package] = f"services: {{Service: {_ECHO_NUMBER}}}\n"
    return {package: f'package: "{package}"\n{text}' for package, text in texts.items()}


_ECHO_NUMBER = "{methods: {go: {params: {value: int}, returns: int}}}"


def _types(kind: str) -> str:
    types = [f"  {name}: {_TYPES[kind].format(name=name)}\n" for name in TYPE_NAMES]
    methods = [
        f'      echo{number}: {{params: {{value: "{name}"}}, returns: "{name}"}}\n'
        for number, name in enumerate(TYPE_NAMES)
    ]
    return (
        f"types:\n{''.join(types)}"
        f"services:\n  Caller:\n    methods:\n{''.join(methods)}"
    )


def _rename(name: str, renamed: frozenset[str]) -> str:
    return f", name: {renaming(name)}" if name in renamed else ""


def _fields(renamed: frozenset[str]) -> str:
    types = dict(zip(NAMES, cycle(FIELD_VALUES), strict=False))
    structs = [
        f"  {scope}:\n    fields:\n"
        + "".join(
            f"      {name}: {{type: '{types[name]}'{_rename(name, renamed)}}}\n"
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


def _params(renamed: frozenset[str]) -> str:
    methods = [
        f"      all{scope}:\n        returns: list<int>\n        params:\n"
        + "".join(
            f"          {name}: {{type: int{_rename(name, renamed)}}}\n"
            for name in names
        )
        for scope, names in SCOPES.items()
    ]
    return f"services:\n  Service:\n    methods:\n{''.join(methods)}"


def _methods(renamed: frozenset[str]) -> str:
    services = [
        f"  {scope}:\n    methods:\n"
        + "".join(
            f"      {name}: {{params: {{{name}: int}}, returns: int"
            f"{_rename(name, renamed)}}}\n"
            for name in names
        )
        for scope, names in SCOPES.items()
    ]
    return f"services:\n{''.join(services)}"


def _values(renamed: frozenset[str]) -> str:
    types = []
    for scope, names in SCOPES.items():
        values = [
            f'"{name}": {{{_rename(name, renamed).removeprefix(", ")}}}'
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


def _errors(renamed: frozenset[str]) -> str:
    errors = [
        f"  {name}: {{status: aborted, fields: {{number: int}}"
        f"{_rename(name, renamed)}}}\n"
        for name in TYPE_NAMES
    ]
    declared = ", ".join(f'"{name}"' for name in TYPE_NAMES)
    return (
        f"errors:\n{''.join(errors)}services:\n  Caller:\n    methods:\n"
        f"      fail: {{params: {{which: int}}, errors: [{declared}]}}\n"
    )


def _error_fields(renamed: frozenset[str]) -> str:
    errors = [
        f"  {scope}:\n    status: aborted\n    fields:\n"
        + "".join(
            f"      {name}: {{type: int{_rename(name, renamed)}}}\n" for name in names
        )
        for scope, names in SCOPES.items()
    ]
    declared = ", ".join(SCOPES)
    return (
        f"errors:\n{''.join(errors)}services:\n  Service:\n    methods:\n"
        f"      fail: {{params: {{which: int}}, errors: [{declared}]}}\n"
    )


def _services(renamed: frozenset[str]) -> str:
    services = [
        f"  {name}: {_ECHO_NUMBER[:-1]}{_rename(name, renamed)}}}\n"
        for name in TYPE_NAMES
    ]
    return f"services:\n{''.join(services)}"


_POSITIONS = {
    "fields": _fields,
    "params": _params,
    "methods": _methods,
    "values": _values,
    "errors": _errors,
    "error_fields": _error_fields,
    "services": _services,
}
