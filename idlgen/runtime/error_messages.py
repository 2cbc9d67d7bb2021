"""The texts of declared errors, made of a template and their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.sensitive import masked
from idlgen.runtime.unions import plain_data

_HOLE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")


def fill_message(
    template: str, fields: Struct | None, details: Mapping[str, JsonValue]
) -> str:
    """Return the template with each `{field}` replaced by that field's text.

    A field is named as in Python; where there are no `fields` the keys of `details`
    are. `{{` and `}}` are braces and nothing else is special. The text of a value is the
    one that it has in JSON, without the quotes of a string; that of a secret is `***`.
    """
    keys: dict[str, str] = {}
    if fields is not None:
        details = plain_data(masked(fields))
        keys = dict(
            zip(fields.__struct_fields__, fields.__struct_encode_fields__, strict=True)
        )

    def fill(hole: re.Match[str]) -> str:
        name = hole[1]
        if name is None:
            return hole[0][0]
        key = keys.get(name, name)
        if key not in details:
            return hole[0]
        value = details[key]
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()

    return _HOLE.sub(fill, template)


def spelt_out(name: str) -> str:
    """Return a class's name as words: `UserNotFound` as `user not found`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
