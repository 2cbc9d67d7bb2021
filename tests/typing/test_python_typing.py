"""Both checkers accept what is right, and refuse each mistake at its own line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path, PurePosixPath

import msgspec
import pytest

from idlgen.compiler import compile
from idlgen.runtime import Method
from idlgen.targets.python.target import PythonTarget

FOLDER = Path(__file__).parent
SCHEMAS = ("names", "constraints", "events", "pages")
ROOT = FOLDER.parent.parent
Check = Callable[[Path], set[tuple[str, int]]]


@pytest.fixture(scope="module")
def mypy(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """`mypy(path)`: the file and line of each error, in strict mode."""
    cache = tmp_path_factory.mktemp("mypy")

    def check(path: Path) -> set[tuple[str, int]]:
        command = [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file="),
            *("--explicit-package-bases", "--no-error-summary", "--no-pretty"),
            *("--cache-dir", str(cache), str(path)),
        ]
        run = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "MYPYPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        assert run.stderr == ""
        found = re.findall(r"^(.+?):(\d+): error: ", run.stdout, re.MULTILINE)
        assert run.returncode == bool(found), run.stdout
        return {(Path(file).name, int(line)) for file, line in found}

    return check


@pytest.fixture(scope="module")
def checked_by_pyright(pyright: str, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """`checked_by_pyright(path)`: the file and line of each finding, in strict mode."""
    folder = tmp_path_factory.mktemp("pyright")

    def check(path: Path) -> set[tuple[str, int]]:
        configuration = {
            "typeCheckingMode": "strict",
            # Pyright ignores absolute paths here.
            "include": [os.path.relpath(path, folder)],
            "extraPaths": [str(ROOT)],
            "pythonVersion": "3.11",
        }
        project = folder / "pyrightconfig.json"
        project.write_text(json.dumps(configuration))
        command = [
            *(pyright, "--project", str(project)),
            *("--pythonpath", sys.executable, "--outputjson"),
        ]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        report = json.loads(run.stdout)
        assert report["summary"]["filesAnalyzed"] > 0
        return {
            (Path(found["file"]).name, found["range"]["start"]["line"] + 1)
            for found in report["generalDiagnostics"]
        }

    return check


@pytest.fixture(params=["mypy", "checked_by_pyright"])
def check(request: pytest.FixtureRequest) -> Check:
    """Either checker."""
    checker: Check = request.getfixturevalue(request.param)
    return checker


@pytest.fixture(scope="module")
def tricky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what is generated from the schemas here."""
    folder = tmp_path_factory.mktemp("names")
    outcome = compile(
        [PurePosixPath(f"{name}.yaml") for name in SCHEMAS],
        lambda path: (FOLDER / path).read_bytes(),
        [PythonTarget({})],
    )
    assert outcome.diagnostics == ()
    for file in outcome.files:
        path = folder / "tricky_names" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.body, encoding="utf-8")
    return folder


def marked(path: Path) -> Iterable[tuple[str, int]]:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if "  # error: " in line:
            yield path.name, number


@pytest.mark.parametrize("program", ["python", "batch", "interceptors"])
def test_what_users_write_is_accepted(check: Check, program: str) -> None:
    assert check(FOLDER / f"{program}_accepted.py") == set()


@pytest.mark.parametrize("program", ["python", "batch", "interceptors"])
def test_each_mistake_is_refused_where_it_is(check: Check, program: str) -> None:
    path = FOLDER / f"{program}_must_fail.py"
    assert check(path) == set(marked(path))


PROGRAMS = ["events_accepted", "events_must_fail", "pages_accepted", "pages_must_fail"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_of_what_other_schemas_make(
    check: Check, tricky: Path, program: str
) -> None:
    path = FOLDER / f"programs/{program}.py"
    # Among what it imports, which is made for the tests alone.
    copy = tricky / "tricky_names" / path.name
    copy.write_bytes(path.read_bytes())
    try:
        assert check(copy) == set(marked(path))
    finally:
        copy.unlink()


@pytest.mark.parametrize("package", ["user", "order", "database"])
def test_generated_code_is_accepted(check: Check, package: str) -> None:
    assert check(ROOT / "generated_examples" / package) == set()


def test_checkers_accept_all_names_and_constraints_that_a_schema_can_have(
    check: Check, tricky: Path
) -> None:
    assert check(tricky / "tricky_names") == set()


def test_black_changes_nothing_in_them(tricky: Path) -> None:
    command = [sys.executable, "-m", "black", "--check", str(tricky)]
    run = subprocess.run(command, cwd=tricky, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("package", ["tricky.class_", "constrained", "events", "pages"])
def test_all_names_and_constraints_work_at_run_time(
    tricky: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.syspath_prepend(tricky)
    package = f"tricky_names.{package}"
    for module in ("types", "errors", "_service", "client", "server", "testing"):
        loaded = import_module(f"{package}.{module}")
        for declared in vars(loaded).values():
            struct = getattr(declared, "Fields", declared)
            if isinstance(struct, type) and issubclass(struct, msgspec.Struct):
                msgspec.inspect.type_info(struct)
            if isinstance(declared, Method):
                msgspec.inspect.type_info(declared.returns)


def test_defaults_of_every_kind_work_at_run_time(
    tricky: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tricky)
    types = import_module("tricky_names.tricky.class_.types")
    made = types.Defaulting()
    assert msgspec.json.decode(msgspec.json.encode(made), type=dict)["oid"] == 5
    assert types.Defaulting2(n=5) == types.Defaulting2()
    assert b'"n":5' in msgspec.json.encode(types.Defaulting2())
