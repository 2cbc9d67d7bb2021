"""The manual tells the truth: its schemas compile, its code is what they become."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

import idlgen.runtime
from idlgen.compiler import Outcome, compile
from idlgen.diagnostics.codes import CODES
from idlgen.model import Status
from idlgen.resolve.builtins import SCALARS
from idlgen.syntax import forms
from idlgen.syntax.idl_schema import idl_schema_path
from idlgen.targets import TARGETS, target_factory

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/language.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n((?:.*\n)*?)```$", re.MULTILINE)


class Example(NamedTuple):
    """A schema of the page, and the code blocks that follow it.

    `code` is what the schema becomes; `programs` are those with a file's name, which
    use it.
    """

    line: int
    path: PurePosixPath
    code: list[str]
    programs: dict[str, str]


def read_page() -> tuple[dict[PurePosixPath, str], list[Example]]:
    """Return the schemas of the page by path, and its examples.

    A schema without a name is `user.yaml`, in a folder of its own so that each has a
    path; the others lie beside each other, for they import each other.
    """
    schemas: dict[PurePosixPath, str] = {}
    found: list[Example] = []
    for fence in FENCE.finditer(PAGE):
        language, name, text = fence.groups()
        line = PAGE.count("\n", 0, fence.start()) + 1
        if language == "yaml":
            path = PurePosixPath(name or f"line{line}/user.yaml")
            assert path not in schemas
            schemas[path] = whole(text)
            found.append(Example(line, path, [], {}))
        elif name is not None:
            assert (language, PurePosixPath(name).suffix) == ("python", ".py")
            found[-1].programs[name] = text
        else:
            assert language in ("python", "typescript")
            found[-1].code.append(text)
    return schemas, found


def whole(schema: str) -> str:
    """Put what begins with a capital letter under `types:`, as the page says."""
    if not schema[0].isupper():
        return schema
    return "types:\n" + "".join(f"  {line}\n" for line in schema.splitlines())


SCHEMAS, EXAMPLES = read_page()


def compiled(path: PurePosixPath, schemas: dict[PurePosixPath, str]) -> Outcome:
    content = {path: text.encode() for path, text in schemas.items()}
    targets = [target_factory(name)({}) for name in TARGETS]
    return compile([path], content.get, targets)


def shown(examples: list[Example]) -> pytest.MarkDecorator:
    ids = [f"line {example.line}" for example in examples]
    return pytest.mark.parametrize("example", examples, ids=ids)


@shown(EXAMPLES)
def test_its_schemas_compile(example: Example) -> None:
    assert compiled(example.path, SCHEMAS).diagnostics == ()


@shown(EXAMPLES)
def test_its_code_is_what_the_schema_becomes(example: Example) -> None:
    files = compiled(example.path, SCHEMAS).files
    generated = [without_blanks(file.body) for file in files]
    for code in example.code:
        for definition in re.split(r"\n\n+(?=\S)", code):
            found = [without_blanks(definition) in body for body in generated]
            assert any(found), definition


@shown([example for example in EXAMPLES if example.programs])
def test_its_programs_run(example: Example, tmp_path: Path) -> None:
    for file in compiled(example.path, SCHEMAS).files:
        path = tmp_path / "generated" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.body, encoding="utf-8")
    for name, text in example.programs.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        run = subprocess.run(
            [sys.executable, name],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        assert (run.returncode, run.stderr) == (0, "")


def without_blanks(text: str) -> str:
    """Return the lines, each after a line end, so that only whole ones are found."""
    return "\n" + "".join(f"{line}\n" for line in text.splitlines() if line.strip())


def test_most_schemas_show_what_they_become() -> None:
    assert len([it for it in EXAMPLES if len(it.code) >= 2]) >= 20
    assert sum(len(it.programs) for it in EXAMPLES) >= 4


def table(heading: str, column: str) -> list[list[str]]:
    """Return the rows of the table under `heading` whose first column is `column`."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    _, _, after = section.partition(f"| {column} |")
    rows = after.split("\n\n")[0].splitlines()[2:]
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows
    ]


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_table_of_scalars_is_true() -> None:
    rows = table("Scalars", "idl")
    params, python, typescript = {}, {}, {}
    for idl, in_python, in_typescript, _ in rows:
        for scalar in words(idl):
            params[f"p_{scalar}"] = f"list<{scalar}>"
            (python[scalar],) = words(in_python)
            (typescript[scalar],) = words(in_typescript)
    assert params.keys() == {f"p_{scalar}" for scalar in SCALARS}
    path = PurePosixPath("scalars.yaml")
    schema = {"services": {"S": {"methods": {"m": {"params": params}}}}}
    files = compiled(path, {path: json.dumps(schema)}).files
    (client,) = (file.body for file in files if file.path.endswith("/client.py"))
    (interface,) = (file.body for file in files if file.path.endswith(".d.ts"))
    for scalar in SCALARS:
        assert f" p_{scalar}: list[{python[scalar]}]," in client
        assert f" p_{scalar}: {typescript[scalar]}[]," in interface


def test_the_table_of_statuses_is_true() -> None:
    schema = json.loads(idl_schema_path().read_text(encoding="utf-8"))
    told = schema["definitions"]["error"]["properties"]["status"]
    meanings = dict(zip(told["enum"], told["enumDescriptions"], strict=True))
    rows = table("Errors", "Status")
    assert [words(row[0]) for row in rows] == [[status.value] for status in Status]
    for (status,), (name,), meaning in [
        (words(row[0]), words(row[1]), row[2]) for row in rows
    ]:
        assert meaning == meanings[status]
        error = getattr(idlgen.runtime, name)
        assert issubclass(error, idlgen.runtime.RpcError)
        assert error.status == status


def test_every_key_of_the_language_is_told() -> None:
    told = {word for code in words(PAGE) for word in re.findall(r"\w+", code)}
    told.update(re.findall(r"[\w]+(?=:)", PAGE))
    declared = [it for it in vars(forms).values() if isinstance(it, forms.Form)]
    assert set().union(*(form.keys for form in declared)) - told == set()


def test_every_code_that_it_names_is_known() -> None:
    named = set(re.findall(r"IDL\d+", PAGE))
    assert len(named) > 10
    assert named <= CODES.keys()


def test_its_links_lead_somewhere() -> None:
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    anchors = [heading.lower().replace(" ", "-") for heading in headings]
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        if target.startswith("#"):
            assert target[1:] in anchors
        elif not target.startswith("https://"):
            assert (ROOT / "docs" / target.partition("#")[0]).exists()
    contents = re.findall(r"\]\(#([^)]+)\)", PAGE.split("\n## ")[0])
    assert contents == anchors
