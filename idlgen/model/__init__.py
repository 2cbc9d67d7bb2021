"""The resolved, frozen meaning of one build: an `Api` of packages, types, errors and services.

Nodes hold no text of any target language. Members refer to declared types by
`NamedType`, so that recursive types stay finite values; `Api.declaration` follows
such a reference. Spans say where a thing was written and take no part in digests.
"""

from idlgen.model.api import (
    Api,
    Auth,
    Declaration,
    Error,
    Example,
    Method,
    Package,
    Pagination,
    Service,
    Status,
)
from idlgen.model.declarations import (
    NO_CONSTRAINTS,
    VALUE_KEY,
    Alias,
    Choice,
    Constraints,
    Enum,
    EnumValue,
    Field,
    Newtype,
    Presence,
    Struct,
    TypeDeclaration,
    Union,
    Variant,
)
from idlgen.model.extents import MAX_DEPTH, MAX_SIZE, inside, is_too_large
from idlgen.model.generics import instance_fields, substituted
from idlgen.model.types import (
    ErrorType,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Scalar,
    ScalarType,
    SetType,
    StreamType,
    TypeParam,
    TypeRef,
)

__all__ = [
    "MAX_DEPTH",
    "MAX_SIZE",
    "NO_CONSTRAINTS",
    "VALUE_KEY",
    "Alias",
    "Api",
    "Auth",
    "Choice",
    "Constraints",
    "Declaration",
    "Enum",
    "EnumValue",
    "Error",
    "ErrorType",
    "Example",
    "Field",
    "ListType",
    "MapType",
    "Method",
    "NamedType",
    "Newtype",
    "NullableType",
    "Package",
    "Pagination",
    "Presence",
    "Scalar",
    "ScalarType",
    "Service",
    "SetType",
    "Status",
    "StreamType",
    "Struct",
    "TypeDeclaration",
    "TypeParam",
    "TypeRef",
    "Union",
    "Variant",
    "inside",
    "instance_fields",
    "is_too_large",
    "substituted",
]
