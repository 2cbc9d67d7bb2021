"""How the tests of the target render schemas and call the TypeScript compiler."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol, TypeAlias

import pytest

from idlgen.compiler import compile
from idlgen.targets.docs.target import DocsTarget

STRICT = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--skipLibCheck",
    "false",
    "--target",
    "es2022",
    "--types",
    "",
]


class Docs(NamedTuple):
    """The two files that the target makes of a schema."""

    typescript: str
    markdown: str


RenderDocs: TypeAlias = Callable[[str], Docs]


class CheckTypeScript(Protocol):
    """What the compiler says of all files of a folder at once, "" where it is content."""

    def __call__(self, folder: Path, *options: str) -> str: ...


@pytest.fixture(scope="session")
def render_docs() -> RenderDocs:
    """`render_docs(schema)`: what the target makes of a schema's text, if it is right."""
    target = DocsTarget({})

    def render(schema: str) -> Docs:
        path = PurePosixPath("schema.yaml")
        outcome = compile([path], lambda _: schema.encode(), [target])
        assert outcome.diagnostics == ()
        typescript, markdown = outcome.files
        return Docs(typescript.body, markdown.body)

    return render


@pytest.fixture(scope="session")
def check_typescript(node: str, tsc: str) -> CheckTypeScript:
    """`check_typescript(folder)`; see there."""

    def check(folder: Path, *options: str) -> str:
        files = sorted(str(path) for path in folder.rglob("*.ts"))
        assert files
        command = [node, tsc, *STRICT, *options, *files]
        done = subprocess.run(command, capture_output=True, text=True)
        said = done.stdout + done.stderr
        return said if done.returncode == 0 else said or f"exit code {done.returncode}"

    return check
