"""How the tests of the target render schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from textwrap import dedent
from typing import Any, Protocol, TypeAlias

import pytest

from idlgen.compiler import compile
from idlgen.targets import RenderedFile
from idlgen.targets.openrpc.target import OpenRpcTarget

Document: TypeAlias = dict[str, Any]
RenderFiles: TypeAlias = Callable[[Mapping[str, str]], dict[str, RenderedFile]]
Components: TypeAlias = Callable[[str], Document]


class Render(Protocol):
    """`render(schema)`: the document of the one package of a schema's text."""

    def __call__(self, schema: str, **options: object) -> Document: ...


def rendered(
    schemas: Mapping[str, str], options: Mapping[str, object]
) -> dict[str, RenderedFile]:
    sources = {name: dedent(text).encode() for name, text in schemas.items()}
    outcome = compile(
        [PurePosixPath(name) for name in sources],
        lambda path: sources.get(str(path)),
        [OpenRpcTarget(options)],
    )
    assert outcome.diagnostics == ()
    return {file.path: file for file in outcome.files}


def parsed(file: RenderedFile) -> Document:
    """Return the document without the header that begins its object."""
    document: Document = json.loads("{" + file.body)
    return document


@pytest.fixture
def render_files() -> RenderFiles:
    """`render_files({"user.yaml": text})`: the files, by path."""
    return lambda schemas: rendered(schemas, {})


@pytest.fixture
def render() -> Render:
    """See `Render`."""

    def render(schema: str, **options: object) -> Document:
        (file,) = rendered({"pkg.yaml": schema}, options).values()
        return parsed(file)

    return render


@pytest.fixture
def components(render: Render) -> Components:
    """`components(types)`: the schemas of the types, by their names in package `pkg`."""

    def components(types: str) -> Document:
        text = f"types:\n{dedent(types)}".replace("\n", "\n  ")
        found = render(f"{text}\nservices: {{S: {{methods: {{go: }}}}}}\n")
        schemas = found["components"]["schemas"]
        return {name.removeprefix("pkg."): schema for name, schema in schemas.items()}

    return components
