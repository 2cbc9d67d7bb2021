from __future__ import annotations

from pathlib import Path

import pytest

from idlgen.workspace.schemas import expand, schema_files


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (
        "schemas/b.yaml",
        "schemas/a.yaml",
        "schemas/deep/c.yaml",
        "x[1].yaml",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("schemas/*.yaml", ["schemas/a.yaml", "schemas/b.yaml"]),
        (
            "schemas/**/*.yaml",
            ["schemas/a.yaml", "schemas/b.yaml", "schemas/deep/c.yaml"],
        ),
        ("schemas/?.yaml", ["schemas/a.yaml", "schemas/b.yaml"]),
        ("schemas/deep", ["schemas/deep"]),
        ("gone.yaml", ["gone.yaml"]),
        ("x[1].yaml", ["x[1].yaml"]),
    ],
)
def test_globs_give_files_in_order(
    project: Path, pattern: str, expected: list[str]
) -> None:
    paths, diagnostics = expand([pattern], project)
    assert [path.relative_to(project).as_posix() for path in paths] == expected
    assert not diagnostics


def test_globs_may_step_up_or_be_absolute(project: Path) -> None:
    expected = [project / "schemas/a.yaml", project / "schemas/b.yaml"]
    assert expand(["../*.yaml"], project / "schemas/deep")[0] == expected
    assert expand([f"{project}/schemas/*.yaml"], Path("/"))[0] == expected


@pytest.mark.parametrize("pattern", ["schemas/*.yml", "schemas/**.yaml", "*" * 300])
def test_a_glob_without_a_match_is_a_finding(project: Path, pattern: str) -> None:
    paths, (diagnostic,) = expand([pattern], project)
    assert not paths
    assert diagnostic.code == "IDL507"


def labels(paths: list[Path], root: Path, *, by_name: bool = False) -> list[str]:
    files, diagnostics = schema_files(paths, root, root, by_name=by_name)
    assert not diagnostics
    return [str(file.label) for file in files]


def test_a_label_is_relative_to_the_root_on_every_way(project: Path) -> None:
    (project / "link").symlink_to("schemas")
    (project / "schemas/one.yaml").symlink_to("a.yaml")
    for way in (
        project / "schemas/a.yaml",
        project / "schemas/deep/../a.yaml",
        project / "link/a.yaml",
        project / "schemas/one.yaml",
    ):
        assert labels([way], project) == ["schemas/a.yaml"]
        assert labels([way], project, by_name=True) == ["a.yaml"]


def test_a_link_out_of_the_root_keeps_its_own_place(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = tmp_path_factory.mktemp("store") / "0f3a.yaml"
    store.write_text("")
    (project / "schemas/linked.yaml").symlink_to(store)
    assert labels([project / "schemas/linked.yaml"], project) == ["schemas/linked.yaml"]


def test_a_schema_named_twice_is_one(project: Path) -> None:
    twice = [project / "schemas/a.yaml", project / "schemas/../schemas/a.yaml"]
    assert labels(twice, project) == ["schemas/a.yaml"]


def test_two_schemas_cannot_share_a_name(project: Path) -> None:
    (project / "schemas/deep/a.yaml").write_text("")
    both = [project / "schemas/a.yaml", project / "schemas/deep/a.yaml"]
    _, (diagnostic,) = schema_files(both, project, project, by_name=True)
    assert diagnostic.code == "IDL508"
    assert labels(both, project) == ["schemas/a.yaml", "schemas/deep/a.yaml"]
