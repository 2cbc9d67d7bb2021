"""Which names of the table stand together, and what they are called where they meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tests.e2e.names.table import NAMES

TYPE_NAMES = tuple(
    dict.fromkeys(name[0].upper() + name[1:] for name in NAMES if name[0] != "_")
)
"""What types, errors and services can be called: these names begin with a capital."""

SCOPES: Mapping[str, tuple[str, ...]] = {
    "Plain": tuple(name for name in NAMES if name == name.strip("_")),
    "Underscored": tuple(name for name in NAMES if name != name.strip("_")),
}
"""The names that members have together, by the struct, service or error that has them.

Apart, for `__str__` meets `str` in some position in every language.
"""

PACKAGE_NAMES = tuple(name for name in NAMES if re.fullmatch("[a-z][a-z0-9_]*", name))

SERVED = tuple(name for name in PACKAGE_NAMES if name != "rpc")
"""The packages that have services: JSON-RPC keeps methods called `rpc.` for itself."""

Renamed = Mapping[str, Iterable[str]]
"""The names that get a `name:`, by position."""


def renaming(name: str) -> str:
    """Return what `name:` calls a name that meets another one."""
    return f"Renamed{(*NAMES, *TYPE_NAMES).index(name)}"


def rename(name: str, renamed: frozenset[str]) -> str:
    """Return the entry, after others, that renames `name` if it is one of `renamed`."""
    return f", name: {renaming(name)}" if name in renamed else ""
