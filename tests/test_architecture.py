from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "idlgen"

# A layer imports only those below it (and its own modules): DESIGN's list, top first.
LAYERS = [
    "cli",
    "workspace",
    "compiler",
    "targets",
    "emit",
    "checks",
    "wire",
    "resolve",
    "model",
    "syntax",
    "diagnostics",
]
# Of the tool only these use the runtime, when they run.
MAY_IMPORT_RUNTIME: set[str] = set()
ONLY_IMPORTER = {"yaml": "syntax", "jinja2": "emit", "black": "emit", "click": "cli"}

MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def layer(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            if node.module == "idlgen":
                yield from (f"idlgen.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    for imported in imports(path):
        root, used = imported.split(".")[0], layer(imported)
        if root in ONLY_IMPORTER and own != "runtime":
            assert own == ONLY_IMPORTER[root], f"{own} imports {root}"
        if root != "idlgen" or used == own:
            continue
        if own == "runtime":
            assert used == "_version", f"the runtime imports {imported}"
        elif used == "runtime":
            assert str(path.relative_to(PACKAGE)) in MAY_IMPORT_RUNTIME
        elif own in LAYERS and used in LAYERS:
            assert LAYERS.index(used) > LAYERS.index(own), f"{own} imports {imported}"
