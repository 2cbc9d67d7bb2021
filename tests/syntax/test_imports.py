from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from idlgen.syntax.imports import imported_path, path_between, path_fault


@pytest.mark.parametrize(
    ("importer", "written", "expected"),
    [
        ("user.yaml", "common.yaml", "common.yaml"),
        ("user.yaml", "./common.yaml", "common.yaml"),
        ("user.yaml", "shared//./common.yaml", "shared/common.yaml"),
        ("user.yaml", "shared/../common.yaml", "common.yaml"),
        ("api/user.yaml", "common.yaml", "api/common.yaml"),
        ("api/user.yaml", "../common.yaml", "common.yaml"),
        ("api/v1/user.yaml", "../../shared/common.yaml", "shared/common.yaml"),
        ("api/user.yaml", "user.yaml", "api/user.yaml"),
        # What leaves the folder is said so, and never becomes something inside it.
        ("user.yaml", "../common.yaml", "../common.yaml"),
        ("user.yaml", "a/../../common.yaml", "../common.yaml"),
        ("api/user.yaml", "../../../common.yaml", "../../common.yaml"),
        ("../user.yaml", "../common.yaml", "../../common.yaml"),
        ("../api/user.yaml", "../common.yaml", "../common.yaml"),
        # Names that only look special.
        ("user.yaml", "...", "..."),
        ("user.yaml", "..yaml", "..yaml"),
        ("user.yaml", "~/common.yaml", "~/common.yaml"),
        ("user.yaml", "$HOME/*.yaml", "$HOME/*.yaml"),
        ("user.yaml", "a:b.yaml", None),
        ("user.yaml", "ab:c.yaml", "ab:c.yaml"),
        ("user.yaml", "공통 ­.yaml", "공통 ­.yaml"),
    ],
)
def test_a_path_is_relative_to_the_file_that_imports(
    importer: str, written: str, expected: str | None
) -> None:
    found = imported_path(importer, written)
    assert found == (None if expected is None else PurePosixPath(expected))
    assert imported_path(PurePosixPath(importer), written) == found


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "is empty"),
        ("a" * 1_001, "has 1,001 characters"),
        ("/common.yaml", "is absolute: `/common.yaml`"),
        ("//host/common.yaml", "is absolute"),
        ("C:/common.yaml", "is absolute"),
        ("c:common.yaml", "is absolute"),
        ("C:\\common.yaml", "has a backslash"),
        ("shared\\common.yaml", "has a backslash"),
        ("https://host/common.yaml", "a URL cannot be imported"),
        ("file:/common.yaml", "a URL cannot be imported"),
        ("git+ssh://host/common.yaml", "a URL cannot be imported"),
        ("a\0.yaml", "holds a control character"),
        ("a\n.yaml", "holds a control character"),
        ("a\x7f.yaml", "holds a control character"),
        ("a\x9b.yaml", "holds a control character"),
        ("a\ud800.yaml", "or half a character"),
        (".", "names a folder"),
        ("..", "names a folder"),
        ("shared/", "names a folder"),
        ("shared/.", "names a folder"),
        ("shared/..", "names a folder"),
    ],
)
def test_what_is_no_path_means_no_file(written: str, message: str) -> None:
    fault = path_fault(written)
    assert fault is not None
    assert message in fault.message
    assert fault.hint
    assert imported_path("user.yaml", written) is None


def test_a_path_may_be_long() -> None:
    assert imported_path("user.yaml", "a" * 1_000) == PurePosixPath("a" * 1_000)


@pytest.mark.parametrize(
    ("importer", "imported", "written"),
    [
        ("a.yaml", "b.yaml", "b.yaml"),
        ("a.yaml", "x/y/b.yaml", "x/y/b.yaml"),
        ("x/a.yaml", "x/b.yaml", "b.yaml"),
        ("x/a.yaml", "b.yaml", "../b.yaml"),
        ("x/y/a.yaml", "x/z/b.yaml", "../z/b.yaml"),
        ("x/y/a.yaml", "z/b.yaml", "../../z/b.yaml"),
    ],
)
def test_the_way_between_two_files(importer: str, imported: str, written: str) -> None:
    assert path_between(importer, PurePosixPath(imported)) == written
    assert imported_path(importer, written) == PurePosixPath(imported)
