from __future__ import annotations

from pathlib import Path

import pytest

from idlgen.workspace.configuration import Configuration, Found, find_configuration


def find(folder: Path, **files: str) -> Found:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return find_configuration(folder)


def findings(found: Found) -> list[tuple[str, str, str | None]]:
    """Return code, line:column and hint of each finding."""
    assert found.configuration is None
    return [
        (it.code, "{}:{}".format(*it.span.position) if it.span else "", it.hint)
        for it in found.diagnostics
    ]


def test_a_table_of_pyproject(tmp_path: Path) -> None:
    found = find(
        tmp_path,
        pyproject=(
            "[tool.idlgen]\n"
            'schemas = ["schemas/*.yaml", "스키마/more.yaml"]\n'
            'out = "lib"\n'
            'targets = ["docs"]\n'
        ),
    )
    assert found.configuration == Configuration(
        folder=tmp_path,
        file="pyproject.toml",
        schemas=("schemas/*.yaml", "스키마/more.yaml"),
        out="lib",
        targets=("docs",),
    )


def test_a_file_of_its_own(tmp_path: Path) -> None:
    found = find(tmp_path, idlgen='out = "lib"\n', pyproject="[tool.black]\n")
    assert found.configuration == Configuration(
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


KNOWN = "allowed here: `schemas`, `out`, `targets`, `python`, `docs`"


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
            ("IDL504", "3:3", "did you mean `docs`? targets are `python`, `docs`"),
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
