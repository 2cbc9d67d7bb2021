"""What the clients do, said in TypeScript: see `programs/`."""

from __future__ import annotations

import pytest

from tests.e2e.typescript.conftest import PROGRAMS, Run

NAMES = sorted(
    path.name.removesuffix(".test.ts") for path in PROGRAMS.glob("*.test.ts")
)


@pytest.mark.parametrize("name", NAMES)
def test_program(name: str, run: Run) -> None:
    run(name)
