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
    TypeRef,
)


def notation(ref: TypeRef) -> str:
    """Return the type as a schema writes it, such as `map<uuid, string | null>`."""
    match ref:
        case ScalarType(scalar):
            return scalar.value
        case NamedType(_, name):
            return name
        case NullableType(inner):
            return f"{notation(inner)} | null"
        case ListType(element):
            return f"list<{notation(element)}>"
        case SetType(element):
            return f"set<{notation(element)}>"
        case MapType(ScalarType(Scalar.STRING), value):
            return f"map<{notation(value)}>"
        case MapType(key, value):
            return f"map<{notation(key)}, {notation(value)}>"
    raise AssertionError(f"{ref} reached a target")


def member_notation(field: Field) -> str:
    """Return the type of a member as a schema writes it, `?` included."""
    text = notation(field.type)
    if field.presence in (Presence.OPTIONAL, Presence.PATCH):
        return f"({text})?" if isinstance(field.type, NullableType) else f"{text}?"
    return text
