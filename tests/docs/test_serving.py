"""The page about serving tells the truth: its programs run, its numbers are the code's."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from idlgen.runtime import asgi_app
from tests.docs.pages import Page, run

PAGE = Page("serving.md")
MODULES = {"notes.yaml", "service.py", "app.py"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All programs of the page beside what its schema becomes."""
    folder = tmp_path_factory.mktemp("serving")
    PAGE.write(folder, "notes.yaml")
    return folder


@pytest.mark.parametrize("name", sorted(PAGE.files.keys() - MODULES))
def test_its_programs_run(folder: Path, name: str) -> None:
    ended = run(folder, name)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_every_block_of_code_is_a_program() -> None:
    assert PAGE.names_each_block


def test_every_option_of_a_server_is_told_with_its_default() -> None:
    parameters = inspect.signature(asgi_app).parameters
    told = PAGE.rows("What a server accepts") | PAGE.rows("Limits")
    named = set(re.findall(r"`(\w+)`", PAGE.text))
    options = {name for name in parameters if name != "implementations"}
    assert options <= named
    assert told.keys() <= options
    for name, text in told.items():
        default = parameters[name].default
        if name == "max_body":
            assert "4 MiB" in text
        elif not isinstance(default, bool) and isinstance(default, int | float):
            default = int(default)
            assert re.search(rf"\b{default}\b", text), name
