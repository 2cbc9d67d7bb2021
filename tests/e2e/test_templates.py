"""A project with templates of its own, from the command line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from idlgen.cli.application import application

USER = """\
package: user
types:
  User: {fields: {id: int, name: string}}
"""
CONFIGURATION = """\
schemas = ["user.yaml"]
templates = "idl_templates"

[python]
line_length = 60
"""
TYPES = """\
# Copyright ACME
{% include "builtin/types.py.j2" %}
ALL = [ 'Uuuuuuuuuuuuuuuuuuuuuuuser', 'Ooooooooooooooooooooooooorder' ]
"""
FORMATTED = """\

ALL = [
    "Uuuuuuuuuuuuuuuuuuuuuuuser",
    "Ooooooooooooooooooooooooorder",
]
"""
MARKDOWN = "docs/package.md.j2"

Write = Callable[[str, str], Path]


def idlgen(*arguments: str) -> Result:
    result = CliRunner().invoke(application, arguments, prog_name="idlgen")
    assert result.exit_code != 3, result.output
    return result


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "user.yaml").write_text(USER)
    (tmp_path / "idlgen.toml").write_text(CONFIGURATION)
    (tmp_path / "idl_templates").mkdir()
    return tmp_path


@pytest.fixture
def template(project: Path) -> Write:
    """`template("docs/package.md.j2", text)` writes one of the project's own."""

    def write(name: str, text: str) -> Path:
        path = project / "idl_templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


def body(project: Path, name: str) -> str:
    text = (project / "generated/user" / name).read_text()
    return text.split("\n", 2)[2]


def test_a_template_replaces_the_built_in_one(project: Path, template: Write) -> None:
    template(MARKDOWN, "# {{ view.title }}, by us\n")
    assert idlgen("build").exit_code == 0
    assert body(project, "user.md") == "# Package user, by us\n"
    assert "interface User" in body(project, "user.d.ts")
    assert idlgen("check").exit_code == 0
    assert not list((project / "idl_templates").rglob("__pycache__"))


def test_what_it_writes_in_python_is_formatted(project: Path, template: Write) -> None:
    template("python/types.py.j2", TYPES)
    assert idlgen("build").exit_code == 0
    types = body(project, "types.py")
    assert types.startswith("# Copyright ACME\n")
    assert "class User(" in types
    assert types.endswith(FORMATTED)
    assert idlgen("check").exit_code == 0


def test_built_in_templates_never_need_black(
    project: Path, template: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "black", None)
    template(MARKDOWN, "# {{ view.title }}\n")
    assert idlgen("build").exit_code == 0
    assert (project / "generated/user/types.py").exists()


def test_without_black_the_extra_is_named(
    project: Path, template: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "black", None)
    template("python/types.py.j2", TYPES)
    for command in ("build", "check", "config"):
        result = idlgen(command)
        assert result.exit_code == 2
        assert "error[IDL516]" in result.stderr
        assert "--> idlgen.toml:2:1" in result.stderr
        assert "pip install 'idlgen[format]'" in result.stderr
    assert not (project / "generated").exists()
    assert idlgen("build", "--target", "docs").exit_code == 0


def change(project: Path) -> None:
    text = '# {{ view.title }}, again\n{% include "part.j2" %}\n'
    (project / "idl_templates" / MARKDOWN).write_text(text)


def remove(project: Path) -> None:
    shutil.rmtree(project / "idl_templates/docs")


def change_part(project: Path) -> None:
    (project / "idl_templates/docs/part.j2").write_text("other")


@pytest.mark.parametrize("drift", [change, remove, change_part])
def test_a_change_of_a_template_is_drift(
    project: Path, template: Write, drift: Callable[[Path], None]
) -> None:
    template(MARKDOWN, '# {{ view.title }}\n{% include "part.j2" %}\n')
    template("docs/part.j2", "one")
    assert idlgen("build").exit_code == 0
    drift(project)
    result = idlgen("check")
    assert result.exit_code == 1
    found = [line for line in result.stdout.splitlines() if "[IDL" in line]
    assert found == ["generated/user/user.md: generator or template changed [IDL455]"]
    assert idlgen("build").exit_code == 0
    assert idlgen("check").exit_code == 0


def test_where_the_folder_lies_and_how_lines_end_is_no_drift(
    project: Path, template: Write
) -> None:
    path = template(MARKDOWN, "# {{ view.title }}\n\nBy us.\n")
    assert idlgen("build").exit_code == 0
    before = (project / "generated/user/user.md").read_bytes()
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    shutil.move(project / "idl_templates", project / "elsewhere")
    text = CONFIGURATION.replace("idl_templates", "./elsewhere")
    (project / "idlgen.toml").write_text(text)
    assert idlgen("build").exit_code == 0
    assert (project / "generated/user/user.md").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "text", "code", "place"),
    [
        (MARKDOWN, "a\n{{ view.nope }}\n", "IDL515", f"{MARKDOWN}:2:1"),
        (MARKDOWN, "a\n\n  {% if %}\n", "IDL514", f"{MARKDOWN}:3:3"),
        ("docs/nope.j2", "", "IDL513", "docs/nope.j2"),
        ("doc/package.md.j2", "", "IDL513", "doc"),
        ("python/types.py.j2", "x = = 1\n", "IDL517", "python/types.py.j2"),
    ],
)
def test_a_fault_is_told_and_nothing_is_written(
    project: Path, template: Write, name: str, text: str, code: str, place: str
) -> None:
    template(name, text)
    for command in ("build", "check"):
        result = idlgen(command)
        assert result.exit_code == 2
        assert result.stderr.count("error[") == 1
        assert f"error[{code}]" in result.stderr
        assert f"--> idl_templates/{place}\n" in result.stderr
        assert result.stdout == ""
    assert not (project / "generated").exists()


def test_a_folder_that_is_missing_is_told_at_the_key(project: Path) -> None:
    (project / "idl_templates").rmdir()
    result = idlgen("build")
    assert result.exit_code == 2
    assert "error[IDL512]: cannot read `idl_templates`" in result.stderr
    assert "--> idlgen.toml:2:1" in result.stderr
