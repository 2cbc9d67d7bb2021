"""Three type checkers find nothing wrong with what every name becomes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.e2e.names.schemas import COUNT


def run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_nothing(folder: Path) -> None:
    run([sys.executable, "-m", "mypy", "--strict", "every_name"], folder)


def test_pyright_finds_nothing(folder: Path, pyright: str) -> None:
    settings = {"typeCheckingMode": "strict", "include": ["every_name"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    run([pyright, "--pythonpath", sys.executable], folder)


def test_tsc_finds_nothing(folder: Path, tsc: str) -> None:
    files = sorted(folder.rglob("*.d.ts"))
    assert len(files) == COUNT
    run([tsc, "--strict", "--noEmit", "--skipLibCheck", "false", *files], folder)
