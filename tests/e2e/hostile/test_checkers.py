"""Three type checkers find nothing wrong with what hostile texts become."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.e2e.hostile.schema import PACKAGES


def run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[:5000]


def test_mypy_finds_nothing(folder: Path) -> None:
    run([sys.executable, "-m", "mypy", "--strict", "-p", "hostile.together"], folder)


def test_pyright_finds_nothing(folder: Path, pyright: str) -> None:
    settings = {"typeCheckingMode": "strict", "include": ["hostile/together"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    run([pyright, "--pythonpath", sys.executable], folder)


def test_tsc_finds_nothing(folder: Path, tsc: str) -> None:
    files = sorted(folder.rglob("*.d.ts"))
    assert len(files) == len(PACKAGES)
    run([tsc, "--strict", "--noEmit", "--skipLibCheck", "false", *files], folder)


def test_tsc_finds_nothing_in_clients(folder: Path, node: str, each_tsc: str) -> None:
    assert len([*folder.rglob("client.ts")]) == len(PACKAGES)
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    settings = {
        "strict": True,
        "noEmit": True,
        "exactOptionalPropertyTypes": True,
        "noUncheckedIndexedAccess": True,
        "verbatimModuleSyntax": True,
        "erasableSyntaxOnly": True,
        "skipLibCheck": False,
        "target": "es2022",
        "module": "nodenext",
        "types": [],
    }
    include = {"include": ["hostile"], "exclude": ["**/*.d.ts"]}
    project = json.dumps({"compilerOptions": settings, **include})
    # The other test names files, which the compiler does not take beside `tsconfig.json`.
    (folder / "clients.json").write_text(project, "utf-8")
    run([node, each_tsc, "--project", "clients.json"], folder)
