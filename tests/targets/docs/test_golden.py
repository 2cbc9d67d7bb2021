from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.targets import Comment
from idlgen.targets.docs.target import DocsTarget

HERE = Path(__file__).parent
SCHEMA = HERE / "rich.yaml"


def files() -> dict[str, tuple[str, Comment]]:
    read = {PurePosixPath("rich.yaml"): SCHEMA.read_bytes()}.get
    outcome = compile([PurePosixPath("rich.yaml")], read, [DocsTarget({})])
    assert outcome.diagnostics == ()
    return {file.path: (file.body, file.comment) for file in outcome.files}


def test_a_package_makes_two_files_named_after_its_last_part() -> None:
    assert {path: comment for path, (_, comment) in files().items()} == {
        "acme/library/library.d.ts": Comment.SLASHES,
        "acme/library/library.md": Comment.XML,
    }


@pytest.mark.parametrize("name", ["library.d.ts", "library.md"])
def test_a_rich_package_reads_as_expected(name: str) -> None:
    body, _ = files()[f"acme/library/{name}"]
    assert body == (HERE / "expected" / name).read_text("utf-8")


def test_a_second_target_object_writes_the_same_bytes() -> None:
    assert files() == files()


@pytest.mark.parametrize("name", ["library.d.ts", "library.md"])
def test_the_output_has_no_loose_ends(name: str) -> None:
    body, _ = files()[f"acme/library/{name}"]
    assert body.startswith("\n")  # parts the header from it
    assert body.endswith("\n")
    assert not body.endswith("\n\n")
    assert "\n\n\n" not in body
    assert not re.search(r"[ \t]+$", body, re.MULTILINE)


@pytest.mark.parametrize("name", ["library.d.ts", "library.md"])
def test_the_output_has_no_any_and_no_switches_for_checkers(name: str) -> None:
    body, _ = files()[f"acme/library/{name}"]
    assert not re.search(r": any\b|ts-ignore|ts-nocheck|ts-expect-error", body)


def test_every_link_of_the_page_leads_to_a_heading() -> None:
    body, _ = files()["acme/library/library.md"]
    headings = re.findall(r"^#+ (.+)$", body, re.MULTILINE)
    anchors = {
        heading.lower().replace(".", "").replace(" ", "-") for heading in headings
    }
    links = set(re.findall(r"\]\(#([^)]*)\)", body))
    assert len(links) == 34
    assert links <= anchors
