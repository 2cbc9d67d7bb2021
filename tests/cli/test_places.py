from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from idlgen.cli.places import annotated_path

Idlgen = Callable[..., Result]

FAULTY = "imports: {money: shared/money.yaml}\ntypes:\n  User: {fields: {id: Id}}\n"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a folder of a checkout, with faults in a schema and its import."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    folder = tmp_path / "services/user"
    (folder / "schemas/shared").mkdir(parents=True)
    (folder / "idlgen.toml").write_text('schemas = ["schemas/*.yaml"]\n')
    (folder / "schemas/user.yaml").write_text(FAULTY)
    (folder / "schemas/shared/money.yaml").write_text("types:\n  Money: Mony\n")
    return folder


def annotated(result: Result) -> list[str]:
    """Return `file:line` of each annotation."""
    assert result.exit_code in (1, 2), result.output
    found = re.findall(r"file=([^,:]+)(?:,line=(\d+))?", result.stdout)
    assert len(found) == result.stdout.count("::error ")
    return [f"{file}:{line}" for file, line in found]


@pytest.mark.usefixtures("idlgen")
class TestAnnotations:
    """`--output-format github` in a project that is not the root of its checkout."""

    @pytest.fixture(params=["", "services/user", "services/user/schemas"])
    def cwd(
        self,
        request: pytest.FixtureRequest,
        tmp_path: Path,
        service: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> Path:
        assert service.is_dir()
        folder = tmp_path / str(request.param)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
        return folder

    def test_schemas_are_called_as_the_checkout_does(
        self, idlgen: Idlgen, cwd: Path, service: Path
    ) -> None:
        schema = service / "schemas/user.yaml"
        assert cwd.is_dir()
        for command in ("build", "check"):
            result = idlgen(command, str(schema), "--output-format", "github")
            assert annotated(result) == [
                "services/user/schemas/shared/money.yaml:2",
                "services/user/schemas/user.yaml:3",
            ]

    def test_configurations_and_output_too(
        self, idlgen: Idlgen, cwd: Path, service: Path
    ) -> None:
        assert cwd.is_dir()
        schema = service / "schemas/user.yaml"
        schema.write_text("types: {}\n")
        result = idlgen("check", str(schema), "--target", "docs", *GITHUB)
        assert annotated(result) == [
            "services/user/generated/user/user.d.ts:",
            "services/user/generated/user/user.md:",
        ]
        (service / "idlgen.toml").write_text("schema = []\n")
        for command in ("build", "config"):
            result = idlgen(command, str(schema), *GITHUB)
            output = result.stdout + result.stderr
            assert "file=services/user/idlgen.toml,line=1," in output
        (service / "idlgen.toml").write_text("\n[")
        result = idlgen("build", str(schema), *GITHUB)
        assert annotated(result) == ["services/user/idlgen.toml:2"]


GITHUB = ("--output-format", "github")


def test_elsewhere_they_are_relative_to_the_working_folder(
    idlgen: Idlgen, service: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert annotated(idlgen("build", "services/user/schemas/user.yaml", *GITHUB)) == [
        "services/user/schemas/shared/money.yaml:2",
        "services/user/schemas/user.yaml:3",
    ]
    monkeypatch.chdir(service / "schemas")
    assert annotated(idlgen("build", *GITHUB)) == ["shared/money.yaml:2", "user.yaml:3"]
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "another"))
    assert annotated(idlgen("build", *GITHUB)) == ["shared/money.yaml:2", "user.yaml:3"]
    (service / "idlgen.toml").unlink()
    assert annotated(idlgen("build", "user.yaml", *GITHUB)) == [
        "shared/money.yaml:2",
        "user.yaml:3",
    ]


def test_people_get_paths_as_before(idlgen: Idlgen, service: Path) -> None:
    result = idlgen("build", str(service / "schemas/user.yaml"))
    assert "--> schemas/user.yaml:3:" in result.stderr
    assert "--> schemas/shared/money.yaml:2:" in result.stderr


@pytest.mark.parametrize(
    ("base", "path", "workspace", "expected"),
    [
        ("repo/a", "b.yaml", "repo", "a/b.yaml"),
        ("repo/a", "../b.yaml", "repo", "b.yaml"),
        ("repo/a", "../../b.yaml", "repo", "b.yaml"),
        ("repo/a", "../../../b.yaml", "repo", "../b.yaml"),
        ("repo/a", "b.yaml", "link", "a/b.yaml"),
        ("repo/a", "b.yaml", "repository", "repo/a/b.yaml"),
        ("repo/a", "b.yaml", "", "repo/a/b.yaml"),
    ],
)
def test_the_path_of_an_annotation(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    base: str,
    path: str,
    workspace: str,
    expected: str,
) -> None:
    (tmp_path / "repo/a").mkdir(parents=True)
    (tmp_path / "link").symlink_to("repo")
    monkeypatch.chdir(tmp_path)
    where = str(tmp_path / workspace) if workspace else ""
    monkeypatch.setenv("GITHUB_WORKSPACE", where)
    assert annotated_path(tmp_path / base, path) == expected
    assert annotated_path(tmp_path, str(tmp_path / base / path)) == expected
