from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Idlgen = Callable[..., Result]

DOCS = ("--target", "docs")


@pytest.mark.usefixtures("schema")
def test_a_build_says_what_it_did(idlgen: Idlgen, tmp_path: Path) -> None:
    assert idlgen("build", "user.yaml", *DOCS).output == "wrote 2 files\n"
    assert idlgen("build", "user.yaml", *DOCS).output == "2 files unchanged\n"
    (tmp_path / "generated/user/user.md").unlink()
    verbose = idlgen("build", "user.yaml", *DOCS, "-v")
    assert verbose.output == (
        "wrote generated/user/user.md\n"
        "unchanged generated/user/user.d.ts\n"
        "wrote 1 file, 1 unchanged\n"
    )
    assert idlgen("build", "user.yaml", *DOCS, "-q").output == ""
    assert idlgen("check", "user.yaml", *DOCS).output == "2 files up to date\n"


@pytest.mark.usefixtures("schema")
def test_machines_get_one_document(idlgen: Idlgen) -> None:
    result = idlgen("build", "user.yaml", *DOCS, "--output-format", "json")
    assert json.loads(result.stdout) == []
    assert result.stderr == "wrote 2 files\n"


@pytest.mark.usefixtures("schema")
def test_out_is_relative_to_the_working_folder(idlgen: Idlgen, tmp_path: Path) -> None:
    (tmp_path / "idlgen.toml").write_text("out = 'configured'")
    assert idlgen("build", "user.yaml", *DOCS, "--out", "here/there").exit_code == 0
    assert (tmp_path / "here/there/user/user.md").exists()
    assert idlgen("build", "user.yaml", *DOCS).exit_code == 0
    assert (tmp_path / "configured/user/user.md").exists()


def test_diff_shows_what_would_change_and_writes_nothing(
    idlgen: Idlgen, schema: Path, tmp_path: Path
) -> None:
    first = idlgen("build", "user.yaml", *DOCS, "--diff")
    assert first.exit_code == 0
    assert "--- /dev/null\n+++ generated/user/user.md\n@@ -0,0 +1," in first.stdout
    assert not (tmp_path / "generated").exists()
    idlgen("build", "user.yaml", *DOCS)
    assert idlgen("build", "user.yaml", *DOCS, "--diff").output == ""
    schema.write_text("types:\n  User: {fields: {number: int}}\n")
    changed = idlgen("build", "user.yaml", *DOCS, "--diff", "--color", "always")
    assert "\x1b[31m--- generated/user/user.d.ts\x1b[0m\n" in changed.stdout
    assert idlgen("check", "user.yaml", *DOCS).exit_code == 1


@pytest.mark.usefixtures("schema")
def test_stdout_prints_the_files_and_writes_nothing(
    idlgen: Idlgen, tmp_path: Path
) -> None:
    result = idlgen("build", "user.yaml", *DOCS, "--stdout")
    assert result.exit_code == 0
    assert not (tmp_path / "generated").exists()
    idlgen("build", "user.yaml", *DOCS)
    names = ("user/user.d.ts", "user/user.md")
    assert result.stdout == "".join(
        f"==> {name} <==\n{(tmp_path / 'generated' / name).read_text()}"
        for name in names
    )


def test_a_project_begins(idlgen: Idlgen, tmp_path: Path) -> None:
    result = idlgen("init")
    assert result.exit_code == 0
    written = [
        "idlgen.toml",
        "schemas/greeting.yaml",
        ".gitattributes",
        ".github/workflows/idlgen.yml",
        ".gitlab-ci.yml",
    ]
    assert result.stdout == (
        "".join(f"wrote {name}\n" for name in written)
        + "next: idlgen build && idlgen check\n"
    )
    assert (tmp_path / ".gitattributes").read_text() == (
        "# Where two branches changed the schema, merge the schema, then run "
        "`idlgen build`.\n"
        "generated/** linguist-generated text eol=lf -merge\n"
    )
    assert idlgen("build").exit_code == 0
    assert idlgen("check").exit_code == 0
    assert (tmp_path / "generated/greeting/client.py").exists()
    assert (tmp_path / "generated/greeting/greeting.md").exists()


@pytest.mark.parametrize(
    ("out", "pattern"),
    [
        ("./src/stubs/", "src/stubs/**"),
        ("my stubs", '"my stubs/**"'),
        # What stands elsewhere is no business of this folder's file.
        ("../stubs", None),
        (".", None),
    ],
)
def test_what_git_is_told_names_the_folder_of_the_configuration(
    idlgen: Idlgen, tmp_path: Path, out: str, pattern: str | None
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.idlgen]\nschemas = ["*.yaml"]\nout = "{out}"\n'
    )
    assert idlgen("init").exit_code == 0
    file = tmp_path / ".gitattributes"
    if pattern is None:
        assert not file.exists()
    else:
        rule = f"{pattern} linguist-generated text eol=lf -merge"
        assert file.read_text().splitlines()[1:] == [rule]


def test_a_second_beginning_changes_nothing(idlgen: Idlgen, tmp_path: Path) -> None:
    idlgen("init", "deep/project")
    root = tmp_path / "deep/project"
    (root / "idlgen.toml").write_text("# mine\n")
    (root / ".gitattributes").write_text("*.png binary\n")
    (root / ".gitlab-ci.yml").unlink()
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    result = idlgen("init", "deep/project")
    assert result.exit_code == 0
    assert result.stdout == (
        "exists idlgen.toml, left as it is\n"
        "exists schemas/greeting.yaml, left as it is\n"
        "exists .gitattributes, left as it is\n"
        "  to be added by hand:\n"
        "    # Where two branches changed the schema, merge the schema, then run "
        "`idlgen build`.\n"
        "    generated/** linguist-generated text eol=lf -merge\n"
        "exists .github/workflows/idlgen.yml, left as it is\n"
        "wrote .gitlab-ci.yml\n"
        "next: cd deep/project && idlgen build && idlgen check\n"
    )
    after = {path: path.read_bytes() for path in before}
    assert after == before


def test_a_beginning_respects_a_configuration_in_pyproject(
    idlgen: Idlgen, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.idlgen]\n")
    result = idlgen("init")
    assert "exists [tool.idlgen] of pyproject.toml, left as it is\n" in result.stdout
    assert not (tmp_path / "idlgen.toml").exists()
    assert not (tmp_path / "schemas").exists()


def test_a_beginning_that_cannot_be_written(idlgen: Idlgen, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = idlgen("init", "file")
    assert result.exit_code == 2
    assert "error[IDL461]: cannot write `file" in result.stderr
    assert (tmp_path / "file").read_text() == ""


def test_gone_output_is_written_again(idlgen: Idlgen, schema: Path) -> None:
    idlgen("build", "user.yaml", *DOCS)
    shutil.rmtree(schema.parent / "generated")
    assert idlgen("check", "user.yaml", *DOCS).exit_code == 1
    assert idlgen("build", "user.yaml", *DOCS).output == "wrote 2 files\n"
