from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from idlgen.cli.application import application

Idlgen: TypeAlias = Callable[..., Result]


@pytest.fixture
def idlgen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Idlgen:
    """Runs the program in an empty folder: `idlgen("build", "user.yaml")`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(application, arguments, prog_name="idlgen")

    return run


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    """`user.yaml` in that folder."""
    path = tmp_path / "user.yaml"
    path.write_text("types:\n  User: {fields: {id: int}}\n")
    return path
