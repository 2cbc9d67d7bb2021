from __future__ import annotations

from pathlib import Path

import pytest

from idlgen.workspace.configuration import Configuration
from idlgen.workspace.own_templates import OwnFolder, read_own_templates


def read(folder: Path, **files: bytes) -> OwnFolder:
    for name, data in files.items():
        path = folder / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    configuration = Configuration(folder=folder, file="idlgen.toml", templates="own")
    return read_own_templates(configuration)


def test_a_folder_a_target_and_nothing_else_counts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        **{
            "docs/package.md.j2": b"\xef\xbb\xbfa\r\nb\rc\n",
            "docs/.hidden.swp": b"\xff",
            "docs/__pycache__/x": b"\xff",
            "README.md": b"# Ours",
            ".git/config": b"",
        },
    )
    assert found.diagnostics == ()
    (own,) = found.templates["docs"].values()
    assert (own.path, own.text) == ("own/docs/package.md.j2", "a\nb\nc\n")


def test_an_empty_folder_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    assert read(tmp_path) == OwnFolder({}, ())


def test_a_part_that_another_template_uses_is_none_too_many(tmp_path: Path) -> None:
    using = b'{% include "parts/head.j2" %}'
    files = {"docs/package.md.j2": using, "docs/parts/head.j2": b""}
    found = read(tmp_path, **files)
    assert found.diagnostics == ()
    assert set(found.templates["docs"]) == {"package.md.j2", "parts/head.j2"}


NAMES = (
    "`_service.py.j2`, `client.py.j2`, `errors.py.j2`, `server.py.j2`, "
    "`testing.py.j2`, `types.py.j2`"
)


@pytest.mark.parametrize(
    ("name", "data", "code", "message", "hint"),
    [
        (
            "python/clients.py.j2",
            b"",
            "IDL513",
            "target `python` has no template `clients.py.j2`, and no template uses it",
            f"did you mean `client.py.j2`? it has {NAMES}",
        ),
        (
            "python/client.py",
            b"",
            "IDL513",
            "target `python` has no template `client.py`, and no template uses it",
            f"did you mean `client.py.j2`? it has {NAMES}",
        ),
        (
            "pyton/client.py.j2",
            b"",
            "IDL513",
            "`own/pyton` is no target's folder, so it replaces nothing",
            "did you mean `python`? targets are `python`, `docs`, `openrpc`, `typescript`",
        ),
        (
            "client.py.j2",
            b"",
            "IDL513",
            "`own/client.py.j2` is in no target's folder, so it replaces nothing",
            "targets are `python`, `docs`, `openrpc`, `typescript`",
        ),
        (
            "docs/package.md.j2",
            b"a\xff",
            "IDL512",
            "cannot read `own/docs/package.md.j2`: it is not UTF-8: byte 1 is 0xff",
            None,
        ),
        (
            "docs/package.md.j2",
            b"{% if",
            "IDL514",
            "this is not a Jinja template: unexpected 'end of template'",
            None,
        ),
    ],
)
def test_a_fault_is_told(
    tmp_path: Path, name: str, data: bytes, code: str, message: str, hint: str | None
) -> None:
    (found,) = read(tmp_path, **{name: data}).diagnostics
    assert (found.code, found.message, found.hint) == (code, message, hint)


@pytest.mark.parametrize(
    ("is_file", "reason"),
    [(False, "there is no such folder"), (True, "Not a directory")],
)
def test_without_the_folder_there_is_nothing_to_read(
    tmp_path: Path, is_file: bool, reason: str
) -> None:
    if is_file:
        (tmp_path / "own").write_text("")
    (found,) = read(tmp_path).diagnostics
    assert (found.code, found.message) == ("IDL512", f"cannot read `own`: {reason}")


def test_all_faults_are_told(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        **{"docs/package.md.j2": b"{% if %}", "docs/a.j2": b"{{", "x/y": b""},
    )
    codes = [(it.code, it.span and it.span.source.path) for it in found.diagnostics]
    assert codes == [
        ("IDL514", "own/docs/a.j2"),
        ("IDL514", "own/docs/package.md.j2"),
        ("IDL513", None),
        ("IDL513", None),
    ]
