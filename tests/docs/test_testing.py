"""The page about testing tells the truth: its tests run, as one project of a user's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from idlgen.runtime.testing import FakeService
from tests.docs.pages import Page, run

PAGE = Page("testing.md")
TESTS = sorted(name for name in PAGE.files if name.startswith("test_"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files of the page beside what its schema becomes."""
    folder = tmp_path_factory.mktemp("testing")
    PAGE.write(folder, "user.yaml")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return folder


def test_its_tests_pass(folder: Path) -> None:
    tests = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS)
    count = sum(text.count("\ndef test_") for text in PAGE.files.values())
    assert re.search(rf"^{count} passed in ", tests.stdout, re.MULTILINE), tests.stdout
    assert tests.returncode == 0


def test_they_say_what_type_checkers_want_to_hear(folder: Path) -> None:
    checked = run(
        folder, "-m", "mypy", "--strict", *TESTS, "conftest.py", "greeting.py"
    )
    assert checked.stdout.startswith("Success"), checked.stdout


def test_every_block_of_code_is_a_file() -> None:
    assert PAGE.names_each_block


def test_all_that_a_fake_has_is_told() -> None:
    names = {name for name in dir(FakeService()) if not name.startswith("_")}
    assert names == {"answer", "calls", "fail"}
    assert all(f"fake.{name}" in PAGE.text for name in names)
