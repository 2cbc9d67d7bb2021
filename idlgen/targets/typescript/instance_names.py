"""What constants are called that tell of types, generic ones with what they are of."""

from __future__ import annotations

from idlgen.model import Api, NamedType, ScalarType, TypeRef
from idlgen.targets.tsdoc.names import type_name


def instance_name(api: Api, ref: TypeRef) -> str:
    """Return what a constant about `ref` is called: `Page_User`; others may be, too."""
    match ref:
        case NamedType(args=args):
            inside = "".join(f"_{instance_name(api, arg)}" for arg in args)
            return f"{type_name(api.declaration(ref))}{inside}"
        case ScalarType(scalar):
            return scalar.value
        case _:
            return "of"
