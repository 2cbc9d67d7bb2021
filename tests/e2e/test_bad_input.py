"""Whatever is wrong: a finding with a code and a way out, and the output as it was."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from idlgen.cli.application import application

USER = "types:\n  User: {fields: {id: int}}\n"


def idlgen(*arguments: str) -> Result:
    return CliRunner().invoke(application, arguments, prog_name="idlgen")


def snapshot(root: Path) -> dict[str, object]:
    return {
        path.relative_to(root).as_posix(): (
            str(path.readlink())
            if path.is_symlink()
            else path.read_bytes() if path.is_file() else "folder"
        )
        for path in root.rglob("*")
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A schema, and what was built from it when it was well."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "user.yaml").write_text(USER)
    assert idlgen("build", "user.yaml", "--target", "docs").exit_code == 0
    return tmp_path


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"", "IDL011", "user.yaml:1:1"),
        (b"\n# nothing\n", "IDL011", "user.yaml:"),
        (b"types:\n  A: \xff\n", "IDL010", "user.yaml"),
        (USER.encode("utf-16"), "IDL010", "user.yaml"),
        (b"types: {A: [\n", "IDL012", "user.yaml:"),
        (b"- a\n- b\n", "IDL0", "user.yaml:1:1"),
        (b"types: [A]\n", "IDL0", "user.yaml:1:8"),
        (b"types:\n  A: {fields: {b: Bee}}\n", "IDL1", "user.yaml:2:19"),
        (b"types:\n  A: {alias: B}\n  B: {alias: A}\n", "IDL1", "user.yaml:"),
        (b"types:\n  A: int\n  A: string\n", "IDL0", "user.yaml:3:3"),
        (b"types:\n  A: int\nerrors:\n  A: {status: aborted}\n", "IDL1", ":4:3"),
    ],
    ids=[
        "empty",
        "only a comment",
        "not UTF-8",
        "UTF-16",
        "syntax error",
        "not a map",
        "wrong shape",
        "unknown type",
        "alias cycle",
        "duplicate key",
        "duplicate name",
    ],
)
def test_a_schema_that_is_wrong(
    folder: Path, command: str, content: bytes, code: str, place: str
) -> None:
    (folder / "user.yaml").write_bytes(content)
    before = snapshot(folder)
    result = idlgen(command, "user.yaml", "--target", "docs")
    assert result.exit_code == 1, result.output
    assert f"error[{code}" in result.stderr
    assert place in result.stderr
    assert result.stdout == ""
    assert snapshot(folder) == before


def out_is_a_file(folder: Path) -> None:
    (folder / "generated").rename(folder / "elsewhere")
    (folder / "generated").write_text("")


def package_is_a_file(folder: Path) -> None:
    (folder / "generated/user").rename(folder / "elsewhere")
    (folder / "generated/user").write_text("")


def stub_is_a_folder(folder: Path) -> None:
    (folder / "generated/user/user.md").unlink()
    (folder / "generated/user/user.md").mkdir()


def package_leads_out(folder: Path) -> None:
    (folder / "generated/user").rename(folder / "elsewhere")
    (folder / "generated/user").symlink_to(folder / "elsewhere")


def stub_leads_out(folder: Path) -> None:
    (folder / "generated/user/user.md").rename(folder / "elsewhere.md")
    (folder / "generated/user/user.md").symlink_to(folder / "elsewhere.md")


def out_lies_beneath_a_file(folder: Path) -> None:
    (folder / "idlgen.toml").write_text('out = "user.yaml/generated"')


@pytest.mark.parametrize("arguments", [["build"], ["build", "--force"], ["check"]])
@pytest.mark.parametrize(
    ("spoil", "code", "message"),
    [
        (out_is_a_file, "IDL460", "`generated` is a file, where a folder must be"),
        (package_is_a_file, "IDL460", "`generated/user` is a file"),
        (stub_is_a_folder, "IDL460", "`generated/user/user.md` is not a file"),
        (package_leads_out, "IDL462", "`generated/user` is a link that leads out"),
        (stub_leads_out, "IDL462", "`generated/user/user.md` is a link"),
        (out_lies_beneath_a_file, "IDL460", "lies beneath a file"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_an_output_that_cannot_be_written(
    folder: Path,
    arguments: list[str],
    spoil: Callable[[Path], None],
    code: str,
    message: str,
) -> None:
    spoil(folder)
    (folder / "user.yaml").write_text(USER.replace("id", "number"))
    before = snapshot(folder)
    result = idlgen(*arguments, "user.yaml", "--target", "docs")
    assert result.exit_code == 2, result.output
    assert f"error[{code}]: " in result.stderr
    assert message in result.stderr
    assert result.stderr.count("error[") == 1
    assert "help: " in result.stderr
    assert snapshot(folder) == before


@pytest.mark.parametrize("error", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_an_output_without_the_right_to_write(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    (folder / "user.yaml").write_text(USER.replace("id", "number"))
    before = snapshot(folder)
    real = Path.open

    def refuse(self: Path, mode: str = "r") -> object:
        if "x" in mode:
            raise OSError(error, "not today")
        return real(self, mode)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        result = idlgen("build", "user.yaml", "--target", "docs")
    assert result.exit_code == 2
    assert re.search(
        r"error\[IDL461\]: cannot write `generated/user/user.\S+`: not today",
        result.stderr,
    )
    assert "help: " in result.stderr
    assert snapshot(folder) == before


def test_a_stub_that_was_edited_by_hand_is_in_the_way(folder: Path) -> None:
    stub = folder / "generated/user/user.md"
    stub.write_text(stub.read_text() + "\nMine.\n")
    before = snapshot(folder)
    result = idlgen("build", "user.yaml", "--target", "docs")
    assert result.exit_code == 1
    assert "error[IDL453]: `generated/user/user.md` was edited by hand" in result.stderr
    assert "idlgen build --force" in result.stderr
    assert snapshot(folder) == before
    forced = idlgen("build", "user.yaml", "--target", "docs", "--force")
    assert forced.stdout == "wrote 1 file, 1 unchanged\n"
    assert "Mine." not in stub.read_text()


def test_a_file_that_is_not_ours_is_never_overwritten(folder: Path) -> None:
    (folder / "generated/user/user.md").write_text("Mine.\n")
    before = snapshot(folder)
    result = idlgen("build", "user.yaml", "--target", "docs", "--force")
    assert result.exit_code == 1
    assert "error[IDL452]: `generated/user/user.md` is not ours" in result.stderr
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    ("arguments", "code", "message", "hint"),
    [
        (["gone.yaml"], "IDL001", "no such file: `gone.yaml`", None),
        (["users.yaml"], "IDL001", "no such file", "did you mean `user.yaml`?"),
        (["generated"], "IDL002", "`generated` is a folder", "`generated/*.yaml`"),
        (["*.yml"], "IDL507", "`*.yml` matches no file", "globs of a"),
        ([], "IDL506", "no schema is given", "idlgen init"),
        (
            ["user.yaml", "--target", "pyton"],
            "IDL504",
            "unknown target `pyton`",
            "did you mean `python`?",
        ),
    ],
)
def test_a_command_that_cannot_run(
    folder: Path, arguments: list[str], code: str, message: str, hint: str | None
) -> None:
    before = snapshot(folder)
    for command in ("build", "check"):
        result = idlgen(command, *arguments)
        assert result.exit_code == 2
        assert f"error[{code}]: {message}" in result.stderr
        assert (hint or "") in result.stderr
    assert snapshot(folder) == before


def test_all_that_is_wrong_is_said_at_once(folder: Path) -> None:
    (folder / "user.yaml").write_text("types:\n  A: {fields: {b: Bee, c: Cee}}\n")
    result = idlgen("build", "user.yaml", "gone.yaml", "--target", "docs")
    assert result.exit_code == 2
    assert "`gone.yaml`" in result.stderr
    assert "`Bee`" in result.stderr
    assert "`Cee`" in result.stderr


def test_a_configuration_that_is_wrong_has_a_place(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.idlgen]\n\nschema = ['user.yaml']\n")
    result = idlgen("check")
    assert result.exit_code == 2
    assert "error[IDL502]: unknown key `schema`" in result.stderr
    assert "--> pyproject.toml:3:1" in result.stderr
    assert "did you mean `schemas`?" in result.stderr
