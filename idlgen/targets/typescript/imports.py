"""Statements that import several names."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.targets.tsdoc.comments import WIDTH


def named_import(names: Sequence[str], module: str, kind: str = "type ") -> list[str]:
    """Return the statement that imports `names`, none where there are none.

    `module` is a literal; `kind` is empty for values.
    """
    if not names:
        return []
    line = f"import {kind}{{ {', '.join(names)} }} from {module};"
    if len(line) <= WIDTH:
        return [line]
    inside = ",\n  ".join(names)
    return [f"import {kind}{{\n  {inside},\n}} from {module};"]
