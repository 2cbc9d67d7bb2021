"""Every message as a file: `x.yaml` beside `x.expected`; `make bless` rewrites the latter."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.diagnostics.render import render_text

CASES = sorted(Path(__file__).parent.glob("*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_messages_for_a_faulty_schema(
    case: Path, request: pytest.FixtureRequest
) -> None:
    outcome = compile([PurePosixPath(case.name)], lambda _: case.read_bytes(), [])

    rendered = render_text(outcome.diagnostics, color=False)

    expected = case.with_suffix(".expected")
    if request.config.getoption("--bless", default=False):
        expected.write_text(rendered, encoding="utf-8")
    assert rendered == expected.read_text(encoding="utf-8")
    assert outcome.diagnostics
    assert not outcome.files


def test_each_expected_file_has_its_schema() -> None:
    schemas = {case.stem for case in CASES}

    assert {e.stem for e in CASES[0].parent.glob("*.expected")} == schemas
