"""Names of files, of schemas and of what they import, never become code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from tests.e2e.hostile.conftest import Build, python_shape
from tests.e2e.hostile.schema import schema, yaml

FILE_NAMES = [
    "harmless.yaml",
    "a\nimport canary.yaml",
    "b\rimport canary.yaml",
    "c\u2028import canary.yaml",
    "coding=utf-7.yaml",
    "# coding: latin-1 é.yaml",
    "e --> <script>canary()</script>.yaml".replace("/", "\u2215"),
    "f */ canary(); /*.yaml".replace("/", "\u2215"),
    'g "\'""" \\ {{ 7 * 7 }} {% raw %}.yaml',
    "h \u202e\u2066.yaml",
    "[canary].yaml",
    "@ts-nocheck.yaml",
    "type: ignore.yaml",
]


def test_names_of_files_never_become_code(tmp_path: Path, build: Build) -> None:
    for number, name in enumerate(FILE_NAMES):
        text = yaml(schema(f"file{number}", ["harmless text"]))
        (tmp_path / name).write_text(text, "utf-8")
    build(tmp_path, FILE_NAMES)
    for number in range(len(FILE_NAMES)):
        for path in sorted((tmp_path / "hostile" / f"file{number}").iterdir()):
            before = tmp_path / "hostile/file0" / path.name.replace(str(number), "0")
            # The two lines of a header that comments end with, and nothing else.
            lines = path.read_text("utf-8").splitlines()
            assert len(lines) == len(before.read_text("utf-8").splitlines())
            if path.suffix == ".py":
                assert python_shape(path) == python_shape(before)


# These hold what no path of an import may hold.
NO_IMPORTS = {name for name in FILE_NAMES if any(c in name for c in "\n\r\\")}
IMPORTS = [name for name in FILE_NAMES if name not in NO_IMPORTS]


def importer(package: str, paths: Sequence[str]) -> object:
    """Return a schema with a field, a variant and an error of each imported schema."""
    names = [f"import{number}" for number in range(len(paths))]
    return {
        "package": package,
        "imports": dict(zip(names, paths, strict=True)),
        "types": {
            "All": {"fields": {name: f"{name}.Thing" for name in names}},
            "Any": {"union": {name: f"{name}.Thing" for name in names}},
        },
        "services": {
            "Service": {
                "methods": {
                    "go": {
                        "params": {"value": "All"},
                        "returns": "Any",
                        "errors": [f"{name}.Bad" for name in names],
                    }
                }
            }
        },
    }


def test_paths_of_imports_never_become_code(tmp_path: Path, build: Build) -> None:
    before = [f"before{number}.yaml" for number in range(len(IMPORTS))]
    after = [f"sub/../{name}" for name in IMPORTS]
    for number, names in enumerate(zip(before, IMPORTS, strict=True)):
        for name, moment in zip(names, ("before", "after"), strict=True):
            imported = {
                "package": f"{moment}{number}",
                "types": {"Thing": {"fields": {"name": "string"}}},
                "errors": {"Bad": {"status": "aborted"}},
            }
            (tmp_path / name).write_text(yaml(imported), "utf-8")
    for package, paths in {"from_before": before, "from_after": after}.items():
        text = yaml(importer(package, paths))
        (tmp_path / f"{package}.yaml").write_text(text, "utf-8")
    build(tmp_path, ["from_before.yaml", "from_after.yaml"])
    for path in sorted((tmp_path / "hostile/from_before").glob("*.py")):
        found = python_shape(tmp_path / "hostile/from_after" / path.name)
        found = found.replace("after", "before")
        assert found == python_shape(path), path.name
    assert not [*tmp_path.rglob("canary*")]


@pytest.mark.parametrize("name", sorted(NO_IMPORTS))
def test_paths_that_no_import_may_have_are_refused(name: str) -> None:
    text = yaml(importer("importer", [name])).encode()
    found = compile([PurePosixPath("p.yaml")], lambda _: text, []).diagnostics
    assert {each.code for each in found} == {"IDL027"}


def test_half_a_surrogate_is_refused() -> None:
    text = b'package: p\ndoc: "\\ud800"\n'
    found = compile([PurePosixPath("p.yaml")], lambda _: text, []).diagnostics
    assert [each.code for each in found] == ["IDL012"]
