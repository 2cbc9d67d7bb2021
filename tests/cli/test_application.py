from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from idlgen import compiler

Idlgen = Callable[..., Result]


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False
    )


def test_version_loads_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from idlgen.cli import run\n"
        "sys.argv = ['idlgen', 'version']\n"
        "try:\n"
        "    run()\n"
        "finally:\n"
        "    print({'click', 'jinja2', 'yaml', 'msgspec', 'idlgen.diagnostics'}"
        " & set(sys.modules))\n"
    )
    done = start("-c", program)
    assert done.returncode == 0
    assert done.stdout == "idlgen 0.1.0\n{'click'}\n"


def test_the_package_is_a_program() -> None:
    done = start("-m", "idlgen", "versoin")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command 'versoin'. Did you mean 'version'?" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["biuld"], "No such command 'biuld'. Did you mean 'build'?"),
        (["Check"], "No such command 'Check'. Did you mean 'check'?"),
        (["zzz"], "No such command 'zzz'."),
        (["build", "--fource"], "--force"),
        (["--collor", "never", "version"], "--color"),
        (["--output-format", "xml", "version"], "'xml' is not one of"),
        (["build", "--diff", "--stdout"], "--diff and --stdout exclude each other."),
        (["build", "--out"], "requires an argument"),
        (["check", "--out", ""], "--out is empty."),
        (["explain"], "Missing argument"),
    ],
)
def test_a_wrong_word_is_a_usage_error(
    idlgen: Idlgen, arguments: list[str], message: str
) -> None:
    result = idlgen(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_help_names_every_command(idlgen: Idlgen) -> None:
    result = idlgen("--help")
    assert result.exit_code == 0
    groups = {
        "Generate": ["build", "check", "config", "init"],
        "Run": ["serve", "call", "mock"],
        "Look up": ["explain", "rules", "schema", "version"],
    }
    for heading, names in groups.items():
        commands = result.stdout.split(f"{heading}:\n")[1].split("\n\n")[0]
        assert [line.split()[0] for line in commands.splitlines()] == names
        for name in names:
            assert idlgen(name, "--help").exit_code == 0


def test_options_may_stand_before_or_after_the_command(idlgen: Idlgen) -> None:
    for arguments in (
        ["--output-format", "json", "build", "gone.yaml"],
        ["build", "gone.yaml", "--output-format", "json"],
        ["--output-format", "github", "build", "--output-format", "json", "gone.yaml"],
    ):
        result = idlgen(*arguments, "--target", "docs")
        assert result.exit_code == 2
        (finding,) = json.loads(result.stdout)
        assert (finding["code"], finding["path"]) == ("IDL001", "gone.yaml")
        assert result.stderr == ""


def test_findings_for_github_go_to_stdout(idlgen: Idlgen, schema: Path) -> None:
    schema.write_text("types:\n  A: Bee\n")
    result = idlgen("build", "user.yaml", "--target", "docs", "--output-format=github")
    assert result.exit_code == 1
    assert result.stdout.startswith("::error ")
    assert "file=user.yaml,line=2,col=6" in result.stdout


def test_findings_in_text_go_to_stderr(idlgen: Idlgen, schema: Path) -> None:
    schema.write_text("types:\n  A: Bee\n")
    result = idlgen("build", "user.yaml", "--target", "docs")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "--> user.yaml:2:6" in result.stderr


def test_without_a_configuration_messages_still_lead_to_the_file(
    idlgen: Idlgen, schema: Path
) -> None:
    (schema.parent / "schemas").mkdir()
    schema.rename(schema.parent / "schemas/user.yaml").write_text("types: {A: Bee}\n")
    result = idlgen("build", "schemas/user.yaml", "--target", "docs")
    assert "--> schemas/user.yaml:1:12" in result.stderr


def broken(error: BaseException) -> Callable[..., object]:
    def fail(*arguments: object) -> object:
        raise error

    return fail


@pytest.mark.usefixtures("schema")
def test_a_fault_of_idlgen_itself_is_a_line(
    idlgen: Idlgen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiler, "compile", broken(ValueError("boom")))
    result = idlgen("build", "user.yaml", "--target", "docs")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("internal error: ValueError: boom (")
    assert "report" in result.stderr
    result = idlgen("build", "user.yaml", "--target", "docs", "-v")
    assert result.exit_code == 3
    assert "Traceback" in result.stderr


@pytest.mark.usefixtures("schema")
def test_an_interrupt_ends_with_130(
    idlgen: Idlgen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiler, "compile", broken(KeyboardInterrupt()))
    assert idlgen("build", "user.yaml", "--target", "docs").exit_code == 130


def test_a_reader_that_went_away_is_no_news(idlgen: Idlgen, schema: Path) -> None:
    fields = "".join(f"    f{number}: int\n" for number in range(5_000))
    schema.write_text(f"types:\n  User:\n   fields:\n{fields}")
    (schema.parent / "idlgen.toml").write_text('targets = ["docs"]')
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "idlgen", "build", "user.yaml", "--stdout"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_colour(idlgen: Idlgen, monkeypatch: pytest.MonkeyPatch) -> None:
    def colored(*arguments: str) -> bool:
        return "\x1b[" in idlgen("build", "gone.yaml", *arguments).stderr

    assert not colored("--target=docs")
    assert colored("--target=docs", "--color=always")
    monkeypatch.setenv("NO_COLOR", "1")
    assert colored("--target=docs", "--color=always")
    assert not colored("--target=docs", "--color=never")
