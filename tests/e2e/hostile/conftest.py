"""Packages of hostile texts, which one run of the real command wrote.

One package for each text of the table, one that holds them all, and the same with
harmless texts: only strings and comments may tell them apart.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e.hostile.schema import PACKAGES, schema, yaml

Build = Callable[[Path, Sequence[str]], None]


@pytest.fixture(scope="session")
def build(root: Path) -> Build:
    """`build(folder, schemas)`: what they become is in the folder's `hostile`."""

    def build(folder: Path, schemas: Sequence[str]) -> None:
        command = [sys.executable, "-m", "idlgen", "build", "--out", "hostile"]
        for target in ("python", "docs", "typescript"):
            command += ["--target", target]
        environment = {**os.environ, "PYTHONPATH": str(root)}
        done = subprocess.run(
            [*command, *schemas],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout

    return build


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, build: Build) -> Path:
    """The folder above `hostile`."""
    folder = tmp_path_factory.mktemp("texts")
    for package, texts in PACKAGES.items():
        text = yaml(schema(package, texts))
        (folder / f"{package}.yaml").write_text(text, "utf-8")
    build(folder, [f"{package}.yaml" for package in PACKAGES])
    return folder


class Loaded(NamedTuple):
    """The modules of one package."""

    types: Any
    errors: Any
    client: Any
    server: Any
    testing: Any


Load = Callable[[str], Loaded]


@pytest.fixture(scope="session")
def load(folder: Path) -> Iterator[Load]:
    """`load(package)`: its modules; the working folder is the canary's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.chdir(folder)

        def load(package: str) -> Loaded:
            names = [f"hostile.{package}.{module}" for module in Loaded._fields]
            return Loaded(*map(import_module, names))

        yield load
    assert not [*folder.rglob("canary*")]


def python_shape(path: Path) -> str:
    """The module's syntax tree with every string the same."""
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = "text"
    return ast.dump(tree)
