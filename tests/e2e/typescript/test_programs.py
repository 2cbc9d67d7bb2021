"""What the clients do, said in TypeScript: see `programs/`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.typescript.conftest import PROGRAMS, Run

NAMES = sorted(
    path.name.removesuffix(".test.ts") for path in PROGRAMS.glob("*.test.ts")
)


@pytest.mark.parametrize("name", NAMES)
def test_program(name: str, run: Run) -> None:
    run(name)


# The others are about node, or about servers that are written in it.
IN_BROWSERS = ["user", "kitchen", "streams", "batch", "shapes"]


def test_programs_in_chromium(
    project: Path, url: str, root: Path, node: str, chromium: str
) -> None:
    programs = [f"{project}/{name}.test.js" for name in IN_BROWSERS]
    command = [node, str(root / "tests/node/chromium.mjs"), chromium, url]
    done = subprocess.run([*command, *programs], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    count = int(done.stdout.removesuffix(" tests\n"))
    assert count > 60
