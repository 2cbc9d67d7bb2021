"""What importing generated code costs, and the handshake with it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import idlgen.runtime
from idlgen.runtime import require_contract

HEAVY = ["asyncio", "logging", "dataclasses", "concurrent", "ssl", "urllib3", "aiohttp"]


def loaded_by(statement: str, root: Path) -> list[str]:
    program = (
        f"import sys, json, msgspec; {statement}; print(json.dumps(list(sys.modules)))"
    )
    command = [sys.executable, "-S", "-c", program]
    paths = [str(root), *(path for path in sys.path if path.endswith("site-packages"))]
    run = subprocess.run(
        command,
        env={"PYTHONPATH": ":".join(paths)},
        capture_output=True,
        check=True,
    )
    modules: list[str] = json.loads(run.stdout)
    return modules


def test_types_load_only_scalars_enums_and_marks(root: Path) -> None:
    modules = loaded_by("import tests.runtime.contract.user.types", root)
    ours = {name for name in modules if name.startswith("idlgen")}
    assert ours == {
        "idlgen",
        "idlgen.runtime",
        "idlgen.runtime.scalars",
        "idlgen.runtime.enums",
        "idlgen.runtime.field_examples",
    }
    assert [name for name in HEAVY if name in modules] == []


def test_clients_load_no_server_and_no_http_library(root: Path) -> None:
    modules = loaded_by("import tests.runtime.contract.user.client", root)
    assert [
        name
        for name in modules
        if name.startswith(("idlgen.runtime.server", "urllib3", "aiohttp"))
        or name in ("asyncio", "jinja2", "yaml", "click")
    ] == []


def test_every_exported_name_is_there_and_shown_to_type_checkers() -> None:
    for name in idlgen.runtime.__all__:
        assert getattr(idlgen.runtime, name) is not None
    assert dir(idlgen.runtime) == sorted(idlgen.runtime.__all__)
    tree = ast.parse(Path(idlgen.runtime.__file__).read_text())
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(idlgen.runtime.__all__) <= imported


def test_a_misspelt_name_is_refused() -> None:
    misspelt = "OpenEnmu"
    with pytest.raises(AttributeError, match="no attribute 'OpenEnmu'"):
        getattr(idlgen.runtime, misspelt)


def test_the_contract_is_one() -> None:
    require_contract(1)


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (0, "run `idlgen build` again"),
        (2, "install the idlgen that generated it, or a later one"),
    ],
)
def test_another_contract_is_refused_with_the_way_out(number: int, remedy: str) -> None:
    with pytest.raises(ImportError) as caught:
        require_contract(number)
    assert str(caught.value) == (
        f"this code was generated for contract {number} of idlgen.runtime, but the "
        f"installed one has contract 1: {remedy}"
    )
