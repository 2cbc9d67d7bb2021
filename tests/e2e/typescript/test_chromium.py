"""The programs of `programs/` in a real browser, on a page of another origin."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

# The others are about node, or about servers that are written in it.
IN_BROWSERS = [
    *("user", "kitchen", "streams", "batch", "shapes", "limits"),
    *("credentials", "pages", "validation"),
]

# One browser for all.
pytestmark = pytest.mark.xdist_group("chromium")


class Report(msgspec.Struct):
    """How many tests ran, which failed, and what the console shows as errors."""

    count: int
    failures: list[str]
    errors: list[str]


Browse = Callable[[str, Sequence[str]], Report]


@pytest.fixture(scope="session")
def browse(
    project: Path, url: str, root: Path, node: str, chromium: str
) -> Iterator[Browse]:
    """`browse(page, ["user.test"])`: load the page and run the programs there."""
    command = [node, str(root / "tests/node/chromium.mjs"), chromium]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        given, told = process.stdin, process.stdout

        def browse(page: str, names: Sequence[str]) -> Report:
            programs = [f"{project}/{name}.js" for name in names]
            line = {"page": page, "programs": programs, "env": {"URL": url}}
            given.write(json.dumps(line).encode() + b"\n")
            given.flush()
            answer = told.readline()
            assert answer, "the program that runs the browser has ended"
            return msgspec.json.decode(answer, type=Report)

        yield browse
        given.close()


def test_programs_on_a_page_of_another_origin(browse: Browse, pages: int) -> None:
    names = [f"{name}.test" for name in IN_BROWSERS]
    report = browse(f"http://127.0.0.1:{pages}/", names)
    assert report.failures == []
    assert report.errors == []
    assert report.count > 110


def test_a_page_of_an_origin_that_is_not_known(browse: Browse, pages: int) -> None:
    report = browse(f"http://localhost:{pages}/", ["elsewhere.page"])
    assert report.failures == []
    assert report.count == 2
    told = "\n".join(report.errors)
    assert "blocked by CORS policy" in told
    assert "WebSocket connection to" in told
