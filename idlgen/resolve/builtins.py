"""The types that the language has of its own, and what may stand where."""

from __future__ import annotations

from idlgen.model import Scalar, ScalarType, TypeRef
from idlgen.resolve.scope import DERIVATIONS

NO_PARAMS: frozenset[str] = frozenset()

SCALARS: dict[str, TypeRef] = {s.value: ScalarType(s) for s in Scalar}
SCALARS["float64"] = SCALARS["float"]

# How many arguments each takes.
CONTAINERS = {
    "list": (1,),
    "set": (1,),
    "map": (1, 2),
    "stream": (1,),
    **dict.fromkeys(DERIVATIONS, (1,)),
}
_INTEGERS = frozenset(("int", "int32", "uint32", "int64", "uint64"))
KEYS = _INTEGERS | {"string", "uuid"}
ELEMENTS = KEYS | {"date", "time", "datetime", "decimal", "bytes", "bool"}
WRAPPABLE = ELEMENTS - {"bool"} | {"duration"}
