"""What a struct's fields look like: the examples that the schema has of them.

What the generator writes for ``User: {fields: {name: {type: string, example: Ada}}}``::

    @shows(name='"Ada"')
    class User(Struct, frozen=True, kw_only=True):
        name: str
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

Class = TypeVar("Class", bound=type)

_EXAMPLES = "__idl_examples__"


def shows(**examples: str) -> Callable[[Class], Class]:
    """Mark fields of a struct, by their names in Python, with the JSON of an example.

    Nothing reads it but fakes, and people.
    """

    def mark(struct: Class) -> Class:
        setattr(struct, _EXAMPLES, examples)
        return struct

    return mark


def field_examples(struct: type) -> Mapping[str, str]:
    """Return the JSON of the examples of a struct's fields, by their names in Python."""
    examples: Mapping[str, str] = getattr(struct, _EXAMPLES, {})
    return examples
