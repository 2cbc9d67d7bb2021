"""Two branches that change one schema: a merge leaves what `idlgen build` can mend."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Idlgen

SCHEMA = Path("schemas/greeting.yaml")


@pytest.fixture
def git_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "somebody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "somebody@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], capture_output=True, text=True)


def commit(idlgen: Idlgen, old: str, new: str) -> None:
    """Change the schema, build, and commit all."""
    schema = SCHEMA.read_text()
    assert old in schema
    SCHEMA.write_text(schema.replace(old, new))
    assert idlgen("build").exit_code == 0
    git("add", "--all")
    assert git("commit", "-m", new).returncode == 0


@pytest.mark.usefixtures("git_user")
def test_generated_files_are_built_anew_after_a_merge(idlgen: Idlgen) -> None:
    idlgen("init")
    git("init", "--initial-branch=main")
    commit(idlgen, "version: 1.0.0", "version: 1.0.1")
    git("checkout", "-b", "other")
    commit(idlgen, "enum: [en, ko]", "enum: [en, ko, fr]")
    git("checkout", "main")
    commit(idlgen, "doc: Greets people.", "doc: Greets everybody.")

    assert git("merge", "other").returncode == 1
    unmerged = git("diff", "--name-only", "--diff-filter=U").stdout.split()
    assert "generated/greeting/types.py" in unmerged
    assert str(SCHEMA) not in unmerged
    assert "<<<<<<<" not in Path("generated/greeting/types.py").read_text()
    assert idlgen("build").exit_code == 0
    assert idlgen("check").exit_code == 0
    assert 'FR = "fr"' in Path("generated/greeting/types.py").read_text()
    client = Path("generated/greeting/client.py").read_text()
    assert "Greets everybody." in client
