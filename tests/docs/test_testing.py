"""The page about testing tells the truth: its tests run, as one project of a user's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.runtime.testing import FakeService
from idlgen.targets.python.target import PythonTarget

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/testing.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```\w+ (\S+)\n((?:.*\n)*?)```$", re.MULTILINE)
FILES: dict[str, str] = dict(FENCE.findall(PAGE))
TESTS = sorted(name for name in FILES if name.startswith("test_"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files of the page beside what its schema becomes."""
    folder = tmp_path_factory.mktemp("testing")
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
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def test_its_tests_pass(folder: Path) -> None:
    tests = run(folder, "pytest", "-q", "-p", "no:cacheprovider", *TESTS)
    count = sum(text.count("\ndef test_") for text in FILES.values())
    assert re.search(rf"^{count} passed in ", tests.stdout, re.MULTILINE), tests.stdout
    assert tests.returncode == 0


def test_they_say_what_type_checkers_want_to_hear(folder: Path) -> None:
    checked = run(folder, "mypy", "--strict", *TESTS, "conftest.py", "greeting.py")
    assert checked.stdout.startswith("Success"), checked.stdout


def test_every_block_of_code_is_a_file() -> None:
    assert PAGE.count("\n```") == 2 * len(FILES)


def test_all_that_a_fake_has_is_told() -> None:
    names = {name for name in dir(FakeService()) if not name.startswith("_")}
    assert names == {"answer", "calls", "fail"}
    assert all(f"fake.{name}" in PAGE for name in names)
