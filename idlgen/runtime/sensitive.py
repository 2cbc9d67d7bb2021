"""Marks on generated structs: which fields are secrets, and which structs are strict.

What the generator writes for ``Login: {strict: true, fields: {name: string, password:
{type: string, sensitive: true}}}``::

    @strict
    @hides("password")
    class Login(Struct, frozen=True, kw_only=True):
        name: str
        password: str

`hides` gets the names of the fields in Python. It also goes on the struct of a method's
params, on the `Fields` of an error, and on the variants of a flat union; `strict` on the
latter where the struct that they have their fields from is strict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msgspec import Struct, structs

from idlgen.runtime.unions import Unknown

Class = TypeVar("Class", bound=type)

HIDDEN = "***"
"""What stands in texts where a secret would."""

_HIDDEN_FIELDS = "__idl_hidden__"
_STRICT = "__idl_strict__"


def hides(*fields: str) -> Callable[[Class], Class]:
    """Mark fields of a struct as sensitive, by their names in Python.

    Their values are in no `repr`, in no message of an error and in no problem of a
    request, which only says what was expected in their place.
    """

    def mark(struct: Class) -> Class:
        marks = {
            _HIDDEN_FIELDS: frozenset(fields),
            "__repr__": _repr,
            "__rich_repr__": _rich_repr,
        }
        for name, value in marks.items():
            setattr(struct, name, value)
        return struct

    return mark


def strict(struct: Class) -> Class:
    """Mark a struct whose unknown members a server refuses.

    Clients ignore them as ever, so that an older client reads a newer server.
    """
    setattr(struct, _STRICT, True)
    return struct


def hidden_fields(struct: type) -> frozenset[str]:
    """Return the names in Python of the fields that a struct hides."""
    fields: frozenset[str] = getattr(struct, _HIDDEN_FIELDS, frozenset())
    return fields


def is_strict(struct: type) -> bool:
    """Return whether servers refuse unknown members of the struct."""
    return hasattr(struct, _STRICT)


def masked(value: Any) -> Any:
    """Return a value of generated types with `***` for all that is hidden in it."""
    match value:
        case Struct():
            hidden = hidden_fields(type(value))
            fields = {
                name: HIDDEN if name in hidden else masked(getattr(value, name))
                for name in value.__struct_fields__
            }
            # Constructors check nothing, so a text may stand for whatever it hides.
            return structs.replace(value, **fields)
        case dict():
            return {key: masked(item) for key, item in value.items()}
        case list() | tuple():
            return [masked(item) for item in value]
        case Unknown():
            # Nobody here can know what of it is sensitive.
            return HIDDEN
        case _:
            return value


class _Hidden:
    def __repr__(self) -> str:
        return HIDDEN


_SHOWN = _Hidden()


def _rich_repr(struct: object) -> Iterator[tuple[str, object]]:
    hidden = hidden_fields(type(struct))
    names: tuple[str, ...] = getattr(struct, "__struct_fields__", ())
    for name in names:
        yield name, _SHOWN if name in hidden else getattr(struct, name)


def _repr(struct: object) -> str:
    fields = ", ".join(f"{name}={value!r}" for name, value in _rich_repr(struct))
    return f"{type(struct).__qualname__}({fields})"
