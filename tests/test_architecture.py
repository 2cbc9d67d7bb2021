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
# Of the tool only these commands use the runtime, when they run, and what is theirs.
WITH_RUNTIME = {"call", "mock", "serve"}
THEIRS = ("idlgen.cli.calling", "idlgen.cli.serving")
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


def may_use_runtime(path: Path) -> bool:
    own = f"idlgen.{'.'.join(path.relative_to(PACKAGE).with_suffix('').parts)}"
    return own.startswith(THEIRS) or own in {f"idlgen.cli.{it}" for it in WITH_RUNTIME}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    for imported in imports(path):
        root, used = imported.split(".")[0], layer(imported)
        if root in ONLY_IMPORTER and own != "runtime":
            assert own == ONLY_IMPORTER[root], f"{own} imports {root}"
        if root != "idlgen":
            continue
        if own == "cli" and imported.startswith((*THEIRS, "idlgen.runtime")):
            assert may_use_runtime(path), f"{path.stem} imports {imported}"
            continue
        if used == own:
            continue
        if own == "runtime":
            assert used == "_version", f"the runtime imports {imported}"
        elif own in LAYERS and used in (*LAYERS, "runtime"):
            assert used != "runtime", f"{own} imports the runtime"
            assert LAYERS.index(used) > LAYERS.index(own), f"{own} imports {imported}"


def test_commands_load_the_runtime_when_they_run() -> None:
    for name in WITH_RUNTIME:
        tree = ast.parse((PACKAGE / f"cli/{name}.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ImportFrom):
                module = str(node.module)
                assert not module.startswith((*THEIRS, "idlgen.runtime", "uvicorn"))
