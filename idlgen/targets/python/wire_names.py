"""Wire names that a generated struct cannot have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from idlgen.diagnostics import Diagnostic
from idlgen.model import Field, Package, Struct

# msgspec writes the names of fields into JSON as they are, so it refuses what would
# need an escape there.
_ESCAPED = re.compile(r'["\\\x00-\x1f]')


def unusable_wire_names(package: Package) -> Iterator[Diagnostic]:
    """Yield each member whose wire name msgspec does not take."""
    for field in _members(package):
        if field.wire is not None and _ESCAPED.search(field.wire):
            yield Diagnostic(
                code="IDL404",
                message=f"the wire name of `{field.name}` needs an escape in JSON",
                span=field.span,
                hint="leave quotes, backslashes and control characters out of it",
            )


def _members(package: Package) -> Iterator[Field]:
    for declared in package.types.values():
        if isinstance(declared, Struct):
            yield from declared.fields
    for error in package.errors.values():
        yield from error.fields
    for service in package.services.values():
        for method in service.methods:
            yield from method.params
