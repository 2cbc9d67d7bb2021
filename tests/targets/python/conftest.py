"""Compiles a schema with the target under test alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from textwrap import dedent

import pytest

from idlgen.compiler import Outcome, compile
from idlgen.targets.python.target import PythonTarget

Render = Callable[..., dict[str, str]]


def compiled(schemas: Mapping[str, str], **options: object) -> Outcome:
    sources = {f"{name}.yaml": dedent(text).encode() for name, text in schemas.items()}
    return compile(
        [PurePosixPath(path) for path in sources],
        lambda path: sources.get(str(path)),
        [PythonTarget(options)],
    )


@pytest.fixture(name="compiled")
def _compiled() -> Callable[..., Outcome]:
    """`compiled({"user": text})`: the outcome, diagnostics included."""
    return compiled


@pytest.fixture
def render() -> Render:
    """`render(text)`: the files of package `user`, by name without the folder."""

    def rendered(text: str, **options: object) -> dict[str, str]:
        outcome = compiled({"user": text}, **options)
        assert outcome.diagnostics == ()
        return {
            file.path.removeprefix("user/"): file.body
            for file in outcome.files
            if file.path.startswith("user/")
        }

    return rendered
