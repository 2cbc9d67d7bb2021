"""Every message as a file: `x.yaml` beside `x.expected`; `make bless` rewrites the latter.

A case of several files is a folder `x/` instead, all of whose schemas are compiled.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.diagnostics import Severity
from idlgen.diagnostics.render import render_text
from idlgen.targets import TARGETS, target_factory

FOLDER = Path(__file__).parent
EXPECTED = sorted(FOLDER.glob("*.expected"))
CASES = sorted(FOLDER.glob("*.yaml")) + sorted(
    {p.parent for p in FOLDER.glob("*/*.yaml")}
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_messages_for_a_faulty_schema(
    case: Path, request: pytest.FixtureRequest
) -> None:
    files = sorted(case.glob("*.yaml")) if case.is_dir() else [case]
    schemas = {PurePosixPath(file.name): file.read_bytes() for file in files}
    targets = [target_factory(name)({}) for name in TARGETS]
    outcome = compile(list(schemas), schemas.get, targets)

    rendered = render_text(outcome.diagnostics, color=False)

    expected = case.with_suffix(".expected")
    if request.config.getoption("--bless", default=False):
        expected.write_text(rendered, encoding="utf-8")
    assert rendered == expected.read_text(encoding="utf-8")
    assert outcome.diagnostics
    severities = {found.severity for found in outcome.diagnostics}
    assert bool(outcome.files) == (severities == {Severity.WARNING})


def test_each_expected_file_has_its_schema() -> None:
    assert {case.stem for case in CASES} == {file.stem for file in EXPECTED}
