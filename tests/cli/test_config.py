from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Idlgen = Callable[..., Result]

PYPROJECT = """\
[tool.black]
line-length = 100

[tool.idlgen]
required-version = ">=0.1"
schemas = ["*.yaml"]
out = "한글"
"""


def test_without_a_configuration_all_is_default(idlgen: Idlgen) -> None:
    result = idlgen("config")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "# no configuration file\n"
        "# required-version is not set    # default\n"
        "# schemas is not set             # default\n"
        'out = "generated"                # default\n'
        'targets = ["python", "docs"]     # default\n'
        "# templates is not set           # default\n"
        "python.line_length = 88          # default\n"
        "# openrpc.url is not set         # default\n"
        "# typescript.runtime is not set  # default\n"
    )


@pytest.mark.usefixtures("schema")
def test_every_value_tells_where_it_comes_from(
    idlgen: Idlgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    result = idlgen("config", "--show", "--target", "docs", "../user.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "# ../pyproject.toml\n"
        'required-version = ">=0.1"       # pyproject.toml:5\n'
        'schemas = ["../user.yaml"]       # command line\n'
        'out = "한글"                       # pyproject.toml:7\n'
        'targets = ["docs"]               # command line\n'
        "# templates is not set           # default\n"
        "python.line_length = 100         # pyproject.toml:2, [tool.black]\n"
        "# openrpc.url is not set         # default\n"
        "# typescript.runtime is not set  # default\n"
    )


def test_an_option_of_a_target_wins_over_the_formatter(
    idlgen: Idlgen, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 100\n")
    (tmp_path / "idlgen.toml").write_text("[python]\nline_length = 60\n")
    assert (
        "python.line_length = 60          # idlgen.toml:2\n" in idlgen("config").stdout
    )


@pytest.mark.usefixtures("schema")
def test_machines_get_one_document(idlgen: Idlgen, tmp_path: Path) -> None:
    (tmp_path / "idlgen.toml").write_text('schemas = ["*.yaml"]\n')
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 99\n")
    result = idlgen("config", "--output-format", "json", "--out", "lib")
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document["file"] == "idlgen.toml"
    settings = {setting.pop("key"): setting for setting in document["settings"]}
    assert [*settings] == [
        "required-version",
        "schemas",
        "out",
        "targets",
        "templates",
        "python.line_length",
        "openrpc.url",
        "typescript.runtime",
    ]
    assert settings["schemas"] == {
        "value": ["*.yaml"],
        "origin": "configuration",
        "path": "idlgen.toml",
        "line": 1,
    }
    assert settings["out"] == {
        "value": "lib",
        "origin": "command line",
        "path": None,
        "line": None,
    }
    assert settings["targets"]["origin"] == "default"
    assert settings["python.line_length"] == {
        "value": 99,
        "origin": "formatter",
        "path": "pyproject.toml",
        "line": 2,
    }


def test_a_faulty_configuration_is_shown_and_reported(
    idlgen: Idlgen, tmp_path: Path
) -> None:
    (tmp_path / "idlgen.toml").write_text("out = 'lib'\ntarget = ['docs']\n")
    result = idlgen("config")
    assert result.exit_code == 2
    assert 'out = "lib" ' in result.stdout
    assert "error[IDL502]" in result.stderr
    assert "did you mean `targets`?" in result.stderr
    machine = idlgen("config", "--output-format", "json")
    assert machine.exit_code == 2
    assert json.loads(machine.stdout)["file"] == "idlgen.toml"
    assert [it["code"] for it in json.loads(machine.stderr)] == ["IDL502"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("out = ", "IDL501"),
        ("required-version = '>=99'", "IDL510"),
        ("required-version = 'new'", "IDL511"),
    ],
)
def test_what_cannot_be_read_is_only_reported(
    idlgen: Idlgen, tmp_path: Path, text: str, code: str
) -> None:
    (tmp_path / "idlgen.toml").write_text(text)
    result = idlgen("config")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"error[{code}]" in result.stderr


@pytest.mark.parametrize("line_length", [19, 0, -1])
def test_a_line_length_that_makes_no_sense_is_refused_at_its_place(
    idlgen: Idlgen, tmp_path: Path, schema: Path, line_length: int
) -> None:
    text = f"schemas = ['{schema.name}']\n[python]\nline_length = {line_length}\n"
    (tmp_path / "idlgen.toml").write_text(text)
    for command in ("build", "check", "config"):
        result = idlgen(command)
        assert result.exit_code == 2
        assert "error[IDL509]: target `python`: `line_length` must be" in result.stderr
        assert "--> idlgen.toml:3:1" in result.stderr
    assert not (tmp_path / "generated").exists()


def test_a_formatter_whose_lines_are_too_short_is_named(
    idlgen: Idlgen, tmp_path: Path, schema: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 10\n")
    result = idlgen("build", schema.name)
    assert result.exit_code == 2
    assert "--> pyproject.toml:2:1" in result.stderr
    assert "= help: set `line_length` of target `python`" in result.stderr


def test_the_shortest_lines_are_built(
    idlgen: Idlgen, tmp_path: Path, schema: Path
) -> None:
    (tmp_path / "idlgen.toml").write_text("[python]\nline_length = 20\n")
    assert idlgen("build", schema.name).exit_code == 0
