"""References to types, as a schema writes them."""

from __future__ import annotations

from idlgen.model import (
    Field,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Presence,
    Scalar,
    ScalarType,
    SetType,
    StreamType,
    TypeParam,
    TypeRef,
)


def notation(ref: TypeRef, home: str) -> str:
    """Return the type as a schema writes it, such as `map<uuid, string | null>`.

    Types of other packages than `home` go by the names of those.
    """
    match ref:
        case ScalarType(scalar):
            return scalar.value
        case TypeParam(name):
            return name
        case NamedType(package, name, args):
            name = qualified(package, name, home)
            inside = ", ".join([notation(arg, home) for arg in args])
            return f"{name}<{inside}>" if args else name
        case NullableType(inner):
            return f"{notation(inner, home)} | null"
        case ListType(element):
            return f"list<{notation(element, home)}>"
        case SetType(element):
            return f"set<{notation(element, home)}>"
        case StreamType(item):
            return f"stream<{notation(item, home)}>"
        case MapType(ScalarType(Scalar.STRING), value):
            return f"map<{notation(value, home)}>"
        case MapType(key, value):
            return f"map<{notation(key, home)}, {notation(value, home)}>"
    raise AssertionError(f"{ref} reached a target")


def qualified(package: str, name: str, home: str) -> str:
    """Return the name of a declaration as `home` knows it, such as `common.Money`."""
    return name if package == home else f"{package}.{name}"


def member_notation(field: Field, home: str) -> str:
    """Return the type of a member as a schema writes it, `?` included."""
    text = notation(field.type, home)
    if field.presence in (Presence.OPTIONAL, Presence.PATCH):
        return f"({text})?" if isinstance(field.type, NullableType) else f"{text}?"
    return text
