"""A project whose generated files may drift."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from idlgen.emit import templates
from tests.e2e.drift.projects import CONFIGURATION, ORDER, USER, idlgen


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two schemas, built, and the working folder in it."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/user.yaml").write_text(USER)
    (tmp_path / "schemas/order.yaml").write_text(ORDER)
    (tmp_path / "idlgen.toml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    assert idlgen("build").exit_code == 0
    return tmp_path


@pytest.fixture
def own_templates(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The built-in templates, copied into the project so that a test may edit them."""
    shutil.copytree(templates.templates_root(), project / "templates")
    monkeypatch.setattr(templates, "templates_root", lambda: project / "templates")
    return project
