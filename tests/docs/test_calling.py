"""The page about calling tells the truth: its programs run, its numbers are the code's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.runtime import CallOptions
from idlgen.targets.python.target import PythonTarget

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/calling.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```\w+ (\S+)\n((?:.*\n)*?)```$", re.MULTILINE)
FILES: dict[str, str] = dict(FENCE.findall(PAGE))
MODULES = {"user.yaml", "service.py"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All programs of the page beside what its schema becomes."""
    folder = tmp_path_factory.mktemp("calling")
    schema = FILES["user.yaml"].encode()
    path = PurePosixPath("user.yaml")
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


def test_the_options_of_a_call_are_its_options() -> None:
    assert rows("Options").keys() == set(CallOptions.__struct_fields__)
