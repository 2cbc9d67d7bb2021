"""Packages generated for one test, imported as a user imports them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module, invalidate_caches
from pathlib import PurePosixPath
from textwrap import dedent
from types import ModuleType

import pytest

from idlgen.compiler import compile
from idlgen.targets.python.target import PythonTarget

Import = Callable[[str], ModuleType]
Generate = Callable[[str], Import]


@pytest.fixture(scope="module")
def generate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generate]:
    """`generate(text)("client")`: the module `client` that the schema `text` makes."""
    path, modules = list(sys.path), set(sys.modules)

    def generated(text: str) -> Import:
        folder = tmp_path_factory.mktemp("generated")
        source = dedent(text).encode()
        outcome = compile(
            [PurePosixPath("made.yaml")], lambda _: source, [PythonTarget({})]
        )
        assert outcome.diagnostics == ()
        root = f"made_{folder.name}"
        for file in outcome.files:
            target = folder / root / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.body, encoding="utf-8")
        sys.path.insert(0, str(folder))
        invalidate_caches()
        return lambda module: import_module(f"{root}.made.{module}")

    yield generated
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith("made_"):
            del sys.modules[name]
