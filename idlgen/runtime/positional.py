"""The form of a typed call that the smallest servers understand: a bare name, a list.

Such a server spreads the list over its function's parameters; it knows neither names of
params nor of services. A param that is left out and has others behind it is written as
its default, and as null where it is optional.
"""

from __future__ import annotations

import msgspec
from msgspec import NODEFAULT, UNSET, Raw, Struct, structs

from idlgen.runtime.descriptors import Method
from idlgen.runtime.protocols.jsonrpc.caller import encode_call, encode_untyped_call
from idlgen.runtime.scalars import JsonValue


class _Request(Struct, frozen=True):
    params: dict[str, Raw]


def encode_by_position(
    method: Method[object], params: Struct, call_id: int | None
) -> bytes:
    """Return the request that calls the method's bare name with params by position.

    Raises:
        InvalidArgument: the params do not fit their types.
    """
    request = encode_call(method, params, call_id)
    given = msgspec.json.decode(request, type=_Request).params
    values: list[Raw | JsonValue] = []
    last = 0
    for place, field in enumerate(structs.fields(method.params), start=1):
        if field.encode_name in given:
            values.append(given[field.encode_name])
            last = place
        else:
            values.append(_default(method, field))
    return encode_untyped_call(method.bare_name, values[:last], call_id)


def _default(method: Method[object], field: structs.FieldInfo) -> JsonValue:
    if field.name in method.defaults:
        default = method.defaults[field.name]()
    elif field.default_factory is not NODEFAULT:
        default = field.default_factory()
    else:
        default = field.default
    if default is UNSET or default is NODEFAULT:
        return None
    value: JsonValue = msgspec.to_builtins(default)
    return value
