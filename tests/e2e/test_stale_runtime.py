"""The runtime that TypeScript clients share: it goes when nobody imports it any longer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from idlgen.cli.application import application

CONFIGURATION = """\
schemas = ["schemas/*.yaml"]
targets = ["typescript", "docs"]
"""
PACKAGED = CONFIGURATION + """
[typescript]
runtime = "@acme/idlgen-runtime"
"""
RUNTIME = "generated/_idlgen"
ORPHANED = re.compile(r"^(\S+): orphaned \[IDL457\]$", re.MULTILINE)


def idlgen(*arguments: str) -> Result:
    result = CliRunner().invoke(application, arguments, prog_name="idlgen")
    assert result.exit_code != 3, result.output
    return result


def modules(project: Path) -> list[str]:
    return sorted(f"{RUNTIME}/{path.name}" for path in (project / RUNTIME).glob("*"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two packages whose clients were built with their runtime."""
    (tmp_path / "schemas").mkdir()
    for name in ("user", "order"):
        schema = f"package: {name}\nservices: {{S: {{methods: {{go: }}}}}}\n"
        (tmp_path / f"schemas/{name}.yaml").write_text(schema)
    (tmp_path / "idlgen.toml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    assert idlgen("build").exit_code == 0
    assert len(modules(tmp_path)) > 20
    return tmp_path


def test_a_runtime_that_a_package_of_npm_replaces_goes(project: Path) -> None:
    (project / "idlgen.toml").write_text(PACKAGED)
    found = idlgen("check")
    assert found.exit_code == 1
    assert ORPHANED.findall(found.stdout) == modules(project)
    assert idlgen("build").exit_code == 0
    assert not (project / RUNTIME).exists()
    assert idlgen("check").exit_code == 0


def test_it_stays_while_other_clients_import_it(project: Path) -> None:
    (project / "idlgen.toml").write_text(PACKAGED)
    assert idlgen("build", "schemas/user.yaml").exit_code == 0
    assert len(modules(project)) > 20
    assert idlgen("check", "schemas/user.yaml").exit_code == 0
    assert idlgen("build", "schemas/order.yaml").exit_code == 0
    assert not (project / RUNTIME).exists()


def test_it_goes_with_the_target(project: Path) -> None:
    (project / "idlgen.toml").write_text(CONFIGURATION.replace('"typescript", ', ""))
    found = ORPHANED.findall(idlgen("check").stdout)
    assert {*modules(project)} < {*found}
    assert idlgen("build").exit_code == 0
    left = [path.name for path in (project / "generated").rglob("*.ts")]
    assert sorted(left) == ["order.d.ts", "user.d.ts"]


def test_a_module_that_it_no_longer_has_goes(project: Path) -> None:
    old = project / RUNTIME / "raw.ts"
    stale = project / RUNTIME / "stale.ts"
    old.rename(stale)
    found = idlgen("check")
    assert ORPHANED.findall(found.stdout) == [f"{RUNTIME}/stale.ts"]
    assert f"{RUNTIME}/raw.ts: missing" in found.stdout
    assert idlgen("build", "schemas/user.yaml").exit_code == 0
    assert old.exists()
    assert not stale.exists()


def test_one_that_somebody_edited_is_kept(project: Path) -> None:
    (project / "idlgen.toml").write_text(PACKAGED)
    edited = project / RUNTIME / "http.ts"
    edited.write_text(edited.read_text() + "// mine\n")
    told = f"{RUNTIME}/http.ts: orphaned, edited by hand"
    assert told in idlgen("check").stdout
    assert idlgen("build").exit_code == 1
    assert edited.exists()
    assert idlgen("build", "--force").exit_code == 0
    assert not (project / RUNTIME).exists()


def test_what_a_person_put_beside_it_keeps_it(project: Path) -> None:
    (project / "idlgen.toml").write_text(PACKAGED)
    (project / RUNTIME / "mine.ts").write_text("export {};\n")
    assert idlgen("check").exit_code == 1
    assert idlgen("build").exit_code == 0
    assert len(modules(project)) > 20


def test_what_marks_folders_of_python_goes_while_other_files_stay(
    project: Path,
) -> None:
    (project / "idlgen.toml").write_text(
        CONFIGURATION.replace('"docs"', '"python"'),
    )
    assert idlgen("build").exit_code == 0
    assert (project / "generated/__init__.py").exists()
    (project / "idlgen.toml").write_text(CONFIGURATION.replace('"docs"', ""))
    assert idlgen("build").exit_code == 0
    assert [*(project / "generated").rglob("*.py")] == []
    assert len(modules(project)) > 20
