"""Names that stand for nothing: what was most likely meant."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from idlgen.diagnostics.suggest import did_you_mean
from idlgen.resolve.builtins import CONTAINERS, SCALARS
from idlgen.resolve.scope import Scope

# What people write who come from another language.
_FOREIGN = {
    "str": "string",
    "text": "string",
    "String": "string",
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "double": "float",
    "long": "int64",
    "object": "any",
    "Any": "any",
    "array": "list",
    "List": "list",
    "dict": "map",
    "Dict": "map",
    "Map": "map",
    "timestamp": "datetime",
    "Date": "date",
    "Optional": "?",
}


class UnknownName(NamedTuple):
    """A complaint about a name."""

    code: str
    message: str
    hint: str | None


def unknown_type(name: str, scope: Scope, params: frozenset[str]) -> UnknownName | None:
    """Return what to say of the type `name`; None where its fault has been reported.

    That is so in a file that could not be read, and behind the place where a file broke
    off: only what looks misspelt is worth a word then.
    """
    if scope.error(name) is not None:
        message = f"error `{name}` cannot be used as a type"
        advice = "list it under `errors:` of a method, or declare a struct"
        return UnknownName("IDL116", message, advice)
    if "." in name:
        imported = scope.owner(name)
        known = () if imported is None else imported.types
        return _elsewhere("IDL102", "type", name, scope, known)
    hint = _imported(name, scope, lambda other: other.types) or did_you_mean(
        name, (*scope.types, *SCALARS, *CONTAINERS, *params)
    )
    foreign = _FOREIGN.get(name)
    if foreign == "?":
        hint = "write `T?` for a member that may be absent"
    elif foreign is not None:
        hint = f"did you mean `{foreign}`?"
    elif name == "null":
        hint = "write `T | null` for a value that may be null"
    elif name in scope.imports:
        hint = f"write `{name}.` and the name of a type of that file"
    if hint is None and not scope.document.complete:
        return None
    return UnknownName("IDL102", f"unknown type `{name}`", hint)


def unknown_error(name: str, scope: Scope) -> UnknownName | None:
    """Return what to say of the error `name`; None as `unknown_type` does."""
    if "." in name:
        imported = scope.owner(name)
        known = () if imported is None else imported.errors
        return _elsewhere("IDL113", "error", name, scope, known)
    hint = _imported(name, scope, lambda other: other.errors) or did_you_mean(
        name, scope.errors
    )
    if scope.type(name) is not None:
        message = f"type `{name}` cannot be listed as an error"
        return UnknownName("IDL113", message, "declare an error under `errors:`")
    if hint is None and not scope.document.complete:
        return None
    hint = hint or "declare it under `errors:`"
    return UnknownName("IDL113", f"unknown error `{name}`", hint)


def _imported(
    name: str, scope: Scope, names: Callable[[Scope], Collection[str]]
) -> str | None:
    """Return the hint for a name that a file which is imported has."""
    for alias, other in scope.imports.items():
        if other is not None and name in names(other):
            return f"did you mean `{alias}.{name}`?"
    return None


def _elsewhere(
    code: str, what: str, name: str, scope: Scope, known: Collection[str]
) -> UnknownName | None:
    """Return the complaint about a name with a dot; `known` is what the file has."""
    alias, _, last = name.rpartition(".")
    if alias not in scope.imports:
        hint = did_you_mean(alias, scope.imports) or "add it under `imports:`"
        return UnknownName(code, f"nothing is imported as `{alias}`", hint)
    imported = scope.imports[alias]
    if imported is None:
        return None
    near = did_you_mean(last, known)
    if near is None and not imported.document.complete:
        return None
    message = f"package `{imported.package}` has no {what} `{last}`"
    return UnknownName(code, message, near)
