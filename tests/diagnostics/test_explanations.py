"""The codes, their pages and their cases are the same list, and the pages tell the truth.

How a page's blocks are run, top down:

- ` ```yaml user.yaml ` and ` ```toml idlgen.toml ` are files; yaml without a name is `user.yaml`.
- ` ```console ` holds commands, one after `$ ` a line. A page that has such blocks is run
  in a folder, and "Use instead" goes on where "Example" ended: the last command of
  "Example" reports the code and nothing else, all others report nothing.
- A page without commands is about schemas: the compiler is given those of one section.
- A fault that no text can show has "No example can be run: ..." and stands in `NOT_RUN`.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from idlgen.cli.application import application
from idlgen.compiler import compile
from idlgen.diagnostics.codes import BANDS, CODES
from idlgen.diagnostics.explanation import FOLDER, explanation
from idlgen.targets import TARGETS, target_factory

CASES = Path(__file__).parent.parent / "cases"

NOT_RUN = {
    "IDL003": "root may read every file",
    "IDL025": "it lies in the installed PyYAML",
    "IDL030": "it takes more than 1,000 files",
    "IDL458": "the digests would have to be forged",
    "IDL463": "only a foreign target can do it",
    "IDL464": "only a foreign target can do it",
    "IDL516": "the tests need black themselves",
}

# The workspace reports these, before the compiler sees a schema or after it is done;
# tests/e2e and tests/workspace cover them.
OF_WORKSPACE = ("IDL00", "IDL029", "IDL45", "IDL46", "IDL5")
# What PyYAML was built with is in no schema, and a thousand files are too many for a case.
NO_CASE = {"IDL025", "IDL030"}


class Block(NamedTuple):
    language: str
    name: str
    text: str


def blocks(text: str) -> list[Block]:
    fences = re.findall(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)
    return [Block(*fence) for fence in fences]


def sections(code: str) -> list[tuple[str, str]]:
    return [(it.heading, it.text) for it in explanation(code).sections]


def example(code: str) -> list[Block]:
    return blocks(sections(code)[2][1])


def mended(code: str) -> list[Block]:
    return blocks(sections(code)[3][1])


def has_commands(code: str) -> bool:
    return any(block.language == "console" for block in example(code))


# A code without a page fails one test, not the collection of all.
PAGES = [code for code in CODES if (FOLDER / f"{code}.md").exists()]
IN_A_FOLDER = [code for code in PAGES if code not in NOT_RUN and has_commands(code)]
COMPILED = [code for code in PAGES if code not in (*NOT_RUN, *IN_A_FOLDER)]


def test_the_codes_and_the_pages_are_the_same_list() -> None:
    assert {page.name for page in FOLDER.iterdir()} == {f"{code}.md" for code in CODES}


def test_every_code_belongs_to_a_band() -> None:
    assert {code[:4] for code in CODES} <= BANDS.keys()
    assert list(CODES) == sorted(CODES)


def test_every_code_of_the_compiler_has_a_case() -> None:
    texts = [case.read_text(encoding="utf-8") for case in CASES.glob("*.expected")]
    found = set(re.findall(r"^\w+\[(IDL\d+)\]", "\n".join(texts), re.MULTILINE))
    wanted = {code for code in CODES if not code.startswith(OF_WORKSPACE)} - NO_CASE
    assert found == wanted


@pytest.mark.parametrize("code", PAGES)
def test_a_page_has_its_title_and_the_same_headings(code: str) -> None:
    article = {"error": "an error", "warning": "a warning"}[CODES[code].severity]
    text = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CODES[code].title}\n\n")
    assert explanation(code).title == CODES[code].title
    assert [heading for heading, _ in sections(code)] == [
        "What it means",
        f"Why it is {article}",
        "Example",
        "Use instead",
    ]
    assert all(content.strip() for _, content in sections(code))
    assert max(map(len, text.splitlines())) <= 88


@pytest.mark.parametrize("code", COMPILED)
def test_an_example_has_its_fault_and_no_other(code: str) -> None:
    assert compiled(example(code)) == {code}
    assert compiled(mended(code)) == set()


def compiled(given: list[Block]) -> set[str]:
    """Return the codes that the compiler finds in the schemas, for all targets."""
    assert {block.language for block in given} == {"yaml"}
    schemas: Mapping[PurePosixPath, bytes] = {
        PurePosixPath(block.name or "user.yaml"): block.text.encode() for block in given
    }
    targets = [target_factory(name)({}) for name in TARGETS]
    outcome = compile(list(schemas), schemas.get, targets)
    return {diagnostic.code for diagnostic in outcome.diagnostics}


@pytest.mark.parametrize("code", IN_A_FOLDER)
def test_a_command_reports_its_fault_and_no_other(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    *before, last = run(example(code))
    assert (before, last) == ([set()] * len(before), {code})
    after = run(mended(code))
    assert after == [set()] * len(after)
    assert after


def run(given: list[Block]) -> list[set[str]]:
    """Write the files, run the commands; return the codes that each idlgen reported."""
    reported = []
    for block in given:
        if block.language == "console":
            reported += [*commands(block.text)]
        else:
            path = Path(block.name or "user.yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    return reported


def commands(console: str) -> Iterator[set[str]]:
    for line in console.splitlines():
        assert line.startswith("$ ")
        words = shlex.split(line.removeprefix("$ "))
        if words[0] == "idlgen":
            yield idlgen(words[1:])
        else:
            subprocess.run(line.removeprefix("$ "), shell=True, check=True)


def idlgen(arguments: list[str]) -> set[str]:
    result = CliRunner().invoke(application, ["--output-format", "json", *arguments])
    findings = json.loads(result.stdout or "[]")
    assert result.exit_code in ((1, 2) if findings else (0,)), result.output
    return {finding["code"] for finding in findings}


@pytest.mark.parametrize("code", NOT_RUN)
def test_a_fault_that_no_text_can_show_is_told(code: str) -> None:
    assert sections(code)[2][1].startswith("No example can be run: ")
    assert not example(code)
    assert not mended(code)
