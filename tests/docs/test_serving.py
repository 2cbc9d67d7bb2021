"""The page about serving tells the truth: its programs run, its numbers are the code's."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.runtime import asgi_app
from idlgen.targets.python.target import PythonTarget

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/serving.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```\w+ (\S+)\n((?:.*\n)*?)```$", re.MULTILINE)
FILES: dict[str, str] = dict(FENCE.findall(PAGE))
MODULES = {"notes.yaml", "service.py", "app.py"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All programs of the page beside what its schema becomes."""
    folder = tmp_path_factory.mktemp("serving")
    schema = FILES["notes.yaml"].encode()
    path = PurePosixPath("notes.yaml")
    outcome = compile([path], {path: schema}.get, [PythonTarget({})])
    assert outcome.diagnostics == ()
    for file in outcome.files:
        written = folder / "generated" / file.path
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(file.body, encoding="utf-8")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", sorted(FILES.keys() - MODULES))
def test_its_programs_run(folder: Path, name: str) -> None:
    run = subprocess.run(
        [sys.executable, name],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_every_block_of_code_is_a_program() -> None:
    assert PAGE.count("\n```") == 2 * len(FILES)


def rows(heading: str) -> dict[str, str]:
    """Return the rows of the last table under the heading: first cell and last."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| `(\w+)` \|.*?([^|]*) \|$", section, re.MULTILINE)
    return dict(found)


def test_every_option_of_a_server_is_told_with_its_default() -> None:
    parameters = inspect.signature(asgi_app).parameters
    told = rows("What a server accepts") | rows("Limits")
    named = set(re.findall(r"`(\w+)`", PAGE))
    options = {name for name in parameters if name != "implementations"}
    assert options <= named
    assert told.keys() <= options
    for name, text in told.items():
        default = parameters[name].default
        if name == "max_body":
            assert "4 MiB" in text
        elif not isinstance(default, bool) and isinstance(default, int | float):
            default = int(default)
            assert re.search(rf"\b{default}\b", text), name
