"""Whatever a schema says never becomes code, in Python or in TypeScript."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.e2e.hostile.conftest import python_shape
from tests.e2e.hostile.schema import (
    EVERY,
    HOSTILE,
    PACKAGES,
    at_once,
    harmless,
    wire_name,
)

MODULES = ("types", "errors", "_service", "client", "server", "testing")


def test_the_table_is_long_and_holds_each_text_once() -> None:
    assert len({*EVERY}) == len(EVERY) >= 40


@pytest.mark.parametrize("package", HOSTILE)
def test_text_never_becomes_python(package: str, folder: Path) -> None:
    for module in MODULES:
        before = python_shape(folder / "hostile" / harmless(package) / f"{module}.py")
        after = python_shape(folder / "hostile" / package / f"{module}.py")
        assert after == before, module


Token = tuple[str, str, str]


Scan = Callable[[Callable[[str], str]], dict[str, list[Token]]]


@pytest.fixture(scope="module")
def scan(folder: Path, root: Path, node: str, tsc: str) -> Scan:
    """What TypeScript's scanner finds in each package, comments and spaces left out.

    The file is the one that `scan` is told of each package, such as `a/a.d.ts`.
    """

    def scan(path: Callable[[str], str]) -> dict[str, list[Token]]:
        files = [folder / "hostile" / path(name) for name in PACKAGES]
        done = subprocess.run(
            [node, root / "tests/node/tokens.mjs", *files],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        found = [[tuple(token) for token in each] for each in json.loads(done.stdout)]
        return dict(zip(PACKAGES, found, strict=True))

    return scan


@pytest.fixture(scope="module")
def tokens(scan: Scan) -> dict[str, list[Token]]:
    """What is found in the declarations of each package."""
    return scan(lambda name: f"{name}/{name}.d.ts")


def typescript_shape(tokens: Sequence[Token]) -> list[str]:
    """The tokens with every string the same."""
    shape = ["text" if kind == "StringLiteral" else text for kind, text, _ in tokens]
    # A union that does not fit on a line has a bar before its first member too, and a
    # list a comma after its last.
    return [
        text
        for before, text, after in zip(
            ["", *shape], shape, [*shape[1:], ""], strict=False
        )
        if (before, text) != ("=", "|")
        and (text, after) not in ((",", ")"), (",", "]"), (",", "}"))
    ]


CLIENT_MODULES = ("types", "errors", "_service", "client", "index")


@pytest.mark.parametrize("module", CLIENT_MODULES)
def test_text_never_becomes_a_client(module: str, scan: Scan) -> None:
    tokens = scan(lambda name: f"{name}/{module}.ts")
    for package in HOSTILE:
        before = typescript_shape(tokens[harmless(package)])
        assert typescript_shape(tokens[package]) == before, package


@pytest.mark.parametrize("package", HOSTILE)
def test_text_never_becomes_typescript(
    package: str, tokens: dict[str, list[Token]]
) -> None:
    before = typescript_shape(tokens[harmless(package)])
    assert typescript_shape(tokens[package]) == before
    strings = [value for kind, _, value in tokens[package] if kind == "StringLiteral"]
    for text in PACKAGES[package]:
        # Values of two enums, tags of two unions' variants, and the key that the tags
        # of a third's two variants, and of the unknown one, stand under.
        wanted = [text] * (2 + 2 + 3)
        # The wire names of a field and of an error's field.
        wanted += [wire_name(text)] * 2
        # The key that the flat union's tag stands under.
        wanted += [text] * (text == at_once(PACKAGES[package]))
        assert sorted(each for each in strings if each in wanted) == sorted(wanted)
