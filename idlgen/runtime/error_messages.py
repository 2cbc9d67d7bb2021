"""The texts of declared errors, made of a template and their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from idlgen.runtime.scalars import JsonValue

_HOLE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")


def fill_message(
    template: str, fields: Mapping[str, JsonValue], keys: Mapping[str, str]
) -> str:
    """Return the template with each `{field}` replaced by that field's text.

    `keys` are the keys that `fields` have, by the names that the template has for them,
    where those differ. `{{` and `}}` are braces and nothing else is special. The text
    of a value is the one that it has in JSON, without the quotes of a string.
    """

    def fill(hole: re.Match[str]) -> str:
        name = hole[1]
        if name is None:
            return hole[0][0]
        key = keys.get(name, name)
        if key not in fields:
            return hole[0]
        value = fields[key]
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()

    return _HOLE.sub(fill, template)


def spelt_out(name: str) -> str:
    """Return a class's name as words: `UserNotFound` as `user not found`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
