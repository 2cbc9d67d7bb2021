"""Compiles schemas, given as texts by file name, and writes types as schemas do."""

from __future__ import annotations

from pathlib import PurePosixPath
from textwrap import dedent

from idlgen.compiler import Outcome, compile
from idlgen.model import (
    ListType,
    MapType,
    NamedType,
    NullableType,
    Package,
    ScalarType,
    SetType,
    StreamType,
    Struct,
    TypeDeclaration,
    TypeParam,
    TypeRef,
)


def outcome(**texts: str) -> Outcome:
    """Compile `user="..."` as user.yaml; the first is the entry."""
    files = {f"{name}.yaml": dedent(text).encode() for name, text in texts.items()}
    entry = PurePosixPath(next(iter(files)))
    return compile([entry], lambda path: files.get(str(path)), [])


def package(**texts: str) -> Package:
    """Return the first package of texts in which nothing is wrong."""
    found = outcome(**texts)
    assert found.diagnostics == ()
    return next(iter(found.api.packages.values()))


def show(type_: TypeRef | None) -> str:
    match type_:
        case ScalarType(scalar=scalar):
            return scalar.value
        case ListType(element=element):
            return f"list<{show(element)}>"
        case SetType(element=element):
            return f"set<{show(element)}>"
        case MapType(key=key, value=value):
            return f"map<{show(key)}, {show(value)}>"
        case NullableType(inner=inner):
            return f"{show(inner)} | null"
        case StreamType(item=item):
            return f"stream<{show(item)}>"
        case TypeParam(name=name):
            return name
        case NamedType(package=package, name=name, args=()):
            return f"{package}.{name}"
        case NamedType(package=package, name=name, args=args):
            return f"{package}.{name}<{', '.join(map(show, args))}>"
        case _:
            return "?"


def shown_fields(declared: TypeDeclaration) -> dict[str, str]:
    """Return the types of a struct's fields, by name."""
    assert isinstance(declared, Struct)
    return {field.name: show(field.type) for field in declared.fields}
