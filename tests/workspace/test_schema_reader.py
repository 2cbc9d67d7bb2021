from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from idlgen.diagnostics import Diagnostic
from idlgen.syntax.loading import Moved, ReadFault
from idlgen.workspace.project import Request, open_project
from idlgen.workspace.schema_reader import SchemaReader

CONFIGURATION = 'schemas = ["api/*.yaml"]\n'
FILES = (
    "home/project/api/user.yaml",
    "home/project/api/order.yaml",
    "home/project/shared/money.yaml",
    "home/project/shared/deep/units.yaml",
    "home/elsewhere/secret.yaml",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without configuration; each file holds its own path."""
    for name in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path / "home/project"


def opened(cwd: Path, *schemas: str) -> SchemaReader:
    project = open_project(Request(cwd=cwd, schemas=schemas)).project
    assert project is not None
    return SchemaReader(project)


def configured(project: Path, *schemas: str) -> SchemaReader:
    (project / "idlgen.toml").write_text(CONFIGURATION)
    return opened(project, *schemas)


def text(reader: SchemaReader, path: str) -> str:
    return reader.read(PurePosixPath(path)).decode()


def fault(reader: SchemaReader, path: str) -> Diagnostic:
    with pytest.raises(ReadFault) as caught:
        reader.read(PurePosixPath(path))
    return caught.value.diagnostic


def moved(reader: SchemaReader, path: str) -> str:
    with pytest.raises(Moved) as caught:
        reader.read(PurePosixPath(path))
    return str(caught.value.path)


def entries(reader: SchemaReader) -> list[str]:
    return [str(entry) for entry in reader.entries]


def test_paths_are_relative_to_the_configuration(project: Path) -> None:
    reader = configured(project)
    assert entries(reader) == ["api/order.yaml", "api/user.yaml"]
    assert text(reader, "api/user.yaml") == "home/project/api/user.yaml"
    assert text(reader, "shared/money.yaml") == "home/project/shared/money.yaml"
    labels = {
        "api/order.yaml": "api/order.yaml",
        "api/user.yaml": "api/user.yaml",
        "shared/money.yaml": "shared/money.yaml",
    }
    assert reader.labels == labels
    assert reader.names == labels


def test_without_one_headers_hold_bare_names(project: Path) -> None:
    reader = opened(project.parent, "project/shared/money.yaml")
    assert entries(reader) == ["money.yaml"]
    assert text(reader, "deep/units.yaml") == "home/project/shared/deep/units.yaml"
    assert reader.labels == {
        "money.yaml": "money.yaml",
        "deep/units.yaml": "units.yaml",
    }
    assert reader.names == {
        "money.yaml": "project/shared/money.yaml",
        "deep/units.yaml": "project/shared/deep/units.yaml",
    }


def test_files_in_every_folder_of_an_entry_may_be_imported(project: Path) -> None:
    reader = opened(project, "api/user.yaml", "shared/deep/units.yaml")
    assert entries(reader) == ["api/user.yaml", "shared/deep/units.yaml"]
    assert text(reader, "api/order.yaml") == "home/project/api/order.yaml"
    assert fault(reader, "shared/money.yaml").code == "IDL029"


def test_a_schema_that_the_command_names_may_lie_and_be_imported_anywhere(
    project: Path,
) -> None:
    reader = configured(project, "api/user.yaml", "../elsewhere/secret.yaml")
    assert entries(reader) == ["project/api/user.yaml", "elsewhere/secret.yaml"]
    assert text(reader, "elsewhere/secret.yaml") == "home/elsewhere/secret.yaml"
    assert text(reader, "project/shared/money.yaml") == "home/project/shared/money.yaml"
    assert reader.labels == {
        "project/api/user.yaml": "api/user.yaml",
        "elsewhere/secret.yaml": "../elsewhere/secret.yaml",
        "project/shared/money.yaml": "shared/money.yaml",
    }
    assert fault(reader, "elsewhere/more.yaml").code == "IDL029"


@pytest.mark.parametrize(
    ("with_configuration", "path", "called", "hint"),
    [
        (
            True,
            "../elsewhere/secret.yaml",
            "../elsewhere/secret.yaml",
            "only what lies in the folder of the configuration can be imported",
        ),
        (
            True,
            "../elsewhere/there_is_no_such_file.yaml",
            "../elsewhere/there_is_no_such_file.yaml",
            "only what lies in the folder of the configuration can be imported",
        ),
        (
            False,
            "../shared/money.yaml",
            "shared/money.yaml",
            "add an `idlgen.toml` to a folder above both",
        ),
    ],
)
def test_nothing_outside_the_project_is_imported(
    project: Path, with_configuration: bool, path: str, called: str, hint: str
) -> None:
    reader = (
        configured(project) if with_configuration else opened(project, "api/user.yaml")
    )
    assert fault(reader, path) == Diagnostic(
        code="IDL029", message=f"`{called}` lies outside the project", hint=hint
    )


@pytest.mark.parametrize(
    ("link", "target", "path"),
    [
        ("api/secret.yaml", "../../elsewhere/secret.yaml", "api/secret.yaml"),
        ("api/all", "../../elsewhere", "api/all/secret.yaml"),
        ("api/up", "../..", "api/up/elsewhere/secret.yaml"),
        ("api/gone.yaml", "../../elsewhere/gone.yaml", "api/gone.yaml"),
        ("api/device.yaml", "/dev/null", "api/device.yaml"),
    ],
)
def test_no_link_leads_out_of_the_project(
    project: Path, link: str, target: str, path: str
) -> None:
    reader = configured(project)
    (project / link).symlink_to(target)
    assert fault(reader, path) == Diagnostic(
        code="IDL029",
        message=f"`{path}` leads out of the project through a link",
        hint="only what lies in the folder of the configuration can be imported",
    )


def test_a_link_inside_the_project_is_followed(project: Path) -> None:
    reader = configured(project)
    (project / "api/common").symlink_to("../shared")
    (project / "api/euro.yaml").symlink_to("common/money.yaml")
    assert moved(reader, "api/common/money.yaml") == "shared/money.yaml"
    assert moved(reader, "api/euro.yaml") == "shared/money.yaml"


def test_a_project_may_itself_lie_behind_a_link(project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project)
    reader = configured(tmp_path / "link")
    assert entries(reader) == ["api/order.yaml", "api/user.yaml"]
    assert text(reader, "shared/money.yaml") == "home/project/shared/money.yaml"


@pytest.mark.parametrize(
    ("path", "code", "message", "hint"),
    [
        ("api/usr.yaml", "IDL001", "no such file: `api/usr.yaml`", "`user.yaml`?"),
        ("api/user.yaml/a", "IDL001", "no such file: `api/user.yaml/a`", "idlgen init"),
        ("api", "IDL002", "`api` is a folder, not a schema", "`api/*.yaml`"),
        ("loop.yaml", "IDL003", "cannot read `loop.yaml`: ", "the right to read it"),
    ],
)
def test_an_entry_that_cannot_be_read(
    project: Path, path: str, code: str, message: str, hint: str
) -> None:
    (project / "loop.yaml").symlink_to("loop.yaml")
    reader = configured(project, path)
    found = fault(reader, path)
    assert (found.code, found.path) == (code, path)
    assert found.message.startswith(message)
    assert hint in (found.hint or "")


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("shared/mony.yaml", "no such file: `shared/mony.yaml`", "`money.yaml`?"),
        ("shared/x.yaml", "no such file: `shared/x.yaml`", "relative to the file"),
        ("shared/money.yaml/a", "no such file: `shared/money.yaml/a`", "relative to"),
        ("shared/deep", "`shared/deep` is a folder, not a schema", "schema files"),
        ("shared/pipe", "`shared/pipe` is no file, not a schema", "schema files"),
        ("shared/loop.yaml", "cannot read `shared/loop.yaml`: ", "the right to read"),
        ("a" * 300, f"cannot read `{'a' * 300}`: ", "the right to read"),
    ],
)
def test_an_import_that_cannot_be_read(
    project: Path, path: str, message: str, hint: str
) -> None:
    (project / "shared/loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(project / "shared/pipe")
    found = fault(configured(project), path)
    # Without a path of its own it is shown where the file is imported.
    assert (found.code, found.path) == ("IDL028", None)
    assert found.message.startswith(message)
    assert hint in (found.hint or "")


def test_a_file_that_is_too_large_is_not_even_read(project: Path) -> None:
    with (project / "shared/large.yaml").open("wb") as stream:
        stream.truncate(10**12)
    found = fault(configured(project), "shared/large.yaml")
    assert (found.code, found.path) == ("IDL018", "shared/large.yaml")
    assert found.message.startswith("the file has 1,000,000,000,000 bytes")


def test_two_files_of_one_name_need_a_configuration(project: Path) -> None:
    (project / "shared/deep/money.yaml").write_text("")
    reader = opened(project, "shared/money.yaml")
    found = fault(reader, "deep/money.yaml")
    assert (found.code, found.path) == ("IDL508", None)
    assert "two schemas are called `money.yaml`" in found.message
    assert text(configured(project), "shared/deep/money.yaml") == ""


def test_suggestions_are_made_for_the_first_who_need_one(project: Path) -> None:
    reader = configured(project)
    hints = [fault(reader, f"shared/mone{i}.yaml").hint for i in range(30)]
    assert hints.count("did you mean `money.yaml`?") == 20
    assert (
        hints[20:]
        == ["the path of an import is relative to the file that it stands in"] * 10
    )
