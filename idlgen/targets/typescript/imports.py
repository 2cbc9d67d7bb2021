"""Statements that import several names."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.targets.typescript.layout import bracketed


def named_import(names: Sequence[str], module: str, kind: str = "type ") -> list[str]:
    """Return the statement that imports `names`, none where there are none.

    `module` is a literal; `kind` is empty for values.
    """
    if not names:
        return []
    return [
        bracketed(f"import {kind}{{", names, f"}} from {module};", inside=" "),
    ]


def module_import(name: str, module: str, kind: str = "") -> str:
    """Return the statement that imports a whole module, as `name`.

    `module` is a literal; `kind` is `type ` where no value of it is used.
    """
    return f"import {kind}* as {name} from {module};"
