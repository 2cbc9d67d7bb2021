"""The page about calling tells the truth: its programs run, its numbers are the code's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from idlgen.runtime import CallOptions
from idlgen.runtime.options import AsyncClientOptions, SyncClientOptions
from tests.docs.pages import Page, run

PAGE = Page("calling.md")
MODULES = {"user.yaml", "service.py"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All programs of the page beside what its schema becomes."""
    folder = tmp_path_factory.mktemp("calling")
    PAGE.write(folder, "user.yaml")
    return folder


@pytest.mark.parametrize("name", sorted(PAGE.files.keys() - MODULES))
def test_its_programs_run(folder: Path, name: str) -> None:
    ended = run(folder, name)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_every_block_of_code_is_a_program() -> None:
    assert PAGE.names_each_block


def test_the_options_of_a_call_are_its_options() -> None:
    assert PAGE.rows("Options").keys() == set(CallOptions.__struct_fields__)


def test_the_options_of_a_client_are_all_told() -> None:
    options = SyncClientOptions.__annotations__ | AsyncClientOptions.__annotations__
    section = PAGE.text.split("\n## Clients\n")[1].split("\n## ")[0]
    told = {*re.findall(r"`(\w+)`", section), *PAGE.rows("Options")}
    assert options.keys() - told == set()
