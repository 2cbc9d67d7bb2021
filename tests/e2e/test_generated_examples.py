"""The committed output, as a stranger's checkers see it: without any configuration."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

SILENCED = re.compile(
    r"type: ignore|pyright:|fmt: (off|skip)|noqa|ts-ignore|ts-nocheck|ts-expect|cast\(|: any\b"
)


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stranger")
    shutil.copytree(
        root / "generated_examples",
        folder / "generated_examples",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return folder


def run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_nothing(copy: Path) -> None:
    run([sys.executable, "-m", "mypy", "--strict", "generated_examples"], copy)


def test_pyright_finds_nothing(copy: Path, pyright: str) -> None:
    settings = {"typeCheckingMode": "strict", "include": ["generated_examples"]}
    config = copy / "pyrightconfig.json"
    config.write_text(json.dumps(settings), encoding="utf-8")
    run([pyright, "--pythonpath", sys.executable], copy)


def test_black_changes_nothing(copy: Path) -> None:
    run([sys.executable, "-m", "black", "--check", "generated_examples"], copy)


def test_tsc_finds_nothing(copy: Path, tsc: str) -> None:
    files = sorted(copy.rglob("*.d.ts"))
    assert len(files) >= 3
    run([tsc, "--strict", "--noEmit", "--skipLibCheck", "false", *files], copy)


def test_both_compilers_find_nothing_in_clients(
    copy: Path, node: str, each_tsc: str
) -> None:
    (copy / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    settings = {
        "strict": True,
        "noEmit": True,
        "skipLibCheck": False,
        "noUncheckedIndexedAccess": True,
        "exactOptionalPropertyTypes": True,
        "verbatimModuleSyntax": True,
        "isolatedModules": True,
        "erasableSyntaxOnly": True,
        "target": "es2022",
        "module": "nodenext",
        "types": [],
    }
    include = {"include": ["generated_examples"], "exclude": ["**/*.d.ts"]}
    project = json.dumps({"compilerOptions": settings, **include})
    # `tsconfig.json` would be in the way of compilers that are given files.
    (copy / "clients.json").write_text(project, encoding="utf-8")
    run([node, each_tsc, "--project", "clients.json"], copy)


def test_no_check_is_silenced(copy: Path) -> None:
    found = [
        f"{path.relative_to(copy)}:{number}: {line}"
        for path in sorted((copy / "generated_examples").rglob("*"))
        if path.is_file()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if SILENCED.search(line)
    ]

    assert found == []
