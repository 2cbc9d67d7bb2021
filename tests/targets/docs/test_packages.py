from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.targets.docs.markdown_anchors import Anchors
from idlgen.targets.docs.target import DocsTarget
from tests.targets.docs.conftest import CheckTypeScript

SHOP = Path(__file__).parent / "shop"
FILES = [
    "acme/orders/orders.d.ts",
    "acme/orders/orders.md",
    "acme/shop/shop.d.ts",
    "acme/shop/shop.md",
    "common/common.d.ts",
    "common/common.md",
]


def rendered(schemas: Mapping[str, str], entry: str) -> dict[str, str]:
    """The files that the schema `entry` and all that it imports make, by their paths."""

    def read(path: PurePosixPath) -> bytes | None:
        text = schemas.get(str(path))
        return None if text is None else text.encode()

    outcome = compile([PurePosixPath(entry)], read, [DocsTarget({})])
    assert outcome.diagnostics == ()
    return {file.path: file.body for file in outcome.files}


@pytest.fixture(scope="module")
def shop() -> dict[str, str]:
    schemas = {path.name: path.read_text("utf-8") for path in SHOP.glob("*.yaml")}
    return rendered(schemas, "shop.yaml")


def test_every_package_has_its_folder(shop: dict[str, str]) -> None:
    assert sorted(shop) == FILES


@pytest.mark.parametrize("path", FILES)
def test_packages_that_import_each_other_read_as_expected(
    path: str, shop: dict[str, str]
) -> None:
    assert shop[path] == (SHOP / "expected" / path).read_text("utf-8")


@pytest.mark.parametrize("module", ["esnext", "nodenext"])
def test_declarations_accept_right_uses_and_refuse_wrong_ones(
    module: str, tmp_path: Path, check_typescript: CheckTypeScript
) -> None:
    shutil.copytree(SHOP / "expected", tmp_path, dirs_exist_ok=True)
    shutil.copy(SHOP / "consumer.ts", tmp_path)
    assert check_typescript(tmp_path, "--module", module) == ""


def test_every_link_leads_to_a_heading_of_its_page(shop: dict[str, str]) -> None:
    pages = {path: body for path, body in shop.items() if path.endswith(".md")}
    anchors = {path: {*anchors_of(body)} for path, body in pages.items()}
    across = 0
    for path, body in pages.items():
        for page, anchor in re.findall(r"\]\(([^)#]*)#([^)]*)\)", body):
            target = PurePosixPath(path).parent.joinpath(page) if page else path
            assert anchor in anchors[normal(str(target))]
            across += bool(page)
    assert across == 21


def anchors_of(page: str) -> list[str]:
    known = Anchors()
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return [known.add(heading.replace("\\", "")) for heading in headings]


def normal(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


# Words of TypeScript that a package may be called, and a name that a file uses itself.
WORDS = """
    abstract accessor any arguments as assert asserts async await bigint boolean break
    case catch class const constructor continue debugger declare default delete do else
    enum eval export extends false finally for from function get global if implements
    import in infer instanceof interface is key keyof let member module namespace never
    new null number object of out override package private protected public readonly
    require return satisfies set static string super switch symbol this throw true try
    type typeof undefined unique unknown using var void while with yield
"""


def test_packages_may_be_called_by_any_word(
    tmp_path: Path, check_typescript: CheckTypeScript
) -> None:
    names = [*WORDS.split(), "deep.name", "deep_name", "words.below"]
    schemas = {
        f"{number}.yaml": f"package: '{name}'\ntypes: {{T: {{fields: {{}}}}, E: {{enum: [a]}}}}"
        for number, name in enumerate(names)
    }
    imports = "".join(f"  p{number}: {number}.yaml\n" for number in range(len(names)))
    fields = "".join(
        f"      f{number}: p{number}.T\n      m{number}: map<p{number}.E, p{number}.T>\n"
        for number in range(len(names))
    )
    schemas["words.yaml"] = f"""
package: words
imports:
{imports}
types:
  Mine: {{name: key, fields: {{all: 'map<p0.E, Mine>'}}}}
  Own: {{name: deep_name, fields: {{}}}}
  S:
    fields:
      own: Own
{fields}"""
    files = rendered(schemas, "words.yaml")
    for path, body in files.items():
        written = tmp_path / path
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(body, "utf-8")
    (tmp_path / "uses.ts").write_text(
        'import type { S, key } from "./words/words.js";\n'
        'import type { T } from "./class/class.js";\n'
        "export const made = (s: S): T[] => Object.values(s);\n"
        "export const mine: key = { all: { a: { all: {} } } };\n"
        "// @ts-expect-error members are of the type itself\n"
        "export const other: key = { all: { a: 1 } };\n",
        "utf-8",
    )
    assert check_typescript(tmp_path) == ""
    words = files["words/words.d.ts"]
    imported = re.findall(
        r'^import type \* as (\w+) from "(.*)";$', words, re.MULTILINE
    )
    assert len(imported) == len(names)
    assert {*imported} >= {
        ("abstract", "../abstract/abstract.js"),
        ("class_", "../class/class.js"),
        ("any_", "../any/any.js"),
        ("key_", "../key/key.js"),
        ("deep_name_", "../deep/name/name.js"),
        ("deep_name__", "../deep_name/deep_name.js"),
        ("words_below", "./below/below.js"),
    }


def test_packages_are_imported_where_they_are_named(tmp_path: Path) -> None:
    schemas = {
        "far.yaml": "types: {Far: {fields: {}}}",
        "near.yaml": "imports: {far: far.yaml}\ntypes: {Near: {fields: {f: far.Far}}}",
        "here.yaml": (
            "imports: {near: near.yaml}\n"
            "types: {Here: {extends: near.Near, fields: {}}}"
        ),
    }
    files = rendered(schemas, "here.yaml")
    # The field came from a package that `here` does not import, and leads to it.
    assert (
        'import type * as far from "../far/far.js";\n\n'
        "export interface Here {\n  f: far.Far;\n}\n"
    ) in files["here/here.d.ts"]
    assert "near" not in files["here/here.d.ts"]
    assert "| `f` | [far.Far](../far/far.md#far) | yes |  |" in files["here/here.md"]
