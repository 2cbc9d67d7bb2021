"""The page about the configuration tells the truth: its files are read, built and shown."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from idlgen.cli.application import application
from idlgen.emit.own_templates import TEMPLATE_API
from idlgen.emit.templates import built_in
from idlgen.targets import TARGETS, target_factory
from idlgen.targets.docs.filters import FILTERS as DOCS_FILTERS
from idlgen.targets.python.filters import FILTERS as PYTHON_FILTERS
from idlgen.targets.typescript.filters import FILTERS as TYPESCRIPT_FILTERS
from idlgen.workspace.configuration import find_configuration
from tests.docs.template_views import BEGIN, END, PAGE, VIEWS, tables

TEXT = PAGE.read_text(encoding="utf-8")
USER = """\
types:
  User: {fields: {id: int}}
services:
  UserService: {methods: {getUser: {params: {id: int}, returns: User}}}
"""
KEYS = ["required-version", "schemas", "out", "targets", "python.line_length"]
KEYS += ["openrpc.url", "typescript.runtime", "templates"]


class Block(NamedTuple):
    line: int
    language: str
    name: str
    text: str


BLOCKS = [
    Block(TEXT.count("\n", 0, found.start()) + 1, *found.groups())
    for found in re.finditer(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```$", TEXT, re.MULTILINE)
]
TOML = [block for block in BLOCKS if block.language == "toml"]
TEMPLATES = [block for block in BLOCKS if block.language == "jinja"]


def idlgen(*arguments: str) -> Result:
    return CliRunner().invoke(application, arguments, prog_name="idlgen")


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    assert {block.language for block in BLOCKS} == {"console", "toml", "jinja"}
    assert len(TOML) == 10
    assert len(TEMPLATES) == 2


@pytest.mark.parametrize("block", TOML, ids=lambda block: f"line {block.line}")
def test_every_configuration_is_read(block: Block, tmp_path: Path) -> None:
    (tmp_path / block.name).write_text(block.text, encoding="utf-8")
    found = find_configuration(tmp_path)
    assert found.diagnostics == ()
    assert found.configuration is not None
    assert found.configuration.places


def test_both_files_say_the_same() -> None:
    first, second = TOML[:2]
    assert (first.name, second.name) == ("pyproject.toml", "idlgen.toml")
    assert tomllib.loads(first.text)["tool"]["idlgen"] == tomllib.loads(second.text)


def test_every_key_has_a_section_with_an_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    document = json.loads(idlgen("config", "--output-format", "json").stdout)
    assert {it["key"] for it in document["settings"]} == set(KEYS)
    keys = TEXT.split("\n## Keys\n")[1].split("\n## ")[0]
    headings, *_ = zip(*re.findall(r"^### `(.*)`$()", keys, re.MULTILINE), strict=True)
    assert list(headings) == KEYS
    for heading, section in zip(KEYS, keys.split("\n### ")[1:], strict=True):
        (example,) = re.findall(r"```toml .*\n((?:.*\n)*?)```", section)
        value: object = tomllib.loads(example)
        for part in heading.split("."):
            assert isinstance(value, dict)
            value = value[part]


def test_what_is_printed_is_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = (block for block in BLOCKS if block.language == "console")
    command, _, printed = block.text.partition("\n")
    (tmp_path / "pyproject.toml").write_text(
        "[tool.black]\nline-length = 100\n\n[tool.idlgen]\nschemas = ['schemas/*.yaml']"
    )
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/user.yaml").write_text(USER)
    monkeypatch.chdir(tmp_path)
    result = idlgen(*command.split()[2:])
    assert result.exit_code == 0
    wanted, shown = (
        [re.sub(r" +#", " #", line) for line in text.splitlines()]
        for text in (printed, result.stdout)
    )
    assert shown == [line.replace("'", '"') for line in wanted]


def test_the_templates_of_the_page_are_rendered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "user.yaml").write_text(USER)
    (tmp_path / "idlgen.toml").write_text(
        'schemas = ["user.yaml"]\ntemplates = "idl_templates"\n'
    )
    for block in TEMPLATES:
        path = tmp_path / block.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)
    monkeypatch.chdir(tmp_path)
    assert idlgen("build").exit_code == 0
    client = (tmp_path / "generated/user/client.py").read_text()
    assert client.split("\n")[2] == "# Copyright ACME"
    assert "class UserServiceClient(" in client
    page = (tmp_path / "generated/user/user.md").read_text().split("\n", 2)[2]
    assert page == "# Package user\n\n## UserService\n- getUser\n"


def test_every_template_has_a_table() -> None:
    names = {f"{target}/{name}" for target in TARGETS for name in built_in(target)}
    assert VIEWS.keys() == names


def test_the_tables_are_those_of_the_views() -> None:
    found = TEXT.split(BEGIN)[1].split(END)[0]
    assert found == f"{tables()}\n", "run `make regen`, and read what changed"


def test_every_filter_is_told() -> None:
    told = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", TEXT, re.MULTILINE)
    python = [(name, "python") for name in PYTHON_FILTERS]
    docs = [(name, "docs") for name in DOCS_FILTERS]
    typescript = [(name, "typescript") for name in TYPESCRIPT_FILTERS]
    assert sorted(told) == sorted([*python, *docs, *typescript])


def test_the_number_of_the_template_api_is_told() -> None:
    assert f"**template API {TEMPLATE_API}**" in TEXT


def test_every_option_of_a_target_is_a_key() -> None:
    options = [f"{it}.{key}" for it in TARGETS for key in target_factory(it).OPTIONS]
    assert set(options) < set(KEYS)
