"""How the tests of the target render schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from textwrap import dedent

import pytest

from idlgen.compiler import compile
from idlgen.targets.typescript.target import TypeScriptTarget

Render = Callable[..., Mapping[str, str]]


@pytest.fixture
def render() -> Render:
    """`render(schema)`: the files of a schema's text, by their paths."""

    def render(schema: str, **options: object) -> Mapping[str, str]:
        source = dedent(schema).encode()
        path = PurePosixPath("schema.yaml")
        outcome = compile([path], lambda _: source, [TypeScriptTarget(options)])
        assert outcome.diagnostics == ()
        return {file.path: file.body for file in outcome.files}

    return render
