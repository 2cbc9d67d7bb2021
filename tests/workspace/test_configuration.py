from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from idlgen.workspace.configuration import Configuration, Found, find_configuration


def find(folder: Path, **files: str) -> Found:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return find_configuration(folder)


def findings(found: Found) -> list[tuple[str, str, str | None]]:
    """Return code, line:column and hint of each finding."""
    return [
        (it.code, "{}:{}".format(*it.span.position) if it.span else "", it.hint)
        for it in found.diagnostics
    ]


def values(found: Found) -> Configuration:
    """Return the configuration without the places of its keys."""
    assert found.diagnostics == ()
    assert found.configuration is not None
    return replace(found.configuration, places={})


def test_a_table_of_pyproject(tmp_path: Path) -> None:
    found = find(
        tmp_path,
        pyproject=(
            "[tool.idlgen]\n"
            'schemas = ["schemas/*.yaml", "스키마/more.yaml"]\n'
            'out = "lib"\n'
            'targets = ["docs"]\n'
            'templates = "idl_templates"\n'
            'required-version = ">=0.1"\n'
        ),
    )
    assert values(found) == Configuration(
        folder=tmp_path,
        file="pyproject.toml",
        schemas=("schemas/*.yaml", "스키마/more.yaml"),
        out="lib",
        targets=("docs",),
        templates="idl_templates",
        required_version=">=0.1",
    )


def test_a_file_of_its_own(tmp_path: Path) -> None:
    found = find(tmp_path, idlgen='out = "lib"\n', pyproject="[tool.black]\n")
    assert values(found) == Configuration(
        folder=tmp_path, file="idlgen.toml", out="lib"
    )


def test_the_nearest_configuration_above_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)
    (tmp_path / "a/pyproject.toml").write_text("[project]\nname = 'uses-idlgen'\n")
    (tmp_path / "idlgen.toml").write_text("")
    found = find_configuration(inner)
    assert found.configuration is not None
    assert found.configuration.folder == tmp_path


def test_two_configurations_in_one_folder_are_refused(tmp_path: Path) -> None:
    found = find(tmp_path, idlgen="", pyproject="[project]\n[tool.idlgen]\n")
    hint = "keep one of them and move into it what the other says"
    assert findings(found) == [("IDL505", "2:2", hint)]


KNOWN = (
    "allowed here: `required-version`, `schemas`, `out`, `targets`, `templates`, "
    "`python`, `docs`, `openrpc`, `typescript`"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('schema = ["a"]', ("IDL502", "1:1", f"did you mean `schemas`? {KNOWN}")),
        ("zzz = 1", ("IDL502", "1:1", KNOWN)),
        ('out = ""', ("IDL503", "1:1", None)),
        ('schemas = ["a\\u0000"]', ("IDL503", "1:1", None)),
        ("out = 1", ("IDL503", "1:1", None)),
        ('\nschemas = "a"', ("IDL503", "2:1", None)),
        ("schemas = []", ("IDL503", "1:1", None)),
        ("schemas = [1]", ("IDL503", "1:1", None)),
        (
            'targets = [\n  "python",\n  "doc",\n]',
            (
                "IDL504",
                "3:3",
                "did you mean `docs`? targets are `python`, `docs`, `openrpc`, `typescript`",
            ),
        ),
        ("templates = ''", ("IDL503", "1:1", None)),
        ("required-version = 1", ("IDL503", "1:1", None)),
        (
            "required_version = '>=1'",
            ("IDL502", "1:1", f"did you mean `required-version`? {KNOWN}"),
        ),
        ("docs = 1", ("IDL503", "1:1", None)),
        (
            "[pyton]\nline_length = 1",
            ("IDL502", "1:2", f"did you mean `python`? {KNOWN}"),
        ),
        (
            "[python]\nline_lenght = 1",
            (
                "IDL502",
                "2:1",
                "did you mean `line_length`? allowed here: `line_length`",
            ),
        ),
        ("[python]\nline_length = '88'", ("IDL503", "2:1", None)),
        ("[python]\nline_length = true", ("IDL503", "2:1", None)),
        ("python = {line_length = 'x'}", ("IDL503", "1:11", None)),
        ("python.line_length = 'x'", ("IDL503", "1:1", None)),
        ("out = [", ("IDL501", "1:8", None)),
        ("a = 1\nout = yes", ("IDL501", "2:7", None)),
    ],
)
def test_a_fault_has_a_place_and_a_suggestion(
    tmp_path: Path, text: str, expected: tuple[str, str, str | None]
) -> None:
    assert findings(find(tmp_path, idlgen=text)) == [expected]


def test_a_place_in_pyproject_is_the_one_in_our_table(tmp_path: Path) -> None:
    text = "[tool.black]\nout = 1\n[tool.idlgen]\nout = 1\n[tool.other]\nout = 1\n"
    assert findings(find(tmp_path, pyproject=text)) == [("IDL503", "4:1", None)]


def test_all_faults_are_reported(tmp_path: Path) -> None:
    found = find(tmp_path, idlgen="out = 1\nnope = 1\n[python]\nnope = 1\n")
    assert [it[0] for it in findings(found)] == ["IDL503", "IDL502", "IDL502"]


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "idlgen.toml").write_bytes(b"out = '\xff'")
    found = find_configuration(tmp_path)
    assert [it.message for it in found.diagnostics] == [
        "`idlgen.toml` is not UTF-8: byte 7 is 0xff"
    ]


def test_what_is_right_of_a_faulty_configuration_is_kept(tmp_path: Path) -> None:
    text = "out = 'lib'\ntargets = 1\n[python]\nline_length = 100\nnope = 1\n"
    configuration = find(tmp_path, idlgen=text).configuration
    assert configuration is not None
    assert (configuration.out, configuration.targets) == ("lib", None)
    assert configuration.options == {"python": {"line_length": 100}}


def test_keys_have_places(tmp_path: Path) -> None:
    text = "[tool.idlgen]\nout = 'lib'\n[tool.idlgen.python]\nline_length = 100\n"
    configuration = find(tmp_path, pyproject=text).configuration
    assert configuration is not None
    places = {key: span.position.line for key, span in configuration.places.items()}
    assert places == {("out",): 2, ("python", "line_length"): 4}


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        (">=99", ("IDL510", "1:20")),
        ("<0.1", ("IDL510", "1:20")),
        ("0.1", ("IDL511", "1:20")),
        (">=0.1,", ("IDL511", "1:20")),
    ],
)
def test_the_version_comes_before_all_else(
    tmp_path: Path, requirement: str, expected: tuple[str, str]
) -> None:
    text = f"required-version = '{requirement}'\nnewer = 1\nout = 1\n"
    found = find(tmp_path, idlgen=text, pyproject="[tool.idlgen]\nnope = 1\n")
    assert found.configuration is None
    assert [it[:2] for it in findings(found)] == [expected]


def test_another_version_is_told_the_way_out(tmp_path: Path) -> None:
    (finding,) = find(tmp_path, idlgen='required-version = ">=99"').diagnostics
    assert finding.message == "this is idlgen 0.1.0, and the project requires `>=99`"
    assert finding.hint == (
        "install one that fits: `pip install 'idlgen>=99'`; or change "
        "`required-version`"
    )
