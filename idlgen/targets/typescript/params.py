"""The params of a method: as its signature declares them, and as its call sends them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from idlgen.model import Field, Method, StreamType
from idlgen.targets.tsdoc.types import TypeScriptTypes
from idlgen.targets.typescript.layout import bracketed
from idlgen.targets.typescript.names import ParamNames, is_required, value_key

# What every object has, be it in nobody's mind or not.
_INHERITED = frozenset(
    [
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    ]
)
_MARGIN = len("      ,")


def declared_params(
    types: TypeScriptTypes, method: Method, names: ParamNames, runtime: str
) -> Iterator[str]:
    """Yield the params that must be given, then the one that holds all others.

    `runtime` is what the module calls the runtime.
    """
    members = []
    for param in method.params:
        if isinstance(param.type, StreamType):
            text = f"{runtime}.Items<{types.text(param.type.item)}>"
        else:
            text = types.text(param.type)
        if is_required(param):
            yield f"{names.required[param.name]}: {text}"
        else:
            # What is undefined is left out, whatever the compiler's settings are.
            members.append(f"{names.optional[param.name]}?: {text} | undefined")
    if members:
        yield _braced(f"{names.others}: ", members, ";", " = {}")


def sent_params(method: Method, names: ParamNames) -> str:
    """Return the object that holds the params by their names on the wire.

    What is streamed is none of them: it follows the call.
    """
    streamed = method.streamed_param
    entries = [_entry(param, names) for param in method.params if param is not streamed]
    return _braced("", entries, ",", "") if entries else "{}"


def _entry(param: Field, names: ParamNames) -> str:
    key = value_key(param.wire_name)
    if is_required(param):
        value = names.required[param.name]
        return key if key == value else f"{key}: {value}"
    member = names.optional[param.name]
    value = f"{names.others}.{member}"
    if member in _INHERITED:
        own = f'{{}}.hasOwnProperty.call({names.others}, "{member}")'
        value = f"{own} ? {value} : undefined"
    return f"{key}: {value}"


def _braced(opening: str, members: Sequence[str], mark: str, closing: str) -> str:
    opening, closing = f"{opening}{{", f"}}{closing}"
    return bracketed(opening, members, closing, around=_MARGIN, mark=mark, inside=" ")
